"""Whether health was right: what happened within eight weeks to those it warned of in a week, against the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engagements.metrics.attention import QUIET_CADENCES
from engagements.metrics.backtest import HORIZON_WEEKS, Contrast, contrast, lost_users, was_put_off
from engagements.metrics.bands import Band
from engagements.metrics.health_facts import HealthFacts
from engagements.metrics.health_inputs import facts_from_json
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
class Judged:
    """An engagement in the week: what each way of warning said (None for nothing), and what happened after."""

    warned: dict[str, bool | None]
    ended: dict[str, bool]


@dataclass(frozen=True, slots=True)
class Backtest:
    """By kind of end, then by way of warning, the contrast. `judged` counts the engagements of the week."""

    week: date
    judged: int
    contrasts: dict[str, dict[str, Contrast]]


def weeks_to_test(user: User, today: date) -> list[date]:
    """The closing Sundays whose eight weeks are over, newest first. One statement."""
    rows = HealthSnapshot.objects.visible_to(user).filter(day__week_day=SUNDAY, day__range=(today - OFFERED, today - HORIZON))
    return list(rows.order_by("-day").values_list("day", flat=True).distinct())


def backtest(user: User, week: date) -> Backtest:
    """Hold the warnings of the week that closed on `week` against the eight weeks after. Four statements."""
    seen = HealthSnapshot.objects.visible_to(user).filter(day__week_day=SUNDAY, day__range=(week, week + HORIZON))
    rows: dict[int, list[HealthSnapshot]] = {}
    columns = ("engagement__time_zone", "day", "band", "facts")
    for row in seen.order_by("engagement_id", "day").select_related("engagement").only(*columns):
        if row.facts:
            rows.setdefault(row.engagement_id, []).append(row)
    found = {pk: days for pk, days in rows.items() if days[0].day == week}
    zones = {pk: days[0].engagement.zone for pk, days in found.items()}
    reported, cancelled = _reports(zones, week), _cancelled(zones, week)
    late = QUIET_CADENCES * OrganizationSettings.current().update_cadence_days
    judged = [_judged(days, reported.get(pk, ""), pk in cancelled, late) for pk, days in found.items()]
    return Backtest(week, len(judged), {end: {warning: _contrast(judged, warning, end) for warning in WARNINGS} for end in ENDS})


def _contrast(judged: Sequence[Judged], warning: str, end: str) -> Contrast:
    return contrast((one.warned[warning], one.ended[end]) for one in judged)


def _judged(days: Sequence[HealthSnapshot], reported: str, cancelled: bool, late: int) -> Judged:
    first, facts = days[0], [facts_from_json(row.facts) for row in days]
    updated = facts[0].freshness.last_update_on or facts[0].freshness.started_on
    ends = {"slipped": _slipped(days, facts), "lost_users": _lost(facts), "cancelled": cancelled}
    return Judged(
        warned={
            "health": None if first.band == Band.UNKNOWN else first.band != Band.ON_TRACK,
            "self_report": reported != Band.ON_TRACK if reported else None,
            "no_update": (first.day - updated).days > late,
        },
        ended={"any": any(ends.values()), **ends},
    )


def _slipped(days: Sequence[HealthSnapshot], facts: Sequence[HealthFacts]) -> bool:
    then = facts[0].schedule.milestones
    return any(was_put_off(then, later.schedule.milestones, days[0].day, row.day) for row, later in zip(days[1:], facts[1:], strict=True))


def _lost(facts: Sequence[HealthFacts]) -> bool:
    return lost_users(facts[0].adoption.weekly_active, (later.adoption.weekly_active for later in facts[1:]))


def _reports(zones: Mapping[int, ZoneInfo], week: date) -> dict[int, str]:
    """The worst rating of the newest update published by the end of the week, by engagement, in its own days."""
    first = week - REPORTS_COUNT_FOR
    rows = WeeklyUpdate.objects.filter(engagement__in=zones, published_at__range=around(first, week), archived_at=None)
    return {
        row.engagement_id: reported_band(row)
        for row in rows.order_by("published_at")
        if first <= local_day(row.published_at, zones[row.engagement_id]) <= week
    }


def _cancelled(zones: Mapping[int, ZoneInfo], week: date) -> set[int]:
    """Those whose status was changed to cancelled within the horizon, in their own days."""
    changes = AuditEvent.objects.filter(
        verb="change_status", subject_type=Engagement._meta.model_name, subject_id__in=zones, at__range=around(week, week + HORIZON)
    )
    return {
        event.subject_id
        for event in changes
        if event.details.get("new") == Status.CANCELLED and week < local_day(event.at, zones[event.subject_id]) <= week + HORIZON
    }


def around(first: date, last: date) -> tuple[datetime, datetime]:
    """Instants between which the days from `first` to `last` lie in every time zone."""
    day = timedelta(days=1)
    return datetime.combine(first, time.min, UTC) - day, datetime.combine(last, time.max, UTC) + day
