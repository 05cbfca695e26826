"""Internal rates of return, and present values of dated flows.

A rate is found in floats and rounded once, on its way out; money stays Decimal. A rate of return can be
missing, or be one of several: the net present value (`roi.present_value`) is the figure that decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pyxirr

from engagements.metrics.rounding import round_half_up

DatedFlows = Sequence[tuple[date, Decimal]]

DAYS_PER_YEAR = 365
SHORTEST_SPAN_DAYS = 90
PLACES = 9

# Where rates are looked for: from nearly everything lost to a ten-thousandfold, in even steps of log(1 + rate).
LOWEST, HIGHEST, STEPS = math.log(0.001), math.log(10_000), 800
ALMOST_ZERO = 1e-9


@dataclass(frozen=True, slots=True)
class Return:
    """A yearly rate (0.1 is 10 %), None where there is none between -99.9 % and the ten-thousandfold.

    `is_ambiguous`: further rates solve the same flows. `is_too_short`: the span is below 90 days,
    over which a yearly rate says nothing; then `rate` is None.
    """

    rate: Decimal | None
    is_ambiguous: bool = False
    is_too_short: bool = False


def irr(flows: Sequence[Decimal]) -> Return:
    """Return the rate at which periodic flows, the first one now, are worth nothing.

    None without a change of sign. Of several rates the smallest that is not negative counts, else the
    negative one nearest 0.
    """
    amounts = [float(flow) for flow in flows]
    return _return_of(amounts, [float(at) for at in range(len(amounts))])


def xirr(flows: DatedFlows) -> Return:
    """Return the yearly rate of dated flows in any order: actual days / 365 from the earliest.

    The rules of `irr` hold; below 90 days no rate is given.
    """
    if _span(flows) < SHORTEST_SPAN_DAYS:
        return Return(None, is_too_short=True)
    start = min(day for day, _ in flows)
    # Sums that round differently would make the order of flows matter.
    ordered = sorted(flows)
    return _return_of([float(flow) for _, flow in ordered], [(day - start).days / DAYS_PER_YEAR for day, _ in ordered])


def xnpv(flows: DatedFlows, rate: Decimal) -> Decimal:
    """Return the value of dated flows on the earliest day, actual days / 365, at a yearly rate.

    0 without flows. Raises ValueError for a rate of -1 or less.
    """
    if rate <= -1:
        raise ValueError("a discount rate must be above -1")
    start = min((day for day, _ in flows), default=None)
    return sum((flow / (1 + rate) ** (Decimal((day - start).days) / DAYS_PER_YEAR) for day, flow in flows), Decimal(0))


def _span(flows: DatedFlows) -> int:
    days = [day for day, _ in flows]
    return (max(days) - min(days)).days if days else 0


def _return_of(amounts: Sequence[float], times: Sequence[float]) -> Return:
    if not (min(amounts, default=0) < 0 < max(amounts, default=0)):
        return Return(None)
    flows = _FloatFlows(amounts, times)
    found = [flows.solve(guess) for guess in flows.guesses()]
    # A rate at which the value only touches zero shows no change of sign: the solver is asked without a guess.
    roots = [rate for rate in found or [flows.solve(None)] if rate is not None and flows.is_root(rate)]
    if not roots:
        return Return(None)
    best = min(roots, key=lambda rate: (rate < 0, abs(rate)))
    return Return(round_half_up(Decimal(best), PLACES), is_ambiguous=len(set(roots)) > 1)


@dataclass(frozen=True, slots=True)
class _FloatFlows:
    """Flows inside the solver: floats, and years from the first one."""

    amounts: Sequence[float]
    times: Sequence[float]

    def value(self, growth: float) -> float:
        """The present value at log(1 + rate) = `growth`."""
        return sum(amount * math.exp(-growth * time) for amount, time in zip(self.amounts, self.times, strict=True))

    def guesses(self) -> list[float]:
        """A rate close to each one at which the value changes its sign."""
        step = (HIGHEST - LOWEST) / STEPS
        grid = [LOWEST + step * at for at in range(STEPS + 1)]
        values = [self.value(growth) for growth in grid]
        pairs = zip(grid, values, values[1:], strict=False)
        return [math.expm1(low + step / 2) for low, one, other in pairs if one == 0 or one * other < 0]

    def solve(self, guess: float | None) -> float | None:
        # The solver takes dates and counts actual/365: days of a fixed calendar stand for the times.
        first = date(2000, 1, 1).toordinal()
        days = [date.fromordinal(first + round(time * DAYS_PER_YEAR)) for time in self.times]
        return pyxirr.xirr(days, self.amounts, guess=guess, silent=True)

    def is_root(self, rate: float) -> bool:
        growth = math.log1p(rate) if -1 < rate < math.inf else math.nan
        if not LOWEST <= growth <= HIGHEST:
            return False
        scale = sum(abs(amount) * math.exp(-growth * time) for amount, time in zip(self.amounts, self.times, strict=True))
        return abs(self.value(growth)) <= ALMOST_ZERO * scale
