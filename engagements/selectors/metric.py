"""Figures for pages: what the worker stored, and the same functions for another range of days.

`values` of a snapshot: as_of (ISO day); dau, wau, mau28 (None while nothing was measured); stickiness
(mean daily / distinct of 28 days, 0 to 1 as text, None when nobody was active); adoption (numerator,
denominator, rate as text, beyond_target, more_users_than_licences, basis "named", "licences" or None)
of the 7 days that end on as_of; activation (reached, old_enough, too_young; None without named people and for
several deliverables, of which each has its own rule); weekly_target (people expected this week along the ramp, or None);
seconds_saved_28; last_usage_day (ISO day or None); feed_stopped; covered_until (ISO day, the last one that any delivery
covers, as_of without deliveries: where a feed stopped, nothing is known after it); value (None without a case, and for a
deliverable): case_id, title, currency, pv_benefits, pv_costs, npv, total_benefits, total_costs,
roi_pct and payback_years (None when undefined), decimals as text; irr and xirr (rate, is_ambiguous, is_too_short),
pv_capacity and pv_assumed (parts of pv_benefits), hours; periods (of a year: 1 or 12) and ranges
(selectors/value.py says what they hold). reached (of the whole engagement alone): see selectors/value_reached.py.

`series`: weeks (up to 26 whole weeks and the running one, from the first measured one on: start,
partial, wau, mau28, stickiness28, target, new, returning, resurrecting, dormant, quick_ratio; dormant
and quick_ratio of a partial week are provisional: do not show them); retention (rows of first-time
weekly cohorts: start, size, cells, and so_far, how many are back in the running week, None without one; running:
its start and size); cumulative (period, net, cumulative, low, high as text, undiscounted).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from pyroaring import BitMap

from engagements.metrics.adoption import MONTH_WINDOW, l_ness_histogram
from engagements.metrics.definitions import DEFINITION_VERSION, Family
from engagements.metrics.periods import Interval, is_over, iter_periods, local_day
from engagements.metrics.retention import Mode, Triangle, retention
from engagements.metrics.series import Week, united, week_table
from engagements.models import LIVE_STATUSES, ActivityDay, Deliverable, Engagement, HealthSnapshot, MetricSnapshot
from engagements.selectors.usage_facts import DeliverableUsage, Usage, as_of_day, engagement_usage, usage_of
from engagements.selectors.usage_figures import usage_values
from fde_portal.accounts.models import OrganizationSettings
from fde_portal.core.prepared import Param, prepared

# Rises with either family, and starts at 1.
SNAPSHOT_VERSION = DEFINITION_VERSION[Family.USAGE] + DEFINITION_VERSION[Family.VALUE] - 1


@dataclass(frozen=True, slots=True)
class Metrics:
    """One stored snapshot; the module's docstring says what `values` and `series` hold.

    `day` is local, `computed_at` and `data_until` (last delivery it contains) are instants.
    """

    day: date
    computed_at: datetime
    data_until: datetime | None
    definition_version: int
    values: dict[str, Any]
    series: dict[str, Any]

    @classmethod
    def of(cls, row: MetricSnapshot) -> Metrics:
        return cls(row.day, row.computed_at, row.data_until, row.definition_version, row.values, row.series)


def latest_metrics(engagement: Engagement) -> Metrics | None:
    """Return the newest snapshot of the engagement as a whole; None before the first computation."""
    rows = _newest(engagement=engagement)
    return Metrics.of(rows[0]) if rows else None


@prepared
def _newest(*, engagement: Param) -> QuerySet[MetricSnapshot]:
    return MetricSnapshot.objects.filter(engagement=engagement, deliverable=None).order_by("-day")[:1]


def newest_snapshots(engagements: QuerySet[Any], until: date | None = None) -> QuerySet[MetricSnapshot]:
    """The newest snapshot of each of these engagements as a whole, none later than the local day `until`."""
    whole = MetricSnapshot.objects.filter(deliverable=None)
    eligible = whole if until is None else whole.filter(day__lte=until)
    newest = eligible.filter(engagement=OuterRef("engagement")).order_by("-day").values("pk")[:1]
    return whole.filter(engagement__in=engagements, pk=Subquery(newest))


def latest_deliverable_metrics(engagement: Engagement) -> dict[int, Metrics]:
    """Return deliverable id -> newest snapshot, for the deliverables that are measured."""
    parts = MetricSnapshot.objects.filter(
        engagement=engagement, deliverable__isnull=False, deliverable__archived_at__isnull=True
    )
    rows = parts.filter(day=parts.aggregate(newest=Max("day"))["newest"])
    return {row.deliverable_id: Metrics.of(row) for row in rows}


def is_due(engagement: Engagement, *, now: datetime) -> bool:
    """Say whether figures or health are of an earlier local day, or of an earlier definition."""
    today = local_day(now, engagement.zone)
    figures = MetricSnapshot.objects.filter(
        engagement=engagement, deliverable=None, day__gte=today - timedelta(days=1), definition_version=SNAPSHOT_VERSION
    )
    health = HealthSnapshot.objects.filter(
        engagement=engagement, day__gte=today, model_version=DEFINITION_VERSION[Family.HEALTH]
    )
    return not (figures.exists() and health.exists())


def outdated_and_over() -> list[int]:
    """Ids of engagements that are not live and whose newest figures are of an earlier definition. One statement."""
    over = Engagement.objects.current().exclude(status__in=LIVE_STATUSES)
    newest = MetricSnapshot.objects.filter(engagement=OuterRef("pk"), deliverable=None).order_by("-day").values("definition_version")[:1]
    outdated = over.annotate(newest=Subquery(newest)).exclude(newest=SNAPSHOT_VERSION).exclude(newest=None)
    return list(outdated.order_by("pk").values_list("pk", flat=True))


def activity_days(deliverables: Iterable[Deliverable], start: date, end: date) -> dict[date, BitMap]:
    """Return who was active in any of `deliverables` on each local day from `start` to `end`, both included."""
    rows = ActivityDay.objects.filter(
        deliverable__in=list(deliverables), dimension=ActivityDay.Dimension.ALL, day__range=(start, end)
    )
    return united([{day: BitMap.deserialize(bytes(actors))} for day, actors in rows.values_list("day", "actors")])


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """A week and the events of counted people in it; `window_full` when its 28 days were all measured."""

    week: Week
    events: int
    window_full: bool


@dataclass(frozen=True, slots=True)
class RangeMetrics:
    """Figures of a range of local days, both included, the weeks widened to whole ones.

    `headline` is that of the last day; `habit` maps k to the people with k active days in the 28 days
    that end on it; retention is that of first-time weekly cohorts.
    """

    start: date
    end: date
    headline: dict[str, Any]
    weeks: list[WeekFigures]
    habit: dict[int, int]
    retained_on: Triangle
    retained_on_or_after: Triangle


def metrics_for_range(
    engagement: Engagement,
    *,
    now: datetime,
    deliverable: Deliverable | None = None,
    start: date | None = None,
    end: date | None = None,
) -> RangeMetrics:
    """Return the figures from `start` (the first measured day) to `end` (the as-of day).

    Raises ValueError when `start` is after `end`.
    """
    members = engagement_usage(engagement) if deliverable is None else usage_of([deliverable.pk])
    last = as_of_day(members, local_day(now, engagement.zone)) if end is None else end
    usage = Usage.of(members, last)
    first = start or usage.first_day or last
    if first > last:
        raise ValueError("the range ends before it starts")
    return _range_metrics(members, usage, first, OrganizationSettings.current().first_weekday)


def _range_metrics(members: list[DeliverableUsage], usage: Usage, first: date, first_weekday: int) -> RangeMetrics:
    last = usage.as_of
    weeks = list(iter_periods(first, last, Interval.WEEK, first_weekday))
    # The last week is widened: what came after `last` belongs to it.
    widened = Usage.of(members, weeks[-1].last_day)
    table = week_table(widened.days, weeks, as_of=last, measured_until=weeks[-1].last_day)
    over = [week for week in weeks if is_over(week, last)]
    return RangeMetrics(
        start=first,
        end=last,
        headline=usage_values(usage, first_weekday),
        weeks=[_week_figures(week, widened) for week in table],
        habit=l_ness_histogram(usage.days, last, MONTH_WINDOW),
        retained_on=retention(usage.days, over, as_of=last),
        retained_on_or_after=retention(usage.days, over, as_of=last, mode=Mode.UNBOUNDED),
    )


def _week_figures(week: Week, usage: Usage) -> WeekFigures:
    window_start = week.measured_on - timedelta(days=MONTH_WINDOW - 1)
    return WeekFigures(
        week=week,
        events=usage.events(week.period.start, week.period.last_day),
        window_full=usage.first_day is not None and usage.first_day <= window_start,
    )
