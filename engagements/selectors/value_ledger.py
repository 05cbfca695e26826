"""Realised beside estimated: by line, for the days that realised figures cover, and all lines up to a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from engagements.metrics import value_ledger as arithmetic
from engagements.metrics.roi import ZERO, Flows
from engagements.metrics.value_ledger import DAY, Booked, DatedLine, Plan
from engagements.models import RealisedValue, ValueCase, ValueLine
from engagements.public_page import wording
from engagements.selectors.value_flow import lines_of, metric_line, periods_of
from fde_portal.core import formats

State = RealisedValue.State
VERDICTS = (State.CONFIRMED, State.PROVISIONAL, State.DISPUTED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One realised figure, and what was estimated for its very days."""

    realised: RealisedValue
    estimated: Decimal

    @property
    def gap(self) -> Decimal:
        return self.realised.amount - self.estimated


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line as planned by period, and its realised figures, newest first; archived ones apart.

    Sums are over the days that figures cover which nobody disputes, None without any; `disputed` stands apart.
    """

    line: ValueLine
    flows: Flows
    entries: list[Entry]
    archived: list[RealisedValue]

    @property
    def counted(self) -> list[Entry]:
        """What the customer disputes does not count until it is corrected."""
        return [entry for entry in self.entries if entry.realised.state != State.DISPUTED]

    @property
    def disputed(self) -> Decimal:
        return _summed(entry.realised for entry in self.entries if entry.realised.state == State.DISPUTED)

    @property
    def realised(self) -> Decimal | None:
        return _summed(entry.realised for entry in self.counted) if self.counted else None

    @property
    def estimated(self) -> Decimal | None:
        return sum((entry.estimated for entry in self.counted), ZERO) if self.counted else None

    @property
    def gap(self) -> Decimal | None:
        return None if self.realised is None or self.estimated is None else self.realised - self.estimated

    @property
    def dated(self) -> DatedLine:
        """As arithmetic takes it."""
        counted = (entry.realised for entry in self.counted)
        return DatedLine(self.line.is_benefit, self.flows, [Booked(row.period_from, row.period_to, row.amount) for row in counted])


@dataclass(frozen=True, slots=True)
class ToDate:
    """What a case brought and cost up to the last day `until` that realised benefits cover.

    `benefits` is what nobody disputes, `confirmed` the part the customer confirmed, `disputed` stands apart.
    `capacity` is the part of the benefits that is hours released, `hours` those hours; None where nobody counted any.
    `costs` are as recorded, and as planned on days that nobody recorded. `totals` is the running total of benefits
    minus costs by month from time 0.
    """

    until: date
    benefits: Decimal
    confirmed: Decimal
    disputed: Decimal
    capacity: Decimal
    hours: Decimal | None
    costs: Decimal
    totals: tuple[Decimal, ...]

    @property
    def net(self) -> Decimal:
        return self.benefits - self.costs


@dataclass(frozen=True, slots=True)
class Ledger:
    """All lines of a case, in their order."""

    case: ValueCase
    rows: list[LedgerLine]

    @property
    def plan(self) -> Plan:
        return Plan(self.case.starts_on, periods_of(self.case))

    @property
    def benefits(self) -> list[RealisedValue]:
        """Realised figures of benefits, also disputed ones."""
        return [entry.realised for row in self.rows if row.line.is_benefit for entry in row.entries]

    @property
    def archived(self) -> list[RealisedValue]:
        return [row for line in self.rows for row in line.archived]

    @property
    def verdicts(self) -> str:
        """What is confirmed, open and disputed, each apart; "" without a realised figure."""
        states = [entry.realised.state for row in self.rows for entry in row.entries]
        counts = [states.count(state) for state in VERDICTS]
        amounts = [sum((row.amount for row in self.benefits if row.state == state), Decimal(0)) for state in VERDICTS]
        said = wording.amounts(self.case.currency, *amounts) if self.benefits else ""
        return formats.sentences(wording.verdicts(*counts), said) if states else ""


def ledger_of(case: ValueCase) -> Ledger:
    """All lines of a case with what was realised of them, in four statements."""
    lines = lines_of(case).prefetch_related(Prefetch("realised", to_attr="entries"))
    return Ledger(case, [_ledger_line(line, case) for line in lines])


def _ledger_line(line: ValueLine, case: ValueCase) -> LedgerLine:
    flows, plan = metric_line(line, case).flows({}), Plan(case.starts_on, periods_of(case))
    for row in line.entries:
        row.line = line  # what a page says of it, without asking again
    current = [row for row in line.entries if not row.is_archived]
    entries = [Entry(row, plan.between(flows, row.period_from, row.period_to)) for row in current]
    return LedgerLine(line, flows, entries, [row for row in line.entries if row.is_archived])


def to_date(ledger: Ledger) -> ToDate | None:
    """What came of a case so far; None before a benefit was realised."""
    counted = [row for row in ledger.benefits if row.state != State.DISPUTED]
    if not counted:
        return None
    until = max(row.period_to for row in counted)
    lines = [row.dated for row in ledger.rows]
    hours = [row.hours for row in counted if row.hours is not None]
    return ToDate(
        until=until,
        benefits=_summed(counted),
        confirmed=_summed(row for row in counted if row.state == State.CONFIRMED),
        disputed=_summed(row for row in ledger.benefits if row.state == State.DISPUTED),
        capacity=_summed(row for row in counted if row.line.is_hours),
        hours=sum(hours, ZERO) if hours else None,
        costs=arithmetic.costs_before(lines, ledger.plan, until + DAY),
        totals=arithmetic.actual_by_month(lines, ledger.plan, until),
    )


def _summed(rows: Iterable[RealisedValue]) -> Decimal:
    return sum((row.amount for row in rows), ZERO)
