"""Check-ins as trends: a person's own weeks, and those of a manager's reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, QuerySet

from engagements.models import LIVE_STATUSES, CheckIn, Engagement
from engagements.selectors.weekly_update import Week, before
from fde_portal.accounts.models import User

TREND_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Trend:
    """Twelve weeks of one person, oldest first; None where they did not check in."""

    person: User
    engagements: int
    hours: list[Decimal | None]
    mood: list[int | None]
    confidence: list[int | None]
    travel_days: int
    latest: CheckIn | None


def own_check_ins(user: User) -> QuerySet[CheckIn]:
    """The person's own weeks, newest first."""
    return CheckIn.objects.visible_to(user).filter(person=user).prefetch_related("hours__engagement__customer")


def hours_before(user: User, week: Week) -> dict[int, Decimal]:
    """Engagement id -> hours of the newest week before `week`."""
    last = own_check_ins(user).current().filter(before(week)).first()
    return {row.engagement_id: row.hours for row in last.hours.all()} if last else {}


def team_trends(manager: User, week: Week) -> list[Trend]:
    """The active people whose manager this is, with their weeks up to `week`. A fixed number of statements."""
    reports = list(manager.reports.filter(is_active=True).order_by("name"))
    weeks = weeks_up_to(week)
    found = CheckIn.objects.visible_to(manager).current().filter(person__in=reports, iso_year__gte=weeks[0].year)
    by_week = {(row.person_id, Week(row.iso_year, row.iso_week)): row for row in found.prefetch_related("hours")}
    led = engagements_by_person(reports)
    return [trend_of(person, [by_week.get((person.pk, each)) for each in weeks], led.get(person.pk, 0)) for person in reports]


def own_trend(user: User, week: Week) -> Trend:
    by_week = {Week(row.iso_year, row.iso_week): row for row in own_check_ins(user).current()}
    return trend_of(user, [by_week.get(each) for each in weeks_up_to(week)], 0)


def weeks_up_to(week: Week) -> list[Week]:
    return [Week.of(week.monday - timedelta(weeks=back)) for back in reversed(range(TREND_WEEKS))]


def trend_of(person: User, weeks: list[CheckIn | None], engagements: int) -> Trend:
    return Trend(
        person=person,
        engagements=engagements,
        hours=[row.total_hours if row else None for row in weeks],
        mood=[row.mood if row else None for row in weeks],
        confidence=[row.confidence if row else None for row in weeks],
        travel_days=sum(row.travel_days for row in weeks if row),
        latest=next((row for row in reversed(weeks) if row), None),
    )


def engagements_by_person(people: Iterable[User]) -> dict[int, int]:
    """How many live engagements each person leads."""
    live = Engagement.objects.current().filter(lead__in=people, status__in=LIVE_STATUSES)
    return dict(live.order_by().values_list("lead").annotate(count=Count("pk")))
