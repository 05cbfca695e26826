"""Adoption of several engagements together, from the figures that the worker stores of each.

People are counted in each engagement: who works in two of them counts twice, as in the portfolio.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from engagements.metrics.adoption import AdoptionRate, ratio
from engagements.metrics.periods import week_start
from engagements.metrics.trend import Trend, trend
from engagements.models import PortfolioRow
from engagements.selectors.metric import newest_snapshots
from engagements.selectors.usage_facts import Usage, engagement_usages
from engagements.selectors.usage_figures import usage_values, week_values, weeks_before

Week = dict[str, Any]
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
# Sums of weeks are compared over so many, and only of engagements that were measured in all of them: two months.
WEEKS_COMPARED = 8
COUNTS = ("wau", "new", "returning", "resurrecting", "dormant")


class Stored(NamedTuple):
    """The figures of an engagement for one local day, as selectors/metric.py describes them."""

    as_of: date
    values: dict[str, Any]
    weeks: list[Week]


@dataclass(frozen=True, slots=True)
class Use:
    """One engagement. While nothing is measured or a feed has stopped, there are no figures and no weeks: unknown is not 0.

    `users` and `rate` are of the 7 days that end on `as_of`, `month` of 28; `weeks` are whole ones, by their first day;
    `running` is the one that is not over.
    """

    customer: str
    customer_slug: str
    engagement: str
    slug: str
    as_of: date | None = None
    users: int | None = None
    month: int | None = None
    target: int | None = None
    rate: AdoptionRate | None = None
    feed_stopped: bool = False
    weeks: Mapping[date, Week] = field(default_factory=dict)
    running: Week | None = None

    def covers(self, starts: Collection[date]) -> bool:
        """Whether there are such weeks, and each was measured as a whole."""
        return bool(starts) and all(start in self.weeks for start in starts)


@dataclass(frozen=True, slots=True)
class UseSums:
    """Several engagements together. `weeks` and `direction` are of the `steady` ones, measured in all weeks compared;
    `running` is the week after those, if each of them has begun it.

    `last_week` is the last whole week of all that were measured in it, without counts where none was.
    `target` counts `targeted` engagements, `rate` is of them alone.
    """

    engagements: int
    measured: int
    stopped: int
    users: int | None
    month: int | None
    targeted: int
    target: int | None
    rate: AdoptionRate
    last_week: Week
    steady: int
    weeks: list[Week]
    running: list[Week]
    direction: Trend | None


def uses(rows: QuerySet[PortfolioRow], until: date, first_weekday: int) -> list[Use]:
    """The engagements of `rows` by customer and name, each as of its newest day up to `until`.

    Three statements; five more where an earlier day was asked for that the worker has not stored.
    """
    figures = _stored(rows, until)
    figures |= _computed(_not_stored(rows, figures, until), until, first_weekday)
    return _named(rows, figures)


def newest_uses(rows: QuerySet[PortfolioRow]) -> list[Use]:
    """The same, each as of the newest day that the worker has stored. Two statements."""
    return _named(rows, _stored(rows, None))


def _named(rows: QuerySet[PortfolioRow], figures: Mapping[int, Stored]) -> list[Use]:
    paths = ("engagement_id", "engagement__customer__name", "engagement__customer__slug", "engagement__name", "engagement__slug")
    found = rows.order_by("engagement__customer__name", "engagement__name", "engagement_id").values_list(*paths)
    return [_use(names, figures.get(pk)) for pk, *names in found]


def _stored(rows: QuerySet[PortfolioRow], until: date | None) -> dict[int, Stored]:
    snapshots = newest_snapshots(rows.values("engagement"), until)
    return {pk: Stored(*values) for pk, *values in snapshots.values_list("engagement_id", "day", "values", "series__weeks")}


def _not_stored(rows: QuerySet[PortfolioRow], figures: Mapping[int, Stored], until: date) -> list[int]:
    """Engagements with figures of later days than `until` and none of that day itself."""
    later = newest_snapshots(rows.values("engagement")).filter(day__gt=until).values_list("engagement_id", flat=True)
    return [pk for pk in later if pk not in figures or figures[pk].as_of < until]


def _computed(engagement_ids: Collection[int], day: date, first_weekday: int) -> dict[int, Stored]:
    """What the worker would have stored for that day, from bitmaps and with its functions."""
    if not engagement_ids:
        return {}
    found = {}
    for pk, members in engagement_usages(engagement_ids).items():
        usage = Usage.of(members, day)
        weeks = weeks_before(usage, first_weekday)
        found[pk] = Stored(day, usage_values(usage, first_weekday), week_values(usage, weeks))
    return found


def _use(names: Sequence[str], stored: Stored | None) -> Use:
    if stored is None or not stored.values.get("last_usage_day"):
        return Use(*names)
    values = stored.values
    if values["feed_stopped"]:
        return Use(*names, as_of=stored.as_of, feed_stopped=True)
    weeks = {date.fromisoformat(week["start"]): week for week in stored.weeks or () if not week["partial"]}
    running = stored.weeks[-1] if weeks and stored.weeks[-1]["partial"] else None
    return Use(
        *names, as_of=stored.as_of, users=values["wau"], month=values["mau28"], target=values["weekly_target"],
        rate=_rate(values["adoption"]), weeks=weeks, running=running,
    )  # fmt: skip


def _rate(values: dict[str, Any]) -> AdoptionRate:
    users, denominator = values["numerator"], values["denominator"]
    return AdoptionRate(users, denominator, ratio(users, denominator), values["beyond_target"], values["more_users_than_licences"])


def weeks_compared(found: Iterable[Use], first_weekday: int) -> list[date]:
    """The first days of the last whole weeks: over in each engagement whose figures are of the newest days."""
    days = [use.as_of for use in found if use.as_of is not None]
    if not days:
        return []
    newest = max(days)
    running = min(week_start(day + DAY, first_weekday) for day in days if newest - day <= DAY)
    return [running - WEEK * back for back in range(WEEKS_COMPARED, 0, -1)]


def use_sums(found: Sequence[Use], starts: Sequence[date]) -> UseSums:
    """Add engagements up; `starts` are the weeks to compare, oldest first."""
    measured = [use for use in found if use.users is not None]
    targeted = [use for use in measured if use.rate is not None and use.rate.denominator]
    steady = [use for use in found if use.covers(starts)]
    weeks = [_week_sum([use.weeks[start] for use in steady], start) for start in starts] if steady else []
    in_last = [use for use in found if use.covers(starts[-1:])]
    return UseSums(
        engagements=len(found), measured=len(measured), stopped=sum(use.feed_stopped for use in found),
        users=_sum(use.users for use in measured), month=_sum(use.month for use in measured),
        targeted=len(targeted), target=_sum(use.target for use in targeted),
        rate=_rate_sum([use.rate for use in targeted if use.rate]),
        last_week=_week_sum([use.weeks[starts[-1]] for use in in_last], starts[-1]) if in_last else dict.fromkeys(COUNTS),
        steady=len(steady), weeks=weeks, running=_running_sum(steady, starts), direction=trend([week["wau"] for week in weeks]),
    )  # fmt: skip


def _sum(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _rate_sum(rates: Sequence[AdoptionRate]) -> AdoptionRate:
    users, targets = sum(rate.numerator for rate in rates), sum(rate.denominator or 0 for rate in rates)
    crowded = any(rate.more_users_than_licences for rate in rates)
    return AdoptionRate(users, targets or None, ratio(users, targets), sum(rate.beyond_target for rate in rates), crowded)


def _running_sum(steady: Sequence[Use], starts: Sequence[date]) -> list[Week]:
    """The week after those compared as far as it is known, of engagements that all have begun it; else nothing."""
    begun = [use.running for use in steady if use.running]
    if not begun or len(begun) < len(steady) or any(week["start"] != (starts[-1] + WEEK).isoformat() for week in begun):
        return []
    return [_week_sum(begun, starts[-1] + WEEK) | {"partial": True}]


def _week_sum(weeks: Sequence[Week], start: date) -> Week:
    """One week of several engagements in the form of a stored one; a target only where each of them has one."""
    targets = [week["target"] for week in weeks]
    target = None if None in targets else sum(targets)
    return {"start": start.isoformat(), "partial": False, "target": target, **{key: sum(week[key] for week in weeks) for key in COUNTS}}


def by_customer(found: Iterable[Use]) -> dict[str, list[Use]]:
    """Customer slug -> its engagements, in the order in which they stand."""
    groups: dict[str, list[Use]] = {}
    for use in found:
        groups.setdefault(use.customer_slug, []).append(use)
    return groups
