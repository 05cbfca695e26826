"""One line of a value case: fixed amounts, or a product of named drivers; its scenarios, and what moves the whole.

Every input has a cautious (`low`), an expected and a hopeful (`high`) end: of a cost the cautious end is
the dearer one. The value of a case is linear in each of its lines, so each line needs one factor and one
schedule. Money is Decimal; the simulation alone works in floats, and rounds once on its way out.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from engagements.metrics.roi import CashFlow, Flows, adjusted_benefit, adjusted_cost, cash_flow, present_value, summed
from engagements.metrics.rounding import round_half_up

ONE = Decimal(1)
MINUTES_PER_HOUR = 60
DRAWS = 10_000
CENTS = 2


class Scenario(StrEnum):
    LOW = "low"
    EXPECTED = "expected"
    HIGH = "high"


class Unit(StrEnum):
    """What a driver counts. Minutes become hours, shares are 0 to 1."""

    COUNT = "count"
    SHARE = "share"
    MINUTES = "minutes"
    HOURS = "hours"
    MONEY_PER_HOUR = "money_per_hour"
    MONEY = "money"


MONEY_UNITS = frozenset({Unit.MONEY_PER_HOUR, Unit.MONEY})


@dataclass(frozen=True, slots=True)
class Driver:
    """One input of a product. Lines that name the same key share it."""

    key: str
    unit: Unit
    low: Decimal
    expected: Decimal
    high: Decimal

    def at(self, scenario: Scenario) -> Decimal:
        return {Scenario.LOW: self.low, Scenario.EXPECTED: self.expected, Scenario.HIGH: self.high}[scenario]


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its schedule: what it is worth in each period, from time 0 on, when its factor is 1.

    `drivers` multiply to the factor; a line of fixed amounts has one, its range around 1. `share` is what
    of it counts: attribution x capture x confidence x exchange rate. `risk` cuts a benefit and raises a cost.
    """

    key: str
    is_benefit: bool
    is_hours: bool
    drivers: tuple[Driver, ...]
    schedule: Flows
    share: Decimal
    risk: Decimal

    def factor(self, inputs: Mapping[str, Decimal]) -> Decimal:
        return product(inputs.get(driver.key, driver.expected) for driver in self.drivers) / self.divisor

    @property
    def divisor(self) -> int:
        return MINUTES_PER_HOUR ** sum(driver.unit == Unit.MINUTES for driver in self.drivers)

    def flows(self, inputs: Mapping[str, Decimal]) -> tuple[Decimal, ...]:
        """What the line counts for in each period, positive for benefits and for costs alike."""
        worth = self.factor(inputs) * self.share
        amounts = tuple(weight * worth for weight in self.schedule)
        return adjusted_benefit(amounts, self.risk) if self.is_benefit else adjusted_cost(amounts, self.risk)

    def hours(self, inputs: Mapping[str, Decimal]) -> tuple[Decimal, ...] | None:
        """Gross hours in each period, before anything is weighed; None for a line that counts none."""
        counted = [driver for driver in self.drivers if driver.unit not in MONEY_UNITS]
        if not self.is_hours or not any(driver.unit in (Unit.MINUTES, Unit.HOURS) for driver in counted):
            return None
        worth = product(inputs.get(driver.key, driver.expected) for driver in counted) / self.divisor
        return tuple(weight * worth for weight in self.schedule)


def product(values: object) -> Decimal:
    return math.prod(values, start=ONE)


def inputs_of(lines: Sequence[Line], scenario: Scenario) -> dict[str, Decimal]:
    """Every input of a case at one end."""
    return {key: driver.at(scenario) for key, driver in drivers_of(lines).items()}


def flow_of(lines: Sequence[Line], rate: Decimal, periods: int, inputs: Mapping[str, Decimal] | None = None) -> CashFlow:
    """Return the table of a case; `inputs` replace expected values by their keys."""
    given = inputs or {}
    benefits = [line.flows(given) for line in lines if line.is_benefit]
    costs = [line.flows(given) for line in lines if not line.is_benefit]
    return cash_flow(summed(benefits), summed(costs), rate, periods)


def cash_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines of a cash view: hours released are capacity, not cash."""
    return [line for line in lines if not line.is_hours]


@dataclass(frozen=True, slots=True)
class Move:
    """What one input does to the net present value when it alone goes to either end."""

    key: str
    low: Decimal
    high: Decimal

    @property
    def spread(self) -> Decimal:
        return abs(self.high - self.low)


def moves(lines: Sequence[Line], rate: Decimal, periods: int, inputs: Mapping[str, Decimal] | None = None) -> list[Move]:
    """Return each input that has a range, the one with the largest effect first; names decide between equals.

    The others stand at `inputs`, where they are tried, else at what is expected of them.
    """
    given = inputs or {}
    found = [
        Move(key, *(flow_of(lines, rate, periods, {**given, key: end}).npv for end in (driver.low, driver.high)))
        for key, driver in drivers_of(lines).items()
        if driver.low != driver.high
    ]
    return sorted(found, key=lambda move: (-move.spread, move.key))


def drivers_of(lines: Sequence[Line]) -> dict[str, Driver]:
    """Each input of a case once: one that several lines share is the same one."""
    return {driver.key: driver for line in lines for driver in line.drivers}


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentiles of the net present value over the draws, and the share of draws above zero."""

    p10: Decimal
    p50: Decimal
    p90: Decimal
    above_zero: Decimal


def simulate(lines: Sequence[Line], rate: Decimal, periods: int, *, seed: int, draws: int = DRAWS) -> Spread:
    """Draw every input from the triangle of its low, expected and high, all at once, `draws` times.

    The same lines and seed give the same result. Percentiles are nearest ranks. Raises ValueError below one draw.
    """
    if draws < 1:
        raise ValueError("a simulation needs a draw")
    chance = random.Random(seed)
    triangles = {key: _triangle(driver) for key, driver in drivers_of(lines).items()}
    weighed = [(_worth_of_one(line, rate, periods), [driver.key for driver in line.drivers]) for line in lines]

    def drawn() -> float:
        inputs = {key: chance.triangular(*triangle) for key, triangle in triangles.items()}
        return sum(worth * math.prod(inputs[key] for key in keys) for worth, keys in weighed)

    totals = sorted(drawn() for _ in range(draws))
    ranks = [totals[math.ceil(draws * share) - 1] for share in (0.1, 0.5, 0.9)]
    p10, p50, p90 = (round_half_up(Decimal(total), CENTS) for total in ranks)
    above = sum(total > 0 for total in totals)
    return Spread(p10, p50, p90, Decimal(above) / draws)


def _worth_of_one(line: Line, rate: Decimal, periods: int) -> float:
    """What the line adds to the net present value per unit of its factor."""
    plain = Line(line.key, line.is_benefit, line.is_hours, (), line.schedule, line.share, line.risk)
    worth = present_value(plain.flows({}), rate, periods=periods) / line.divisor
    return float(worth if line.is_benefit else -worth)


def _triangle(driver: Driver) -> tuple[float, float, float]:
    """Lowest, highest and likeliest value, as the generator wants them."""
    ends = float(driver.low), float(driver.high)
    return min(ends), max(ends), float(driver.expected)


def ramped(periods: int, *, begins: int, ramp: int) -> list[Decimal]:
    """Return weights of `periods` after time 0 (which has none): 0 before `begins`, then growing evenly to 1 over `ramp` periods."""
    return [Decimal(0), *(_weight(period - begins + 1, ramp) for period in range(1, periods + 1))]


def _weight(running: int, ramp: int) -> Decimal:
    if running <= 0:
        return Decimal(0)
    return ONE if running > ramp else Decimal(running) / (ramp + 1)
