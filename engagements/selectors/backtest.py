"""Whether health was right: what happened within eight weeks to those it warned of in a week, against the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from engagements.metrics.attention import QUIET_CADENCES
from engagements.metrics.backtest import HORIZON_WEEKS, Contrast, apart, contrast, due_days, lost_users, was_put_off
from engagements.metrics.bands import Band
from engagements.metrics.health_inputs import milestones_from_json
from engagements.metrics.periods import local_day
from engagements.models import Engagement, HealthSnapshot, Status, WeeklyUpdate
from engagements.selectors.self_report import reported_band
from fde_portal.accounts.models import AuditEvent, OrganizationSettings, User

HORIZON = timedelta(weeks=HORIZON_WEEKS)
# As far back as is offered; reports older than a quarter say nothing about a week.
OFFERED, REPORTS_COUNT_FOR = timedelta(weeks=52), timedelta(weeks=12)
SUNDAY = 1  # as databases count the days of a week
ENDS = ("any", "slipped", "lost_users", "cancelled")
WARNINGS = ("health", "self_report", "no_update")


@dataclass(frozen=True, slots=True)
class Sunday:
    """A stored closing day, as far as warnings and ends look at it. `due` is by milestone, `open` names those not reached."""

    day: date
    band: str
    due: dict[int, date]
    open: frozenset[int]
    users: int | None
    updated_on: date


@dataclass(frozen=True, slots=True)
class Judged:
    """An engagement in a week: what each way of warning said (None for nothing), and what happened after."""

    warned: dict[str, bool | None]
    ended: dict[str, bool]


@dataclass(frozen=True, slots=True)
class Backtest:
    """Some weeks counted together. `judged` counts engagements, each once a week; by kind of end and way of warning the contrast."""

    weeks: Sequence[date]
    judged: int
    contrasts: dict[str, dict[str, Contrast]]


@dataclass(frozen=True, slots=True)
class Tested:
    """Every week that was asked for, newest first, and those of them that are independent of each other as one."""

    pooled: Backtest
    weeks: Sequence[Backtest]


def weeks_to_test(user: User, today: date) -> list[date]:
    """The closing Sundays whose eight weeks are over, newest first. One statement."""
    rows = _sundays(user, today - OFFERED, today - HORIZON)
    return list(rows.order_by("-day").values_list("day", flat=True).distinct())


def _sundays(user: User, first: date, last: date) -> QuerySet[HealthSnapshot]:
    """The stored Sundays of these days; those of before facts were kept can be held against nothing."""
    return HealthSnapshot.objects.visible_to(user).filter(day__week_day=SUNDAY, day__range=(first, last)).exclude(facts={})


def backtest(user: User, weeks: Sequence[date]) -> Tested:
    """Hold the warnings of the weeks that closed on these Sundays against the eight weeks after each. Four statements, however many."""
    lives, zones = _lives(user, min(weeks), max(weeks) + HORIZON)
    reports, cancelled = _reports(zones, weeks), _cancelled(zones, weeks)
    late = QUIET_CADENCES * OrganizationSettings.current().update_cadence_days
    judged: dict[date, list[Judged]] = {week: [] for week in sorted(weeks, reverse=True)}
    for pk, sundays in lives.items():
        for at, first in enumerate(sundays):
            if first.day in judged:
                after = [row for row in sundays[at + 1 : at + 1 + HORIZON_WEEKS] if row.day <= first.day + HORIZON]
                ended = any(first.day < day <= first.day + HORIZON for day in cancelled[pk])
                judged[first.day].append(_judged(first, after, _reported(reports[pk], first.day), ended, late))
    return Tested(_counted(judged, apart(judged)), [_counted(judged, [week]) for week in judged])


def _counted(judged: Mapping[date, Sequence[Judged]], weeks: Sequence[date]) -> Backtest:
    rows = [one for week in weeks for one in judged[week]]
    return Backtest(weeks, len(rows), {end: {warning: _contrast(rows, warning, end) for warning in WARNINGS} for end in ENDS})


def _contrast(judged: Sequence[Judged], warning: str, end: str) -> Contrast:
    return contrast((one.warned[warning], one.ended[end]) for one in judged)


def _judged(first: Sunday, after: Sequence[Sunday], reported: str, cancelled: bool, late: int) -> Judged:
    still_open = {ref: due for ref, due in first.due.items() if ref in first.open}
    ends = {
        "slipped": any(was_put_off(still_open, later.due) for later in after),
        "lost_users": lost_users(first.users, (later.users for later in after)),
        "cancelled": cancelled,
    }
    return Judged(
        warned={
            "health": None if first.band == Band.UNKNOWN else first.band != Band.ON_TRACK,
            "self_report": reported != Band.ON_TRACK if reported else None,
            "no_update": (first.day - first.updated_on).days > late,
        },
        ended={"any": any(ends.values()), **ends},
    )


def _lives(user: User, first: date, last: date) -> tuple[dict[int, list[Sunday]], dict[int, ZoneInfo]]:
    """By engagement its stored Sundays, oldest first, and its zone. Of the facts only what is looked at is read."""
    paths = ("schedule__milestones", "adoption__weekly_active", "freshness__last_update_on", "freshness__started_on")
    rows = _sundays(user, first, last).order_by("engagement_id", "day")
    lives: dict[int, list[Sunday]] = defaultdict(list)
    zones: dict[int, ZoneInfo] = {}
    columns = ("engagement_id", "engagement__time_zone", "day", "band", *(f"facts__{path}" for path in paths))
    for pk, zone, day, band, milestones, users, updated, started in rows.values_list(*columns):
        zones[pk] = ZoneInfo(zone)
        facts = milestones_from_json(milestones or [])
        still_open = frozenset(fact.ref for fact in facts if fact.actual is None and fact.ref is not None)
        lives[pk].append(Sunday(day, band, due_days(facts, day), still_open, users, date.fromisoformat(updated or started)))
    return lives, zones


def _reports(zones: Mapping[int, ZoneInfo], weeks: Sequence[date]) -> dict[int, list[tuple[date, str]]]:
    """By engagement the worst rating of each update that may count, by the local day of its publishing, oldest first."""
    published = around(min(weeks) - REPORTS_COUNT_FOR, max(weeks))
    rows = WeeklyUpdate.objects.filter(engagement__in=zones, published_at__range=published, archived_at=None)
    reports: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for row in rows.order_by("published_at"):
        reports[row.engagement_id].append((local_day(row.published_at, zones[row.engagement_id]), reported_band(row)))
    return reports


def _reported(reports: Iterable[tuple[date, str]], week: date) -> str:
    """What the newest update published by the end of the week reported; "" without one of the last quarter."""
    counted = [band for day, band in reports if week - REPORTS_COUNT_FOR <= day <= week]
    return counted[-1] if counted else ""


def _cancelled(zones: Mapping[int, ZoneInfo], weeks: Sequence[date]) -> dict[int, list[date]]:
    """By engagement the local days on which its status was changed to cancelled."""
    changes = AuditEvent.objects.filter(
        verb="change_status", subject_type=Engagement._meta.model_name, subject_id__in=zones, at__range=around(min(weeks), max(weeks) + HORIZON)
    )
    days: dict[int, list[date]] = defaultdict(list)
    for event in changes:
        if event.details.get("new") == Status.CANCELLED:
            days[event.subject_id].append(local_day(event.at, zones[event.subject_id]))
    return days


def around(first: date, last: date) -> tuple[datetime, datetime]:
    """Instants between which the days from `first` to `last` lie in every time zone."""
    day = timedelta(days=1)
    return datetime.combine(first, time.min, UTC) - day, datetime.combine(last, time.max, UTC) + day
