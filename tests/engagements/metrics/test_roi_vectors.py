"""Money figures as published studies and other libraries print them."""

from datetime import date
from decimal import Decimal

import pytest

from engagements.metrics import roi
from engagements.metrics.returns import Return, irr, xirr, xnpv
from tests.engagements.metrics.published import case_id, cases, differences

ROI = "roi.json"
MONTHS = 12
# irr-np-44b has a second root below -99.9 %, where no rate is looked for.
SEVERAL_RATES = {"irr-trailing-zeros", "xirr-30-14"}

NOT_BUILT = {
    "mirr": "the product has no use for it",
    "hours_saved_simple": "the product has no use for it",
}


def decimals(values) -> list[Decimal]:
    return [Decimal(value) for value in values]


@pytest.mark.parametrize("case", cases(ROI, "tei_cash_flow"), ids=case_id)
def test_a_published_cash_flow_table_is_reproduced_to_the_dollar(case):
    table = roi.cash_flow(
        decimals(case["input"]["benefits"]), decimals(case["input"]["costs"]), case["input"]["discount_rate"]
    )

    payback = {"payback_months", "payback_months_below"}
    found = {key: getattr(table, key) for key in case["expected"].keys() - payback}
    assert differences(case, found) == {}


@pytest.mark.parametrize("case", cases(ROI, "tei_cash_flow"), ids=case_id)
def test_a_published_payback_is_reproduced(case):
    years = roi.payback(
        [Decimal(b - c) for b, c in zip(case["input"]["benefits"], case["input"]["costs"], strict=True)]
    ).years

    months = years * MONTHS
    assert months == case["expected"].get("payback_months", months)
    assert months < case["expected"].get("payback_months_below", months + 1)


@pytest.mark.parametrize("case", cases(ROI, "tei_benefit_line"), ids=case_id)
def test_a_benefit_line_is_cut_by_its_risk_before_discounting(case):
    adjusted = roi.adjusted_benefit(decimals(case["input"]["unadjusted"]), case["input"]["risk_adjustment"])

    pv = roi.present_value(adjusted, case["input"]["discount_rate"], first_period=1)
    assert differences(case, {"adjusted": list(adjusted), "total": sum(adjusted), "pv": pv}) == {}


@pytest.mark.parametrize("case", cases(ROI, "tei_cost_lines"), ids=case_id)
def test_cost_lines_are_raised_by_their_risk_before_discounting(case):
    costs = roi.summed([roi.adjusted_cost(decimals(line["flows"]), line["risk"]) for line in case["input"]["lines"]])

    assert differences(case, {"pv_costs": roi.present_value(costs, case["input"]["discount_rate"])}) == {}


@pytest.mark.parametrize("case", cases(ROI, "tei_headline"), ids=case_id)
def test_headlines_follow_from_the_published_present_values(case):
    table = roi.cash_flow(
        decimals([case["input"]["pv_benefits"]]), decimals([case["input"]["pv_costs"]]), Decimal("0.1")
    )

    assert differences(case, {"npv": table.npv, "roi_pct": table.roi_pct}) == {}


@pytest.mark.parametrize("case", cases(ROI, "simple_roi"), ids=case_id)
def test_simple_roi_equals_the_published_one(case):
    table = roi.cash_flow(decimals([0, case["input"]["benefit"]]), decimals([case["input"]["cost"]]), Decimal("0.1"))

    assert differences(case, {"net": table.total_net, "roi_pct": table.simple_roi_pct}) == {}


@pytest.mark.parametrize("case", cases(ROI, "npv"), ids=case_id)
def test_npv_follows_the_period_of_the_first_flow(case):
    value = roi.present_value(
        decimals(case["input"]["flows"]), Decimal(case["input"]["rate"]), case["input"]["first_period"]
    )

    assert differences(case, {"value": value}) == {}


@pytest.mark.parametrize("case", cases(ROI, "cash_flow_table"), ids=case_id)
def test_headlines_of_a_published_table(case):
    benefits, costs = Decimal(case["input"]["pv_benefits"]), Decimal(case["input"]["pv_costs"])
    found = {
        "payback_years": roi.payback(decimals(case["input"]["net"])).years,
        "npv": roi.cash_flow([benefits], [costs], Decimal("0.04")).npv,
        "bcr": 1 + roi.return_on_cost_pct(benefits, costs) / 100,
        "irr_pct": 100 * irr(decimals(case["input"]["net"])).rate,
    }

    assert differences(case, found) == {}
    assert case["expected"].keys() == found.keys()


def dated(case) -> list[tuple[date, Decimal]]:
    return [(date.fromisoformat(day), Decimal(amount)) for day, amount in case["input"]["flows"]]


@pytest.mark.parametrize("case", cases(ROI, "irr"), ids=case_id)
def test_a_rate_of_return_equals_the_published_one(case):
    found = irr(decimals(case["input"]["flows"]))

    if case["expected"]["value"] is None:
        assert found == Return(None)
    else:
        assert differences(case, {"value": found.rate}) == {}
        assert found.is_ambiguous is (case["id"] in SEVERAL_RATES)


@pytest.mark.parametrize("case", cases(ROI, "xirr"), ids=case_id)
def test_a_rate_of_return_of_dated_flows_equals_the_published_one(case):
    found = xirr(dated(case))

    assert differences(case, {"value": found.rate}) == {}
    assert found.is_ambiguous is (case["id"] in SEVERAL_RATES)


@pytest.mark.parametrize("case", cases(ROI, "xnpv"), ids=case_id)
def test_a_present_value_of_dated_flows_equals_the_published_one(case):
    assert differences(case, {"value": xnpv(dated(case), case["input"]["rate"])}) == {}


def test_every_kind_of_case_is_asserted_or_named_as_left_out():
    asserted = {
        "tei_cash_flow",
        "tei_benefit_line",
        "tei_cost_lines",
        "tei_headline",
        "simple_roi",
        "npv",
        "cash_flow_table",
        "irr",
        "xirr",
        "xnpv",
    }

    assert {case["kind"] for case in cases(ROI)} == asserted | NOT_BUILT.keys()
