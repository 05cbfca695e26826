"""The figures of a value case as the worker stores them: headline, ranges, rates of return, parts, totals by period."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engagements.metrics import roi
from engagements.metrics.returns import Return
from engagements.metrics.value_limits import fits
from engagements.metrics.value_lines import DRAWS, Line, Scenario, flow_of, inputs_of, moves, simulate
from engagements.models import ValueCase
from engagements.selectors.usage_figures import written
from engagements.selectors.value_flow import lines_of, metric_lines, parts_of, periods_of, rates_of

# Shares and years: places beyond those that are shown.
PLACES = 4


def value_figures(case: ValueCase) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Return the headline of a case with all that stands beside it, and its totals by period; None and no totals where it does not fit."""
    rows = list(lines_of(case))
    lines, periods = metric_lines(case, rows), periods_of(case)
    flow = flow_of(lines, case.discount_rate, periods)
    ends = [flow_of(lines, case.discount_rate, periods, inputs_of(lines, end)) for end in (Scenario.LOW, Scenario.HIGH)]
    if not all(fits(found) for found in (flow, *ends)):
        return None, []
    parts, rates = parts_of(case, rows), rates_of(flow, case.starts_on)
    facts = {"case_id": case.pk, "title": case.title, "currency": case.currency, "periods": periods, "starts_on": case.starts_on.isoformat()}
    more = {
        "irr": _return(rates.yearly),
        "xirr": _return(rates.dated),
        "pv_capacity": written(parts.capacity, 2),
        "pv_assumed": written(parts.assumed, 2),
        "hours": written(parts.hours, 1),
        "ranges": _ranges(case, lines, *ends),
    }
    return facts | _headline(flow) | more, _totals(flow, *ends)


def _ranges(case: ValueCase, lines: list[Line], low: roi.CashFlow, high: roi.CashFlow) -> dict[str, Any]:
    """Both ends, a simulation that is the same each time, and what each input does alone."""
    spread = simulate(lines, case.discount_rate, periods_of(case), seed=case.pk)
    found = moves(lines, case.discount_rate, periods_of(case))
    return {
        "low_npv": written(low.npv, 2),
        "high_npv": written(high.npv, 2),
        "low_payback": written(low.payback_years, PLACES),
        "high_payback": written(high.payback_years, PLACES),
        "p10": written(spread.p10, 2),
        "p50": written(spread.p50, 2),
        "p90": written(spread.p90, 2),
        "above_zero": written(spread.above_zero, PLACES),
        "draws": DRAWS,
        "moves": [{"key": move.key, "low": written(move.low, 2), "high": written(move.high, 2)} for move in found],
    }


def _return(found: Return) -> dict[str, Any]:
    return {"rate": written(found.rate), "is_ambiguous": found.is_ambiguous, "is_too_short": found.is_too_short}


def _headline(flow: roi.CashFlow) -> dict[str, str | None]:
    money = ("pv_benefits", "pv_costs", "npv", "total_benefits", "total_costs")
    ratios = ("roi_pct", "payback_years")
    return {key: written(getattr(flow, key), 2) for key in money} | {key: written(getattr(flow, key), PLACES) for key in ratios}


def _totals(flow: roi.CashFlow, low: roi.CashFlow, high: roi.CashFlow) -> list[dict[str, Any]]:
    """Net amounts and running totals by period, with the running totals at both ends."""
    totals: zip[tuple[Decimal, ...]] = zip(flow.net, flow.cumulative, low.cumulative, high.cumulative, strict=True)
    return [
        {"period": at, "net": written(net, 2), "cumulative": written(total, 2), "low": written(cautious, 2), "high": written(hopeful, 2)}
        for at, (net, total, cautious, hopeful) in enumerate(totals)
    ]
