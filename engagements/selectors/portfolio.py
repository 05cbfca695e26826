"""The portfolio: one statement for its lines, one for the figures above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, NullIf, Round

from engagements.models import Band, Engagement, PortfolioRow
from engagements.models.engagement import LIVE_STATUSES
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import Scope, scope_of
from fde_portal.core.prepared import Param, prepared

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

# What a list may be sorted by; ATTENTION_ORDER is the order it has by itself. Planned values of different currencies do not
# compare: they stand currency by currency.
_SORTED: dict[str, tuple[Any, ...]] = {
    "customer": (F("engagement__customer__name"), F("engagement__name")),
    "score": (F("score"),),
    "change": (F("change"),),
    "milestone": (F("milestone_on"),),
    "users": (F("weekly_users") * 1.0 / NullIf(F("weekly_target"), 0),),
    "value": (NullIf(F("npv_currency"), Value("")), F("npv")),
    "updated": (F("last_update_on"),),
}


def _orders() -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Each key both ways. What is not known stands last, but whoever never wrote an update has the oldest one."""
    for key, columns in _SORTED.items():
        first = {"nulls_first": True} if key == "updated" else {"nulls_last": True}
        yield key, (*(column.asc(**first) for column in columns), "engagement_id")
        yield f"-{key}", (*(column.desc(nulls_last=True) for column in columns), "engagement_id")


ORDERS: dict[str, tuple[Any, ...]] = dict(_orders())

SLIPPING = Q(milestone_slip__gt=0)
# Below the share at which adoption alone would be on track (see metrics/bands.py): a person less is no finding.
BELOW_TARGET = Q(weekly_target__isnull=False, weekly_users__lt=F("weekly_target") * 0.7)


def got_worse(since: date | Param) -> Q:
    """The last move of the band was for the worse, on the day `since` or later."""
    return Q(worse_on__gte=since)


def stale(oldest: date | Param) -> Q:
    """Without an update since `oldest`, which `oldest_update` gives."""
    return Q(last_update_on__isnull=True) | Q(last_update_on__lt=oldest)


def oldest_update(today: date, cadence_days: int) -> date:
    """An update before this day is stale: two cadences have passed."""
    return today - timedelta(days=2 * cadence_days)


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
    return _visible(scope_of(user), user)


def _visible(scope: Scope, viewer: User | Param) -> QuerySet[PortfolioRow]:
    return PortfolioRow.objects.within(scope, viewer).filter(engagement__archived_at__isnull=True)


def leads(user: User) -> list[tuple[int, str]]:
    """Id and name of everybody who leads something that `user` sees, by name."""
    return _leads(scope=scope_of(user), viewer=user)


@prepared
def _leads(*, scope: Scope, viewer: Param) -> QuerySet[User]:
    led = _visible(scope, viewer).values("engagement__lead")
    return User.objects.filter(pk__in=led).order_by("name").values_list("pk", "name")


def live(rows: QuerySet[PortfolioRow]) -> QuerySet[PortfolioRow]:
    return rows.filter(engagement__status__in=LIVE_STATUSES)


def lines(
    rows: QuerySet[PortfolioRow], *, start: int, count: int, order: Sequence[Any] = ATTENTION_ORDER
) -> list[PortfolioLine]:
    """Up to `count` lines from position `start`, in attention order if none is asked for, in one statement."""
    return [PortfolioLine(*values) for values in _ordered(rows, order)[start : start + count]]


def live_lines(user: User, *, start: int, count: int) -> list[PortfolioLine]:
    """Lines of the live work that `user` sees, in attention order: the list as it opens."""
    return [PortfolioLine(*values) for values in _live_lines(scope=scope_of(user), viewer=user, start=start, count=count)]


@prepared
def _live_lines(*, scope: Scope, viewer: Param, start: int, count: int) -> QuerySet[PortfolioRow]:
    return _ordered(live(_visible(scope, viewer)), ATTENTION_ORDER)[start : start + count]


def lines_of(engagements: Sequence[Engagement]) -> list[PortfolioLine]:
    """The lines of `engagements`, which their reader sees, in attention order, in one statement."""
    return [PortfolioLine(*values) for values in _lines_of(engagements=engagements)]


@prepared
def _lines_of(*, engagements: Param) -> QuerySet[PortfolioRow]:
    return _ordered(PortfolioRow.objects.filter(engagement__in=engagements), ATTENTION_ORDER)


def _ordered(rows: QuerySet[PortfolioRow], order: Sequence[Any]) -> QuerySet[PortfolioRow]:
    return rows.order_by(*order).values_list(*_COLUMNS)


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
_SINCE = ("first", "second")
_OF = "of_"


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


def figures(user: User, *, today: date, currency: str, cadence_days: int, moved_since: Sequence[date] = ()) -> PortfolioFigures:
    """Count the live rows that `user`, who may see records, sees, and add their money up, in one statement.

    `today` is their local day. `moved_since` names up to two days from which on moves are counted, each apart.
    """
    # Without a second day its moves are counted as none, because nothing is on or after NULL, and not told.
    since = dict(zip_longest(_SINCE, moved_since))
    (found,) = _figures(
        scope=scope_of(user), viewer=user, monday=today - timedelta(days=today.weekday()),
        oldest=oldest_update(today, cadence_days), currency=currency, **since,
    )  # fmt: skip
    counted = {name.removeprefix(_OF): count for name, count in found.items() if name.startswith(_OF)}
    cents = counted.pop("npv_cents")
    moved = [
        Moved(day, **{name: found[f"{name}_{since}"] for name in _MOVES}) for since, day in zip(_SINCE, moved_since, strict=False)
    ]
    return PortfolioFigures(**counted, npv=None if cents is None else Decimal(cents).scaleb(-2), moved=moved)


@prepared
def _figures(
    *, scope: Scope, viewer: Param, monday: Param, oldest: Param, currency: Param, first: Param, second: Param
) -> QuerySet[PortfolioRow]:
    # Prefixed, because an aggregate that bears a column's name hides the column from the next one.
    sums = {f"{_OF}{name}": sum_ for name, sum_ in _figure_sums(monday, oldest, currency).items()}
    for since, day in zip(_SINCE, (first, second), strict=True):
        sums |= {f"{name}_{since}": sum_ for name, sum_ in _move_sums(day).items()}
    # A constant groups nothing: all rows become one, and so do none.
    return live(_visible(scope, viewer)).order_by().values(every=Value(1)).annotate(**sums).values(*sums)


def _move_sums(since: Param) -> dict[str, Any]:
    columns = zip(_MOVES, ("worse_on", "better_on", "slipped_on", "blocked_on", "last_update_on"), strict=True)
    return {name: Count("pk", filter=Q(**{f"{column}__gte": since})) for name, column in columns}


def _figure_sums(monday: Param, oldest: Param, currency: Param) -> dict[str, Any]:
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
        "stale": Count("pk", filter=stale(oldest)),
    }
