"""One engineer's load, from the hours of their check-ins.

Hours are Decimal and of one ISO week, oldest week first; None where the person did not check in.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TypeVar

from engagements.metrics.rounding import round_half_up

# Weeks an expectation rests on: long enough to even out one trip, short enough to follow a go-live.
RECENT_WEEKS = 3

Hours = Decimal | None
Key = TypeVar("Key", bound=Hashable)


def usual_hours(weeks: Sequence[Hours]) -> Hours:
    """The median of the weeks before the last one; None when there is none."""
    known = [hours for hours in weeks[:-1] if hours is not None]
    return median(known) if known else None


def long_weeks(weeks: Sequence[Hours], limit: int) -> int:
    """How many weeks in a row, up to the newest, were longer than `limit`. A week without check-in ends the row."""
    count = 0
    for hours in reversed(weeks):
        if hours is None or hours <= limit:
            break
        count += 1
    return count


def expected_hours(weeks: Sequence[Mapping[Key, Decimal] | None]) -> dict[Key, Decimal]:
    """What next week would take by engagement: the mean of the last three weeks with a check-in."""
    recent = [week for week in weeks if week is not None][-RECENT_WEEKS:]
    keys = {key for week in recent for key in week}
    return {key: sum((week.get(key, Decimal(0)) for week in recent), Decimal(0)) / len(recent) for key in keys}


@dataclass(frozen=True, slots=True)
class Travel:
    """Days of travel to expect, as in `weeks` earlier weeks; `is_alike` when these had a milestone as the coming one has, or had none."""

    days: int
    weeks: int
    is_alike: bool


def expected_travel(weeks: Sequence[tuple[int, bool]], *, has_milestone: bool) -> Travel | None:
    """Travel of a coming week: the mean of earlier ones that had a milestone as it has, or had none; else of all.

    `weeks` are (days travelled, whether a milestone fell into it) of each week with a check-in. None without any.
    """
    alike = [days for days, had_milestone in weeks if had_milestone == has_milestone]
    chosen = alike or [days for days, __ in weeks]
    if not chosen:
        return None
    return Travel(int(round_half_up(Decimal(sum(chosen)) / len(chosen))), len(chosen), bool(alike))


def best_move(expected: Mapping[Key, Decimal], movable: Collection[Key], limit: int) -> tuple[Key, Decimal] | None:
    """Which engagement to hand over, and the hours of next week without it; None while the limit holds or nothing helps.

    The smallest that brings the week within the limit, else the largest there is.
    """
    total = sum(expected.values(), Decimal(0))
    candidates = sorted((key for key in movable if expected.get(key)), key=lambda key: expected[key])
    if total <= limit or not candidates:
        return None
    enough = [key for key in candidates if total - expected[key] <= limit]
    key = enough[0] if enough else candidates[-1]
    return key, total - expected[key]
