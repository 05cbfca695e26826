"""What a piece of work reached so far: first value, first accepted outcome, and what one accepted outcome costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyroaring import BitMap

from engagements.metrics.adoption import Days
from engagements.metrics.firsts import TimeToValue
from engagements.metrics.quality import Outcomes, cost_per_accepted


@dataclass(frozen=True, slots=True)
class Reached:
    """As of a local day, counted from the day the work began.

    `first_value_on`: the first use by a person it is meant for, or by anybody counted where nobody is named.
    `people`: those people's own time to value, None where nobody is named. `first_accepted_on`: the first case
    accepted as it was or edited. `outcomes` are those of the days from `costed_from` on, `operating_cost` is what these
    days cost to run with their share of delivery; None where no case says so.
    """

    begun_on: date
    as_of: date
    first_value_on: date | None
    people: TimeToValue | None
    first_accepted_on: date | None
    costed_from: date
    outcomes: Outcomes
    operating_cost: Decimal | None

    @property
    def days_to_value(self) -> int | None:
        return _days(self.begun_on, self.first_value_on)

    @property
    def days_to_accepted(self) -> int | None:
        return _days(self.begun_on, self.first_accepted_on)

    @property
    def cost_of_one(self) -> Decimal | None:
        """None without a cost, or without an accepted outcome: that is not free."""
        return None if self.operating_cost is None else cost_per_accepted(self.operating_cost, self.outcomes)


def _days(begun: date, reached: date | None) -> int | None:
    """Whole days; what was there before the beginning took none."""
    return None if reached is None else max(0, (reached - begun).days)


def first_use(days: Days, people: BitMap | None) -> date | None:
    """Return the first day on which one of `people` was active; anybody where nobody is named."""
    return min((day for day, actors in days.items() if (actors & people if people is not None else actors)), default=None)
