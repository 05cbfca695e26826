"""One person's load, their next week, and their past updates: what my week shows beside the needs.

Nobody but the person reads the load here; their manager sees the trends on the team page.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from engagements.metrics.load import Travel, best_move, expected_hours, expected_travel, long_weeks, usual_hours
from engagements.models import LIVE_STATUSES, CheckIn, CheckInHours, Engagement, Milestone, Phase, WeeklyUpdate
from engagements.selectors.check_in import weeks_up_to
from engagements.selectors.my_week.work import Work, question
from engagements.selectors.weekly_update import Week
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import Scope, scope_of
from fde_portal.core.json_rows import JsonRows
from fde_portal.core.prepared import Param, prepared

PAST_UPDATES = 8
# Travel is told by the four-week sum: single weeks jump.
TRAVEL_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Move:
    """The hand-over that would bring next week back within the limit, and the hours it would then take."""

    engagement: Engagement
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Load:
    """Twelve weeks of hours, oldest first, and how they stand against the limits of the organization."""

    weeks: list[Week]
    hours: list[Decimal | None]
    usual: Decimal | None
    limit: int
    long_weeks: int
    travel_days: int  # in the last four weeks
    has_milestone_next_week: bool
    expected_travel: Travel | None  # next week
    led: int
    team_median: int | None
    crowded: list[tuple[Phase, int, int]]  # phase, engagements led in it, limit
    mood_falls: bool
    move: Move | None

    @property
    def week(self) -> Week:
        """The newest week with hours."""
        return self.weeks[-1]

    @property
    def latest(self) -> Decimal | None:
        return next((hours for hours in reversed(self.hours) if hours is not None), None)

    @property
    def is_high(self) -> bool:
        return bool(self.long_weeks or self.crowded)


def load_of(work: Work) -> Load:
    """The load of the person of `work`, from their own check-ins and, for the travel, the milestones of their work.

    Three statements.
    """
    weeks = weeks_up_to(Week.of(work.today))
    rows = check_ins_in(work.person, weeks)
    hours = [sum(row.spent.values(), Decimal(0)) if row else None for row in rows]
    newest = max((number for number, spent in enumerate(hours) if spent is not None), default=len(hours) - 1)
    # This week's check-in comes at its end, and somebody on holiday has none.
    weeks, rows, hours = (part[: newest + 1] for part in (weeks, rows, hours))
    coming = Week.of(work.today).next
    with_milestone = weeks_with_milestones(work, since=weeks[0], until=coming)
    travelled = [(row.travel_days, week in with_milestone) for week, row in zip(weeks, rows, strict=True) if row]
    led = [engagement for engagement in work.engagements if engagement.lead_id == work.person.pk]
    limit = work.organization.most_hours
    moods = [row.mood for row in rows if row][-3:]
    return Load(
        weeks=weeks,
        hours=hours,
        usual=usual_hours(hours),
        limit=limit,
        long_weeks=long_weeks(hours, limit),
        travel_days=sum(row.travel_days for row in rows[-TRAVEL_WEEKS:] if row),
        has_milestone_next_week=coming in with_milestone,
        expected_travel=expected_travel(travelled, has_milestone=coming in with_milestone),
        led=len(led),
        team_median=team_median(work.person),
        crowded=crowded_phases(led, work),
        mood_falls=len(moods) == 3 and moods[0] > moods[-1],
        move=move_of(work, rows),
    )


def check_ins_in(person: User, weeks: list[Week]) -> list[CheckIn | None]:
    """The person's check-in of each week with the hours `spent` by engagement id, None where there is none. One statement."""
    found = _own_check_ins(scope=scope_of(person), person=person, year=weeks[0].year)
    for row in found:
        row.spent = {pk: Decimal(str(hours)) for pk, hours in row.spent or ()}
    by_week = {Week(row.iso_year, row.iso_week): row for row in found}
    return [by_week.get(week) for week in weeks]


@prepared
def _own_check_ins(*, scope: Scope, person: Param, year: Param) -> QuerySet[CheckIn]:
    hours = JsonRows(CheckInHours.objects.filter(check_in=OuterRef("pk")), "engagement_id", "hours")
    return CheckIn.objects.within(scope, person).current().filter(iso_year__gte=year).annotate(spent=hours)


def weeks_with_milestones(work: Work, *, since: Week, until: Week) -> set[Week]:
    """Into which weeks a milestone fell or is expected to fall, both ends included. One statement."""
    return {Week.of(day) for day in _milestone_days(engagements=work.engagements, first=since.monday, last=until.sunday)}


@prepared
def _milestone_days(*, engagements: Param, first: Param, last: Param) -> QuerySet[Milestone]:
    rows = Milestone.objects.filter(engagement__in=engagements, archived_at=None)
    counts = rows.annotate(counts_on=Coalesce("actual_on", "forecast_on", "baseline_on")).order_by()
    return counts.filter(counts_on__range=(first, last)).values_list("counts_on", flat=True)


def crowded_phases(led: list[Engagement], work: Work) -> list[tuple[Phase, int, int]]:
    """Phases in which the person leads more engagements than one should at a time."""
    counts = Counter(engagement.phase for engagement in led)
    limits = ((phase, counts[phase], work.organization.most_in(phase)) for phase in Phase)
    return [(phase, count, limit) for phase, count, limit in limits if count > limit]


def move_of(work: Work, rows: list[CheckIn | None]) -> Move | None:
    """Which engagement its backup could take over; one without a backup cannot move.

    What is over, or what the person has no seat on any more, takes nothing of next week.
    """
    mine = {engagement.pk: engagement for engagement in work.engagements}
    weeks = [{pk: hours for pk, hours in row.spent.items() if pk in mine} if row else None for row in rows]
    movable = {pk: engagement for pk, engagement in mine.items() if engagement.lead_id == work.person.pk and engagement.backup_id}
    found = best_move(expected_hours(weeks), movable, work.organization.most_hours)
    return Move(movable[found[0]], found[1]) if found else None


def team_median(person: User) -> int | None:
    """How many live engagements the people with the same manager lead, in the middle; None for somebody alone."""
    if person.manager_id is None:
        return None
    live = Q(led_engagements__status__in=LIVE_STATUSES, led_engagements__archived_at=None)
    team = User.objects.filter(manager=person.manager_id, is_active=True).order_by()
    counts = sorted(team.annotate(led=Count("led_engagements", filter=live)).values_list("led", flat=True))
    return counts[len(counts) // 2] if len(counts) > 1 else None


@dataclass(frozen=True, slots=True)
class Day:
    """One working day of next week with what falls on it."""

    on: date
    milestones: list[Milestone]


def next_week_of(work: Work) -> list[Day]:
    """Monday to Friday of next week, with the milestones expected on each."""
    monday = Week.of(work.today).next.monday
    days = [monday + timedelta(days=number) for number in range(5)]
    found = work.rows(_expected)
    return [Day(day, [row for row in found if row.expected == day]) for day in days]


@question
def _expected(*, engagements: Param, next_monday: Param, next_friday: Param) -> QuerySet[Milestone]:
    rows = Milestone.objects.filter(engagement__in=engagements, archived_at=None, actual_on=None)
    rows = rows.annotate(expected=Coalesce("forecast_on", "baseline_on")).filter(expected__range=(next_monday, next_friday))
    return rows.order_by("expected", "id")


def newest_updates(person: User) -> list[WeeklyUpdate]:
    """The newest few of what the person published, in one statement."""
    return _newest_updates(scope=scope_of(person), person=person)


@prepared
def _newest_updates(*, scope: Scope, person: Param) -> QuerySet[WeeklyUpdate]:
    return _published_by(person, scope)[:PAST_UPDATES]


def past_updates(person: User) -> QuerySet[WeeklyUpdate]:
    """What the person published, newest first."""
    return _published_by(person, scope_of(person))


def _published_by(person: User | Param, scope: Scope) -> QuerySet[WeeklyUpdate]:
    rows = WeeklyUpdate.objects.within(scope, person).published().filter(published_by=person)
    rows = rows.select_related("engagement__customer").order_by(F("published_at").desc())
    return rows.only("iso_week", "revision", "headline", "published_at", "engagement__slug", "engagement__customer__name")
