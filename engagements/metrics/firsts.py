"""From being meant to use it to the first value: activation and time to first value, with those who still wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from pyroaring import BitMap

from engagements.metrics.adoption import Days, ratio

# Actor ordinal -> local day.
Provisioned = Mapping[int, date]
HALF = Fraction(1, 2)


def first_days(days: Days) -> dict[int, date]:
    """Return actor ordinal -> first active day ever."""
    return days_of_reaching(days, 1)


def days_of_reaching(days: Days, count: int) -> dict[int, date]:
    """Return actor ordinal -> the day that was the actor's `count`-th active one; who has fewer is not in it."""
    found: dict[int, date] = {}
    # Who was active on at least 1, 2, … `count` days so far.
    levels = [BitMap() for _ in range(count)]
    for day in sorted(days):
        arrived, rising = BitMap(), days[day]
        for level in levels:
            arrived, rising = rising - level, rising & level
            level.update(arrived)
        found.update(dict.fromkeys(arrived, day))
    return found


@dataclass(frozen=True, slots=True)
class ActivationRule:
    """Who counts as activated: active on so many days within so many days of being provisioned."""

    within: int = 14
    active_days: int = 1

    @property
    def is_possible(self) -> bool:
        """Whether there are so many days: the day of being provisioned counts too."""
        return self.active_days <= self.within + 1


USUAL_RULE = ActivationRule()


@dataclass(frozen=True, slots=True)
class Activation:
    """Actors who reached the rule within the time / actors provisioned long enough ago. Younger ones are in neither."""

    reached: int
    old_enough: int
    rate: Decimal | None
    too_young: int


def activation(provisioned: Provisioned, days: Days, *, within: int, as_of: date, least_days: int = 1) -> Activation:
    """Return how many reached `least_days` active days within `within` days of being provisioned.

    The day of provisioning is day 0; an actor counts once day `within` is over. Use from before it counts
    as reached at once.
    """
    ends = {actor: day + timedelta(days=within) for actor, day in provisioned.items()}
    old = {actor: end for actor, end in ends.items() if end <= as_of}
    latest = max(old.values(), default=date.min)
    reaching = days_of_reaching({day: actors for day, actors in days.items() if day <= latest}, least_days)
    reached = sum(reaching.get(actor, date.max) <= end for actor, end in old.items())
    return Activation(reached, len(old), ratio(reached, len(old)), len(provisioned) - len(old))


@dataclass(frozen=True, slots=True)
class TimeToValue:
    """Days from provisioning to first value: the Kaplan-Meier median, None while fewer than half have arrived.

    `waiting` have not arrived; they are not dropped, they say the time is at least as long as they wait.
    """

    middle: int | None
    arrived: int
    waiting: int


def time_to_value(provisioned: Provisioned, days: Days, *, as_of: date) -> TimeToValue:
    """Return the time to first value as of a day, of actors provisioned by then. Use before provisioning is 0 days."""
    firsts = first_days({day: actors for day, actors in days.items() if day <= as_of})
    spans = [
        (max(0, (firsts.get(actor, as_of) - start).days), actor in firsts)
        for actor, start in provisioned.items()
        if start <= as_of
    ]
    arrived = sum(has_arrived for _, has_arrived in spans)
    return TimeToValue(kaplan_meier_median(spans), arrived, len(spans) - arrived)


def kaplan_meier_median(spans: list[tuple[int, bool]]) -> int | None:
    """Return the first span at which half or fewer have not arrived, None when that is never seen.

    `spans` are (length, arrived); those that have not arrived are censored at their length: they were
    at risk up to it, that length included (Kaplan and Meier 1958).
    """
    # Exact: a rounded half would miss the median by one span.
    surviving = Fraction(1)
    for length in sorted({length for length, arrived in spans if arrived}):
        at_risk = sum(1 for other, _ in spans if other >= length)
        events = sum(1 for other, arrived in spans if arrived and other == length)
        surviving *= 1 - Fraction(events, at_risk)
        if surviving <= HALF:
            return length
    return None
