"""The portfolio: one statement for its lines, one for the figures above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum
from django.db.models.functions import Cast, Round

from engagements.models import Band, PortfolioRow
from engagements.models.engagement import LIVE_STATUSES
from fde_portal.accounts.models import User

ATTENTION_ORDER = (
    "rank",
    F("fall").desc(),
    F("overdue_milestones").desc(),
    F("silence_over").desc(),
    F("stale_over").desc(),
    F("rosier_weeks").desc(),
    F("value_at_stake").desc(),
    "engagement_id",
)

# The orders a list may have; ATTENTION_ORDER is the one it has by itself.
ORDERS: dict[str, tuple[Any, ...]] = {
    "score": (F("score").asc(nulls_last=True), "engagement_id"),
    "change": (F("change").asc(nulls_last=True), "engagement_id"),
    "milestone": (F("milestone_on").asc(nulls_last=True), "engagement_id"),
    "updated": (F("last_update_on").asc(nulls_first=True), "engagement_id"),
    "customer": ("engagement__customer__name", "engagement__name", "engagement_id"),
}

SLIPPING = Q(milestone_slip__gt=0)
# Below the share at which adoption alone would be on track (see metrics/bands.py): a person less is no finding.
BELOW_TARGET = Q(weekly_target__isnull=False, weekly_users__lt=F("weekly_target") * 0.7)


def got_worse(since: date) -> Q:
    """The last move of the band was for the worse, on the day `since` or later."""
    return Q(worse_on__gte=since)


def stale(today: date, cadence_days: int) -> Q:
    """Without an update for longer than two cadences."""
    return Q(last_update_on__isnull=True) | Q(last_update_on__lt=today - timedelta(days=2 * cadence_days))


class PortfolioLine(NamedTuple):
    """One row as it comes from the database; field names are the paths they are read from."""

    slug: str
    name: str
    customer: str
    lead: str
    phase: str
    status: str
    band: str
    score: int | None
    change: int | None
    mosaic_svg: str
    trend_svg: str
    reason: list[Any] | None
    rank: int
    override_band: str
    override_until: date | None
    headline: str
    changes: list[list[Any]]
    last_update_on: date | None
    weekly_users: int | None
    weekly_target: int | None
    full_target: int | None
    users_svg: str
    feed_stopped: bool
    feed_watch: dict[str, Any] | None
    milestone_title: str
    milestone_on: date | None
    milestone_slip: int | None
    npv: Decimal | None
    npv_currency: str


_PATHS = {
    "slug": "engagement__slug",
    "name": "engagement__name",
    "customer": "engagement__customer__name",
    "lead": "engagement__lead__name",
    "phase": "engagement__phase",
    "status": "engagement__status",
}
_COLUMNS = tuple(_PATHS.get(field, field) for field in PortfolioLine._fields)


def visible_rows(user: User) -> QuerySet[PortfolioRow]:
    """Rows of the engagements that `user` may see and that are not archived."""
    return PortfolioRow.objects.visible_to(user).filter(engagement__archived_at__isnull=True)


def live(rows: QuerySet[PortfolioRow]) -> QuerySet[PortfolioRow]:
    return rows.filter(engagement__status__in=LIVE_STATUSES)


def lines(
    rows: QuerySet[PortfolioRow], *, start: int, count: int, order: Sequence[Any] = ATTENTION_ORDER
) -> list[PortfolioLine]:
    """Up to `count` lines from position `start`, in attention order if none is asked for, in one statement."""
    ordered = rows.order_by(*order).values_list(*_COLUMNS)
    return [PortfolioLine(*values) for values in ordered[start : start + count]]


@dataclass(frozen=True, slots=True)
class Moved:
    """On how many engagements something of a kind happened from a day on."""

    since: date
    worse: int
    better: int
    slipped: int
    blocked: int
    updated: int


_MOVES = ("worse", "better", "slipped", "blocked", "updated")


@dataclass(frozen=True, slots=True)
class PortfolioFigures:
    """The strip above the list, over all live rows one sees.

    `npv` counts cases in the reporting currency only: amounts of different currencies are not added.
    """

    engagements: int
    on_track: int
    watch: int
    at_risk: int
    unknown: int
    weekly_users: int | None
    full_target: int | None
    npv: Decimal | None
    npv_cases: int
    other_currencies: int
    slipping: int
    below_target: int
    with_milestone: int
    updates_in: int
    stale: int
    moved: list[Moved]


def figures(
    rows: QuerySet[PortfolioRow], *, today: date, currency: str, cadence_days: int, moved_since: Sequence[date] = ()
) -> PortfolioFigures:
    """Count the `rows` and add their money up, in one statement. `today` is the reader's local day.

    `moved_since` names the days from which on moves are counted, each apart.
    """
    monday = today - timedelta(days=today.weekday())
    # Prefixed, because an aggregate that bears a column's name hides the column from the next one.
    sums = {f"of_{name}": sum_ for name, sum_ in _figure_sums(today, monday, currency, cadence_days).items()}
    moves = {f"{name}_{at}": sum_ for at, day in enumerate(moved_since) for name, sum_ in _move_sums(day).items()}
    found = rows.aggregate(**sums, **moves)
    counted = {name.removeprefix("of_"): found[name] for name in sums}
    moved = [Moved(day, **{name: found[f"{name}_{at}"] for name in _MOVES}) for at, day in enumerate(moved_since)]
    cents = counted.pop("npv_cents")
    return PortfolioFigures(**counted, npv=None if cents is None else Decimal(cents).scaleb(-2), moved=moved)


def _move_sums(since: date) -> dict[str, Any]:
    columns = zip(_MOVES, ("worse_on", "better_on", "slipped_on", "blocked_on", "last_update_on"), strict=True)
    return {name: Count("pk", filter=Q(**{f"{column}__gte": since})) for name, column in columns}


def _figure_sums(today: date, monday: date, currency: str, cadence_days: int) -> dict[str, Any]:
    bands = {band.value: Count("pk", filter=Q(band=band)) for band in Band}
    counted_cases = Q(npv__isnull=False, npv_currency=currency)
    return {
        "engagements": Count("pk"),
        **bands,
        "weekly_users": Sum("weekly_users", filter=Q(full_target__isnull=False)),
        "full_target": Sum("full_target", filter=Q(weekly_users__isnull=False)),
        # Whole cents: SQLite adds decimals up as floats.
        "npv_cents": Sum(Cast(Round(F("npv") * 100), BigIntegerField()), filter=counted_cases),
        "npv_cases": Count("pk", filter=counted_cases),
        "other_currencies": Count("pk", filter=Q(npv__isnull=False) & ~Q(npv_currency=currency)),
        "slipping": Count("pk", filter=SLIPPING),
        "below_target": Count("pk", filter=BELOW_TARGET),
        "with_milestone": Count("pk", filter=Q(milestone_on__isnull=False)),
        "updates_in": Count("pk", filter=Q(last_update_on__gte=monday)),
        "stale": Count("pk", filter=stale(today, cadence_days)),
    }
