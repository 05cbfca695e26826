"""Kinds about money over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engagements.metrics import returns, roi

Case = Mapping[str, Any]
Found = Mapping[str, Any]

MONTHS = 12
ANY_RATE = Decimal("0.1")


def decimals(values: Iterable[Any]) -> list[Decimal]:
    """Return flows as exact decimals."""
    return [Decimal(value) for value in values]


def tei_cash_flow(case: Case) -> Found:
    given = case["input"]
    table = roi.cash_flow(decimals(given["benefits"]), decimals(given["costs"]), Decimal(given["discount_rate"]))
    back = None if table.payback_years is None else table.payback_years * MONTHS
    keys = ("total_benefits", "total_costs", "total_net", "net", "pv_benefits", "pv_costs", "npv", "roi_pct")
    return {key: getattr(table, key) for key in keys} | {"payback_months": back, "payback_months_below": back}


def tei_benefit_line(case: Case) -> Found:
    given = case["input"]
    adjusted = roi.adjusted_benefit(decimals(given["unadjusted"]), Decimal(given["risk_adjustment"]))
    pv = roi.present_value(adjusted, Decimal(given["discount_rate"]), first_period=1)
    return {"adjusted": adjusted, "total": sum(adjusted), "pv": pv}


def tei_cost_lines(case: Case) -> Found:
    lines = [roi.adjusted_cost(decimals(line["flows"]), Decimal(line["risk"])) for line in case["input"]["lines"]]
    return {"pv_costs": roi.present_value(roi.summed(lines), Decimal(case["input"]["discount_rate"]))}


def tei_headline(case: Case) -> Found:
    given = case["input"]
    table = roi.cash_flow(decimals([given["pv_benefits"]]), decimals([given["pv_costs"]]), ANY_RATE)
    return {"npv": table.npv, "roi_pct": table.roi_pct}


def simple_roi(case: Case) -> Found:
    table = roi.cash_flow(decimals([0, case["input"]["benefit"]]), decimals([case["input"]["cost"]]), ANY_RATE)
    return {"net": table.total_net, "roi_pct": table.simple_roi_pct}


def npv(case: Case) -> Found:
    given = case["input"]
    return {"value": roi.present_value(decimals(given["flows"]), Decimal(given["rate"]), given["first_period"])}


def dated(case: Case) -> list[tuple[date, Decimal]]:
    return [(date.fromisoformat(day), Decimal(amount)) for day, amount in case["input"]["flows"]]


def xnpv(case: Case) -> Found:
    return {"value": returns.xnpv(dated(case), Decimal(case["input"]["rate"]))}


def irr(case: Case) -> Found:
    return {"value": returns.irr(decimals(case["input"]["flows"])).rate}


def xirr(case: Case) -> Found:
    return {"value": returns.xirr(dated(case)).rate}


def cash_flow_table(case: Case) -> Found:
    given = case["input"]
    benefits, costs, net = Decimal(given["pv_benefits"]), Decimal(given["pv_costs"]), decimals(given["net"])
    rate, gain = returns.irr(net).rate, roi.return_on_cost_pct(benefits, costs)
    return {
        "irr_pct": None if rate is None else 100 * rate,
        "payback_years": roi.payback(net).years,
        "bcr": None if gain is None else 1 + gain / 100,
        "npv": roi.cash_flow([benefits], [costs], ANY_RATE).npv,
    }


KINDS = {
    "irr": irr,
    "xirr": xirr,
    "xnpv": xnpv,
    "cash_flow_table": cash_flow_table,
    "tei_cash_flow": tei_cash_flow,
    "tei_benefit_line": tei_benefit_line,
    "tei_cost_lines": tei_cost_lines,
    "tei_headline": tei_headline,
    "simple_roi": simple_roi,
    "npv": npv,
}
LEFT_OUT = {
    "mirr": "no finance and reinvestment rates are kept",
    "hours_saved_simple": "rates are given per hour",
}
