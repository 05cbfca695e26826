"""The value of the portfolio: planned, realised and confirmed, by engagement and in sums of the reporting currency.

Money is added up here and not in the database: SQLite adds decimals up as floats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from engagements.metrics.currencies import Rate, Rates
from engagements.metrics.roi import ZERO
from engagements.models import PortfolioRow, RealisedValue, ValueLine
from engagements.selectors.metric import newest_snapshots
from fde_portal.accounts.models import ExchangeRate, User

State = RealisedValue.State


class Realised(NamedTuple):
    """What a benefit brought in a period, in the currency of its case."""

    engagement_id: int
    kind: str
    amount: Decimal
    hours: Decimal | None
    state: str
    period_to: date


@dataclass(frozen=True, slots=True)
class CaseValue:
    """The newest value case of one engagement, in its own currency; amounts are None where the engagement has no case.

    `npv` is the stored headline, the one of the value tab and the portfolio. Of `benefits` (present value) `capacity` is
    hours released, and `assumed` rests on assumptions only. `hours` are 0 where the case counts none. What a snapshot from
    before did not measure is None, never 0: hours would pass for cash.
    """

    customer: str
    customer_slug: str
    engagement: str
    slug: str
    phase: str
    currency: str
    npv: Decimal | None
    benefits: Decimal | None
    costs: Decimal | None
    capacity: Decimal | None
    assumed: Decimal | None
    hours: Decimal | None
    realised: tuple[Realised, ...]

    def brought(self, *states: str) -> Decimal:
        """What was realised in one of these states, in the case's currency."""
        return sum((row.amount for row in self.realised if row.state in states), ZERO)

    @property
    def hours_realised(self) -> Decimal:
        return sum((row.hours for row in self.realised if row.hours is not None and row.state != State.DISPUTED), ZERO)


@dataclass(frozen=True, slots=True)
class Sums:
    """Amounts in one currency over several cases. What the customer disputes is in `disputed` alone.

    A sum with a part that was not measured is None: the rest would pass for all of it.
    """

    engagements: int = 0
    cases: int = 0
    npv: Decimal = ZERO
    benefits: Decimal | None = ZERO
    capacity: Decimal | None = ZERO
    assumed: Decimal | None = ZERO
    confirmed: Decimal = ZERO
    open: Decimal = ZERO
    disputed: Decimal = ZERO
    figures: int = 0  # that were recorded: without one, nothing is known of what came
    hours: Decimal | None = ZERO
    hours_realised: Decimal = ZERO
    left_out: frozenset[str] = frozenset()  # currencies without a rate

    def __add__(self, other: Sums) -> Sums:
        pairs = ((getattr(self, part.name), getattr(other, part.name)) for part in fields(self))
        return Sums(*(_added(mine, theirs) for mine, theirs in pairs))

    @property
    def realised(self) -> Decimal:
        return self.confirmed + self.open

    @property
    def cash(self) -> Decimal | None:
        """Benefits that are money, without hours released; None where either was not measured."""
        return None if self.benefits is None or self.capacity is None else self.benefits - self.capacity

    @property
    def assumed_share(self) -> Decimal | None:
        return self.assumed / self.benefits if self.benefits and self.assumed is not None else None


def _added(mine: Any, theirs: Any) -> Any:
    if isinstance(mine, frozenset):
        return mine | theirs
    return None if mine is None or theirs is None else mine + theirs


def case_values(rows: QuerySet[PortfolioRow], user: User) -> list[CaseValue]:
    """The engagements of `rows` with their cases, by customer and name, in three statements."""
    paths = ("engagement_id", "engagement__customer__name", "engagement__customer__slug", "engagement__name", "engagement__slug", "engagement__phase")
    found = list(rows.order_by("engagement__customer__name", "engagement__name", "engagement_id").values_list(*paths, "npv", "npv_currency"))
    stored = _stored_values(rows)
    realised = _realised(rows, [value["case_id"] for value in stored.values()], user)
    return [
        _case_value(names, npv, currency, stored.get(pk) if npv is not None else None, realised.get(pk, []))
        for pk, *names, npv, currency in found
    ]


def _stored_values(rows: QuerySet[PortfolioRow]) -> dict[int, dict[str, Any]]:
    """What the newest snapshot of each engagement says of its case."""
    found = newest_snapshots(rows.values("engagement")).values_list("engagement_id", "values__value")
    return {pk: value for pk, value in found if value}


def _realised(rows: QuerySet[PortfolioRow], cases: Sequence[int], user: User) -> dict[int, list[Realised]]:
    columns = ("line__case__engagement_id", "line__kind", "amount", "hours", "state", "period_to")
    seen = RealisedValue.objects.visible_to(user).current().filter(line__case__in=cases, line__kind__in=ValueLine.BENEFITS)
    found: dict[int, list[Realised]] = {}
    for values in seen.filter(line__case__engagement__in=rows.values("engagement")).values_list(*columns):
        found.setdefault(values[0], []).append(Realised(*values))
    return found


def _case_value(names: Sequence[str], npv: Decimal | None, currency: str, stored: dict[str, Any] | None, realised: list[Realised]) -> CaseValue:
    known = stored or {}
    amounts = {key: None if known.get(name) is None else Decimal(known[name]) for key, name in STORED.items()}
    return CaseValue(*names, currency=currency, npv=npv, **amounts, realised=tuple(realised))


# A field and what the snapshot calls it.
STORED = {"benefits": "pv_benefits", "costs": "pv_costs", "capacity": "pv_capacity", "assumed": "pv_assumed", "hours": "hours"}


def rates_to(currency: str) -> Rates:
    known = ExchangeRate.objects.current().filter(base=currency).values_list("currency", "rate_on", "worth")
    return Rates(currency, (Rate(*values) for values in known))


def sums(values: Iterable[CaseValue], rates: Rates, today: date) -> Sums:
    """Add cases up in the reporting currency."""
    return sum((counted(value, rates, today) for value in values), Sums())


def counted(value: CaseValue, rates: Rates, today: date) -> Sums:
    """One engagement in the reporting currency: plans at today's rate, realised figures at that of their last day.

    A case whose currency has no rate for one of these days is left out, and its currency named.
    """
    rate = rates.on(value.currency, today)
    came = [(State(row.state), rates.converted(row.amount, value.currency, row.period_to)) for row in value.realised]
    if value.npv is None:
        return Sums(engagements=1)
    if rate is None or any(worth is None for _, worth in came):
        return Sums(engagements=1, left_out=frozenset({value.currency}))
    amounts = {name: getattr(value, name) for name in ("npv", "benefits", "capacity", "assumed")}
    planned = {name: None if amount is None else amount * rate.worth for name, amount in amounts.items()}
    verdicts = {name: sum((worth for state, worth in came if state == said and worth), ZERO) for name, said in VERDICTS.items()}
    return Sums(engagements=1, cases=1, **planned, **verdicts, figures=len(came), hours=value.hours, hours_realised=value.hours_realised)


VERDICTS = {"confirmed": State.CONFIRMED, "open": State.PROVISIONAL, "disputed": State.DISPUTED}


def grouped(values: Iterable[CaseValue], key: Callable[[CaseValue], str], rates: Rates, today: date) -> dict[str, Sums]:
    """Sums by what `key` says of a case, in the order in which it first says it."""
    members: dict[str, list[CaseValue]] = {}
    for value in values:
        members.setdefault(key(value), []).append(value)
    return {name: sums(group, rates, today) for name, group in members.items()}
