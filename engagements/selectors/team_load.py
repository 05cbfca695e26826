"""The load of a manager's reports: how their weeks went, what they lead, and what would even it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from engagements.metrics.load import (
    Transfer,
    hours_by_person,
    long_weeks,
    suggested_transfers,
    usual_switches,
    weeks_over,
)
from engagements.models import CheckIn, Engagement, Phase
from engagements.selectors.check_in import Trend, trend_of, weeks_of_reports, weeks_up_to
from engagements.selectors.my_week.load import TRAVEL_WEEKS
from engagements.selectors.weekly_update import Week
from fde_portal.accounts.models import AuditEvent, OrganizationSettings, User

Weeks = Sequence[CheckIn | None]
Expected = dict[int, dict[int, Decimal]]


@dataclass(frozen=True, slots=True)
class InPhase:
    """How many engagements of a phase somebody leads, and how many they should at a time."""

    phase: Phase
    count: int
    limit: int

    @property
    def is_crowded(self) -> bool:
        return self.count > self.limit


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """One report. Hours are of ISO weeks; `travel` are days of the last four weeks, `travel_before` of the four before."""

    trend: Trend
    phases: list[InPhase]
    expected: Decimal | None  # hours of next week
    long_weeks: int  # in a row, up to the newest
    weeks_over: int  # of the twelve
    travel: int
    travel_before: int
    switches: Decimal | None  # in a week

    @property
    def person(self) -> User:
        return self.trend.person

    @property
    def leads(self) -> int:
        return sum(part.count for part in self.phases)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A computed hand-over with the records behind its keys."""

    engagement: Engagement
    giver: User
    taker: User
    transfer: Transfer[int, int]


@dataclass(frozen=True, slots=True)
class TeamLoad:
    people: list[PersonLoad]
    suggestions: list[Suggestion]
    without_backup: list[Engagement]
    limit: int  # hours of a week

    @property
    def expected(self) -> Decimal | None:
        """Hours of next week of those who have checked in; None when nobody has."""
        known = [row.expected for row in self.people if row.expected is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def checked_in(self) -> int:
        return sum(1 for row in self.people if row.expected is not None)

    @property
    def beyond(self) -> int:
        """How many expect a week longer than the limit."""
        return sum(1 for row in self.people if row.expected is not None and row.expected > self.limit)


def team_load(manager: User, week: Week) -> TeamLoad:
    """The active people whose manager this is, with their weeks up to `week`. Eight statements, however many they are.

    Hours are shared with one's own manager alone, so nobody else's week is counted or suggested.
    """
    organization = OrganizationSettings.current()
    reports = list(manager.reports.filter(is_active=True).order_by("name"))
    weeks = weeks_of_reports(manager, reports, weeks_up_to(week))
    led = list(_led_by(reports, manager))
    expected = _expected(manager, {pk: _by_engagement(rows) for pk, rows in weeks.items()}, weeks_up_to(week))
    totals = {pk: sum(hours.values(), Decimal(0)) for pk, hours in expected.items()}
    people = [
        _person(person, weeks[person.pk], [row for row in led if row.lead_id == person.pk], totals.get(person.pk), organization)
        for person in reports
    ]
    return TeamLoad(
        people=people,
        suggestions=_suggestions(reports, expected, led, organization.most_hours),
        without_backup=[row for row in led if row.backup_id is None],
        limit=organization.most_hours,
    )


def _led_by(reports: Iterable[User], manager: User) -> Iterable[Engagement]:
    rows = Engagement.objects.visible_to(manager).live().filter(lead__in=list(reports))
    return rows.select_related("customer", "lead").prefetch_related("team_members").order_by("customer__name", "name")


def _person(
    person: User, weeks: Weeks, led: Sequence[Engagement], expected: Decimal | None, organization: OrganizationSettings
) -> PersonLoad:
    known = _until_newest(weeks)
    hours, spent = [row.total_hours if row else None for row in known], _by_engagement(known)
    counts = Counter(engagement.phase for engagement in led)
    return PersonLoad(
        trend=trend_of(person, list(weeks)),
        phases=[InPhase(phase, counts[phase], organization.most_in(phase)) for phase in Phase if counts[phase]],
        expected=expected,
        long_weeks=long_weeks(hours, organization.most_hours),
        weeks_over=weeks_over(hours, organization.most_hours),
        travel=_travel(known[-TRAVEL_WEEKS:]),
        travel_before=_travel(known[-2 * TRAVEL_WEEKS : -TRAVEL_WEEKS]),
        switches=usual_switches(spent),
    )


def _until_newest(weeks: Weeks) -> Weeks:
    """This week's check-in comes at its end, and somebody on holiday has none."""
    newest = max((number for number, row in enumerate(weeks) if row), default=-1)
    return weeks[: newest + 1]


def _by_engagement(weeks: Weeks) -> list[dict[int, Decimal] | None]:
    return [{part.engagement_id: part.hours for part in row.hours.all()} if row else None for row in weeks]


def _expected(manager: User, spent: dict[int, list[dict[int, Decimal] | None]], weeks: Sequence[Week]) -> Expected:
    """Hours of next week by person and engagement as the work is shared now. Nobody before their first check-in: that is not nothing."""
    ids = {pk for rows in spent.values() for row in rows if row for pk in row}
    seen = {row.pk: row for row in Engagement.objects.visible_to(manager).filter(pk__in=ids).only("pk", "status", "archived_at", "lead")}
    over = {pk for pk, row in seen.items() if not row.is_live}
    return hours_by_person(spent, over, _heirs(seen, weeks))


def _heirs(seen: dict[int, Engagement], weeks: Sequence[Week]) -> dict[tuple[int, int], tuple[int, int]]:
    """By (lead of before, engagement) who leads it now, and how many of the weeks had ended or begun when it was handed over."""
    events = AuditEvent.objects.filter(subject_type="engagement", subject_id__in=list(seen), at__date__gte=weeks[0].monday).order_by("at")
    handed = events.filter(Q(verb="hand_over", details__role="lead") | Q(verb="edit", details__old_lead__isnull=False))
    found = {}
    for event in handed.only("subject_id", "at", "details"):
        lead, old = seen[event.subject_id].lead_id, event.details.get("old_lead") or event.details["old"]
        if old != lead:
            day = timezone.localdate(event.at)
            found[old, event.subject_id] = (lead, sum(1 for week in weeks if week.monday <= day))
    return found


def _travel(weeks: Weeks) -> int:
    return sum(row.travel_days for row in weeks if row)


def _suggestions(reports: Sequence[User], expected: Expected, led: Sequence[Engagement], limit: int) -> list[Suggestion]:
    people, engagements = {person.pk: person for person in reports}, {row.pk: row for row in led}
    found = suggested_transfers(
        expected, {row.pk: _takers(row) for row in led}, {row.pk: row.lead_id for row in led}, limit
    )
    return [Suggestion(engagements[each.engagement], people[each.giver], people[each.taker], each) for each in found]


def _takers(engagement: Engagement) -> list[int]:
    """Who knows the work: its backup first, then its team."""
    team = sorted(member.user_id for member in engagement.team_members.all())
    return [pk for pk in (engagement.backup_id, *team) if pk and pk != engagement.lead_id]
