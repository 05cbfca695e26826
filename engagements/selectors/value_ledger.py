"""Realised beside estimated: by line, for the days that realised figures cover."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from engagements.metrics.roi import ZERO
from engagements.metrics.value_ledger import accrued
from engagements.models import RealisedValue, ValueCase, ValueLine
from engagements.public_page import wording
from engagements.selectors.value_flow import lines_of, metric_line, periods_of

State = RealisedValue.State


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
    """A line with its realised figures, newest first. Sums are over the days they cover; None without any."""

    line: ValueLine
    entries: list[Entry]

    @property
    def realised(self) -> Decimal | None:
        return sum((entry.realised.amount for entry in self.entries), ZERO) if self.entries else None

    @property
    def estimated(self) -> Decimal | None:
        return sum((entry.estimated for entry in self.entries), ZERO) if self.entries else None

    @property
    def gap(self) -> Decimal | None:
        return None if self.realised is None or self.estimated is None else self.realised - self.estimated


def ledger_of(case: ValueCase) -> list[LedgerLine]:
    """All lines of a case, in four statements."""
    lines = lines_of(case).prefetch_related(Prefetch("realised", RealisedValue.objects.current(), to_attr="entries"))
    return [_ledger_line(line, case) for line in lines]


def _ledger_line(line: ValueLine, case: ValueCase) -> LedgerLine:
    flows, periods = metric_line(line, case).flows({}), periods_of(case)
    entries = [Entry(row, accrued(flows, case.starts_on, periods, row.period_from, row.period_to)) for row in line.entries]
    return LedgerLine(line, entries)


def ledger_verdicts(ledger: list[LedgerLine]) -> str:
    """What is confirmed, open and disputed, each apart; "" without a realised figure."""
    states = [entry.realised.state for row in ledger for entry in row.entries]
    counts = [states.count(state) for state in (State.CONFIRMED, State.PROVISIONAL, State.DISPUTED)]
    return wording.verdicts(*counts) if states else ""
