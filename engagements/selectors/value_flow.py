"""The yearly flows of a value case, of all its lines or of those the customer sees."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from engagements.metrics import roi
from engagements.models.value import Confidence, ValueCase, ValueLine

CONFIDENCE_WEIGHTS = {
    Confidence.OBSERVED: Decimal("1.0"),
    Confidence.CALCULATED: Decimal("0.8"),
    Confidence.ESTIMATED: Decimal("0.5"),
    Confidence.ASSUMED: Decimal("0.25"),
}


def case_flow(case: ValueCase) -> roi.CashFlow:
    """Return the risk-adjusted yearly table of a case, all its lines, each weighed once.

    A benefit counts by its attribution and confidence, then loses its risk adjustment; a cost
    counts by its attribution and is raised by its own.
    """
    return _flow_of(case, case.lines.prefetch_related("amounts"))


def shared_flow(case: ValueCase) -> roi.CashFlow | None:
    """The same table of the shared lines alone; None when no line is shared."""
    lines = list(case.lines.filter(is_shared=True).prefetch_related("amounts"))
    return _flow_of(case, lines) if lines else None


def _flow_of(case: ValueCase, lines: Sequence[ValueLine]) -> roi.CashFlow:
    benefits = [line_flow(line, case) for line in lines if line.is_benefit]
    costs = [line_flow(line, case) for line in lines if not line.is_benefit]
    return roi.cash_flow(roi.summed(benefits), roi.summed(costs), case.discount_rate)


def line_flow(line: ValueLine, case: ValueCase) -> roi.Flows:
    """Return what one line counts for, year by year from time 0; positive for benefits and for costs alike."""
    return _benefit(line, case) if line.is_benefit else _cost(line, case)


def _benefit(line: ValueLine, case: ValueCase) -> roi.Flows:
    certainty = CONFIDENCE_WEIGHTS[Confidence(line.confidence)] if case.weighs_confidence else 1
    return roi.adjusted_benefit(_amounts(line, case, line.attribution * certainty), line.risk_adjustment)


def _cost(line: ValueLine, case: ValueCase) -> roi.Flows:
    # No weight of confidence: doubt about a cost must not make it smaller.
    return roi.adjusted_cost(_amounts(line, case, line.attribution), line.risk_adjustment)


def _amounts(line: ValueLine, case: ValueCase, share: Decimal) -> list[Decimal]:
    by_year = {amount.year: amount.amount for amount in line.amounts.all()}
    return [by_year.get(year, roi.ZERO) * share for year in range(case.years + 1)]
