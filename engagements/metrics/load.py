"""One engineer's load, from the hours of their check-ins.

Hours are Decimal and of one ISO week, oldest week first; None where the person did not check in.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Generic, TypeVar

from engagements.metrics.rounding import round_half_up

# Weeks an expectation rests on: long enough to even out one trip, short enough to follow a go-live.
RECENT_WEEKS = 3

Hours = Decimal | None
Key = TypeVar("Key", bound=Hashable)
Person = TypeVar("Person", bound=Hashable)


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


def hours_by_person(
    weeks: Mapping[Person, Sequence[Mapping[Key, Decimal] | None]], over: Collection[Key], heirs: Mapping[tuple[Person, Key], tuple[Person, int]]
) -> dict[Person, dict[Key, Decimal]]:
    """The `expected_hours` of several people who all have a week known, as things stand now; whoever never checked in is not there.

    What is `over` takes no hours. `heirs` say by (who handed over, key) who has it now, and how many of the weeks lie before
    that: their hours fall to the heir, if the heir's weeks are known, and else to nobody here.
    """
    known = {person: rows for person, rows in weeks.items() if any(week is not None for week in rows)}
    found = {person: {key: hours for key, hours in expected_hours(rows).items() if key not in over} for person, rows in known.items()}
    for (person, key), (heir, before) in heirs.items():
        if key not in found.get(person, {}):
            continue
        kept = expected_hours([week and {key: week.get(key, Decimal(0)) * (number >= before)} for number, week in enumerate(known[person])])
        moved, found[person][key] = found[person][key] - kept[key], kept[key]
        if heir in found:
            found[heir][key] = found[heir].get(key, Decimal(0)) + moved
    return found


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


def weeks_over(weeks: Sequence[Hours], limit: int) -> int:
    """How many of the weeks were longer than `limit`."""
    return sum(1 for hours in weeks if hours is not None and hours > limit)


def usual_switches(weeks: Sequence[Mapping[Key, Decimal] | None]) -> Decimal | None:
    """Changes from one engagement to another in a week: the mean of the last three weeks with a check-in; None without any.

    Hours are known by the week, so each week counts the fewest there can have been: one less than the
    engagements that took hours.
    """
    recent = [week for week in weeks if week is not None][-RECENT_WEEKS:]
    counts = [max(sum(1 for hours in week.values() if hours) - 1, 0) for week in recent]
    return Decimal(sum(counts)) / len(counts) if counts else None


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


@dataclass(frozen=True, slots=True)
class Transfer(Generic[Person, Key]):
    """One engagement from `giver` to `taker`: the hours it takes of next week, and the weeks of both before and after."""

    engagement: Key
    giver: Person
    taker: Person
    hours: Decimal
    giver_before: Decimal
    giver_after: Decimal
    taker_before: Decimal
    taker_after: Decimal


def suggested_transfers(
    expected: Mapping[Person, Mapping[Key, Decimal]], takers: Mapping[Key, Sequence[Person]], leads: Mapping[Key, Person], limit: int
) -> list[Transfer[Person, Key]]:
    """What would bring next week back within `limit`, at most one hand-over for each person beyond it, the longest week first.

    `expected` are the hours of next week by person and engagement, `leads` who would hand an engagement over, and `takers`
    who could take it, in order of preference. Whoever takes stays within the limit, also after what they were given before;
    of those the one with the shortest week takes. Which engagement is decided as in `best_move`.
    """
    totals = {person: sum(hours.values(), Decimal(0)) for person, hours in expected.items()}
    found = []
    for giver in sorted(totals, key=lambda person: totals[person], reverse=True):
        own = {key: hours for key, hours in expected[giver].items() if leads.get(key) == giver}
        fitting = {key: taker for key, hours in own.items() if (taker := _with_room(takers.get(key, ()), totals, hours, limit))}
        move = best_move(expected[giver], fitting, limit)
        if move is None:
            continue
        key, hours, taker = move[0], expected[giver][move[0]], fitting[move[0]]
        found.append(Transfer(
            key, giver, taker, hours, totals[giver], totals[giver] - hours, totals[taker], totals[taker] + hours,
        ))  # fmt: skip
        totals[giver] -= hours
        totals[taker] += hours
    return found


def _with_room(people: Sequence[Person], totals: Mapping[Person, Decimal], hours: Decimal, limit: int) -> Person | None:
    """Of those whose week is known and stays within the limit, the one with the shortest."""
    room = [person for person in people if person in totals and totals[person] + hours <= limit]
    return min(room, key=lambda person: totals[person], default=None)
