"""Check-ins as trends: a person's own weeks, and those of a manager's reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import QuerySet

from engagements.models import CheckIn
from engagements.selectors.weekly_update import Week, before
from fde_portal.accounts.models import User

TREND_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Trend:
    """Twelve weeks of one person, oldest first; None where they did not check in."""

    person: User
    hours: list[Decimal | None]
    mood: list[int | None]
    confidence: list[int | None]
    latest: CheckIn | None


def own_check_ins(user: User) -> QuerySet[CheckIn]:
    """The person's own weeks, newest first."""
    return CheckIn.objects.visible_to(user).filter(person=user).prefetch_related("hours__engagement__customer")


def hours_before(user: User, week: Week) -> dict[int, Decimal]:
    """Engagement id -> hours of the newest week before `week`."""
    last = own_check_ins(user).current().filter(before(week)).first()
    return {row.engagement_id: row.hours for row in last.hours.all()} if last else {}


def weeks_of_reports(manager: User, reports: Iterable[User], weeks: Sequence[Week]) -> dict[int, list[CheckIn | None]]:
    """By person the check-in of each week, None where there is none. Only whose manager this is. Two statements."""
    found = CheckIn.objects.visible_to(manager).current().filter(person__in=reports, iso_year__gte=weeks[0].year)
    by_week = {(row.person_id, Week(row.iso_year, row.iso_week)): row for row in found.prefetch_related("hours")}
    return {person.pk: [by_week.get((person.pk, each)) for each in weeks] for person in reports}


def own_trend(user: User, week: Week) -> Trend:
    by_week = {Week(row.iso_year, row.iso_week): row for row in own_check_ins(user).current()}
    return trend_of(user, [by_week.get(each) for each in weeks_up_to(week)])


def weeks_up_to(week: Week) -> list[Week]:
    return [Week.of(week.monday - timedelta(weeks=back)) for back in reversed(range(TREND_WEEKS))]


def trend_of(person: User, weeks: list[CheckIn | None]) -> Trend:
    return Trend(
        person=person,
        hours=[row.total_hours if row else None for row in weeks],
        mood=[row.mood if row else None for row in weeks],
        confidence=[row.confidence if row else None for row in weeks],
        latest=next((row for row in reversed(weeks) if row), None),
    )
