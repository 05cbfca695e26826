"""Writes how the demo's engineers felt about their weeks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from random import Random

from engagements.demo.clock import Clock
from engagements.models import CheckIn, CheckInHours, Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Role

WEEKS = 12
LEAD_HOURS, BACKUP_HOURS = 15, 4
# Where mood and confidence stood twelve weeks ago and stand now.
COURSES = {"maya": ((4, 3), (4, 4)), "jonas": ((3, 4), (4, 4)), "priya": ((3, 2), (3, 3)), "tomas": ((4, 2), (5, 2))}
STEADY = ((3, 3), (4, 4))


def create_check_ins(staff: dict[str, User], clock: Clock) -> None:
    engagements = list(Engagement.objects.live())
    for key, person in staff.items():
        if person.role == Role.FDE:
            _create_weeks(key, person, engagements, clock)


def _create_weeks(key: str, person: User, engagements: Iterable[Engagement], clock: Clock) -> None:
    chance = Random(key)
    mood, confidence = COURSES.get(key, STEADY)
    for number in range(WEEKS):
        week = number + 1 - WEEKS
        year, iso_week, __ = clock.date((week, 0)).isocalendar()
        check_in = CheckIn.objects.create(
            person=person,
            iso_year=year,
            iso_week=iso_week,
            mood=_between(mood, number),
            confidence=_between(confidence, number),
            travel_days=chance.choice((0, 0, 1, 2)),
        )
        CheckInHours.objects.bulk_create(_hours(check_in, person, engagements, clock.date((week, 6)), chance))


def _between(course: tuple[int, int], number: int) -> int:
    first, last = course
    return round(first + (last - first) * number / (WEEKS - 1))


def _hours(check_in: CheckIn, person: User, engagements: Iterable[Engagement], sunday: date, chance: Random) -> list[CheckInHours]:
    mine = [(row, LEAD_HOURS if row.lead_id == person.pk else BACKUP_HOURS) for row in engagements
            if person.pk in (row.lead_id, row.backup_id) and row.started_on <= sunday]
    return [
        CheckInHours(check_in=check_in, engagement=row, hours=Decimal(usual) + chance.randrange(-4, 5) / Decimal(2))
        for row, usual in mine
    ]
