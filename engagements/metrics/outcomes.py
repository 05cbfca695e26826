"""Progress of an agreed outcome: from a baseline along a straight line to a target on a day.

A line may go up or down; its direction follows from baseline and target. A figure that was not observed
is None and never 0. Nothing here is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

NONE, WHOLE = Decimal(0), Decimal(1)
PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """What was agreed: `baseline` as measured on `since`, `target` on `due`, in the outcome's own unit.

    Raises ValueError where both are equal, or the due day is not after the first.
    """

    baseline: Decimal
    since: date
    target: Decimal
    due: date

    def __post_init__(self) -> None:
        if self.baseline == self.target or self.since >= self.due:
            raise ValueError("an outcome line needs a change and a span")

    def progress(self, value: Decimal) -> Decimal:
        """The share of the way made: 0 at the baseline, 1 at the target, below 0 when it got worse."""
        return (value - self.baseline) / (self.target - self.baseline)

    def progress_due(self, day: date) -> Decimal:
        """The share of the way that is due on `day`: 0 to 1, straight."""
        share = Decimal((day - self.since).days) / (self.due - self.since).days
        return max(NONE, min(WHOLE, share))

    def expected(self, day: date) -> Decimal:
        """The value the straight line has on `day`."""
        return self.baseline + (self.target - self.baseline) * self.progress_due(day)

    def is_met(self, value: Decimal) -> bool:
        return self.progress(value) >= 1


def line_of(baseline: Decimal | None, since: date | None, target: Decimal | None, due: date | None) -> OutcomeLine | None:
    """Return the line, or None while a part of it is missing or it leads nowhere."""
    if baseline is None or since is None or target is None or due is None:
        return None
    return OutcomeLine(baseline, since, target, due) if baseline != target and since < due else None


def observed_value(numerator: Decimal, denominator: Decimal | None, *, as_percent: bool) -> Decimal | None:
    """Return what an observation says: numerator / denominator, in percent where the unit is; None over 0.

    Without a denominator the numerator is the value itself.
    """
    if denominator is None:
        return numerator
    if not denominator:
        return None
    return numerator / denominator * (PERCENT if as_percent else 1)


def outcome_score(line: OutcomeLine, value: Decimal, today: date) -> Decimal:
    """Return 0 to 100: progress made / progress due by `today`, at most 100.

    While nothing is due yet, 100 unless it got worse.
    """
    made, due = line.progress(value), line.progress_due(today)
    if not due:
        return PERCENT if made >= 0 else NONE
    return max(NONE, min(PERCENT, PERCENT * made / due))


def next_observation_due(last_end: date | None, since: date, cadence_days: int) -> date:
    """Return the day by which the next observation is owed: one cadence after the last period, else after `since`."""
    return (last_end or since) + timedelta(days=cadence_days)


def freshness(last_end: date | None, today: date, cadence_days: int | None) -> Decimal:
    """Return how much an observation still counts: 1 for a cadence after its period, then linearly to 0 over one more.

    Without a cadence it never ages.
    """
    if last_end is None:
        return NONE
    if cadence_days is None:
        return WHOLE
    left = Decimal(2 * cadence_days - (today - last_end).days) / cadence_days
    return max(NONE, min(WHOLE, left))


def breaks(reading: Decimal, limit: Decimal, *, at_most: bool) -> bool:
    """Whether a guardrail's reading lies beyond its limit; the limit itself is still within."""
    return reading > limit if at_most else reading < limit
