"""Makes the daily use of a deliverable from its plan: who used it on which day, and how much."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from engagements.demo.clock import SAT, Clock
from engagements.demo.plans import UsePlan
from engagements.intake.rows import UsageLine

# Month and day of holidays on which hardly anybody works, by time zone.
COMMON_HOLIDAYS = {(1, 1), (12, 24), (12, 25), (12, 26), (12, 31)}
HOLIDAYS = {
    "Europe/Amsterdam": COMMON_HOLIDAYS | {(4, 27)},
    "Europe/London": COMMON_HOLIDAYS,
    "Europe/Lisbon": COMMON_HOLIDAYS | {(4, 25), (6, 10), (10, 5), (12, 8)},
    "Europe/Copenhagen": COMMON_HOLIDAYS | {(6, 5)},
    "Europe/Zurich": COMMON_HOLIDAYS | {(8, 1)},
    "Asia/Shanghai": {(1, 1), (5, 1), (5, 2), (5, 3), *((10, day) for day in range(1, 8))},
}
HOLIDAY_SHARE, WEEKEND_SHARE = 0.12, 0.03
# How much people change their minds from week to week, beside how attached they are.
RESTLESSNESS = 0.22
# Of those who ever began, so many more than are active in the busiest week; and somebody always joins late.
TRIED, LATE_JOINERS = 1.12, 0.008
# Weeks differ a little from the plan.
SWAY = 0.02


def people_on_curve(curve: Sequence[tuple[int, int]], week: int) -> int:
    """People active in `week`; 0 before the first point, level after the last one."""
    after = bisect_right([point[0] for point in curve], week)
    if after == 0:
        return 0
    if after == len(curve):
        return curve[-1][1]
    (w0, n0), (w1, n1) = curve[after - 1], curve[after]
    return round(n0 + (n1 - n0) * (week - w0) / (w1 - w0))


def make_use(plan: UsePlan, *, prefix: str, zone: str, clock: Clock) -> list[UsageLine]:
    """All use up to yesterday, the same for the same plan and day. Actors are `prefix` and a number."""
    random = Random(prefix)
    last = clock.today - timedelta(days=1)
    if plan.stops:
        last = min(last, clock.date(plan.stops))
    found: list[UsageLine] = []
    for week, people in _active_people(plan, random, clock.week_of(last)):
        monday = clock.date((week, 0))
        for person in people:
            for day in _days_of(plan, random, zone, monday):
                if day <= last:
                    found += _use_of_day(plan, random, actor_name(prefix, person), day)
    return found


def actor_name(prefix: str, person: int) -> str:
    return f"{prefix}-{person:03}"


def _active_people(plan: UsePlan, random: Random, last_week: int) -> Iterator[tuple[int, list[int]]]:
    """For each week the numbers of its people: the attached ones come back, others come and go."""
    attachment: list[float] = []
    for week in range(plan.curve[0][0], last_week + 1):
        count = round(people_on_curve(plan.curve, week) * random.gauss(1, SWAY))
        begun = len(attachment)
        newcomers = range(begun, max(round(count * TRIED), begun + round(begun * LATE_JOINERS)))
        attachment += [random.random() for _ in newcomers]
        mood = [value + random.gauss(0, RESTLESSNESS) for value in attachment]
        for person in newcomers:
            mood[person] += 1
        yield week, sorted(range(len(mood)), key=mood.__getitem__, reverse=True)[:count]


def _days_of(plan: UsePlan, random: Random, zone: str, monday: date) -> list[date]:
    """The days of a week on which one active person uses it: at least one."""
    days = [monday + timedelta(days=offset) for offset in range(7)]
    shares = [_share(plan, zone, day) for day in days]
    chosen = [day for day, share in zip(days, shares, strict=True) if random.random() < plan.habit * share]
    return chosen or [random.choice(days[:SAT])]


def _share(plan: UsePlan, zone: str, day: date) -> float:
    if (day.month, day.day) in HOLIDAYS.get(zone, COMMON_HOLIDAYS):
        return HOLIDAY_SHARE
    return WEEKEND_SHARE if day.weekday() >= SAT and not plan.weekends else 1.0


def _use_of_day(plan: UsePlan, random: Random, actor: str, day: date) -> Iterator[UsageLine]:
    names, weights = zip(*(plan.features or (("", 1),)), strict=True)
    events = max(1, round(random.gauss(plan.events_a_day, plan.events_a_day / 3)))
    accepted = min(events, round(events * plan.accepted * random.uniform(0.85, 1.1)))
    edited = min(round(events * plan.edited), events - accepted)
    yield UsageLine(
        actor=actor,
        day=day,
        feature=random.choices(names, weights)[0],
        events=events,
        seconds_saved=events * plan.seconds_per_event,
        accepted=accepted,
        edited=edited,
        rejected=events - accepted - edited if plan.accepted else 0,
    )
