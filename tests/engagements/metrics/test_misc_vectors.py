"""Wilson interval, growth accounting, slopes and bands as published."""

import pytest

from engagements.metrics import adoption, bands, lifecycle, trend
from tests.engagements.metrics.published import case_id, cases, differences

MISC = "misc.json"

NOT_BUILT = {
    "wilson_cc": "Wilson's interval is shown without continuity correction",
    "nps": "no survey is kept",
    "evm": "the product has no use for it",
    "health_linear": "the product has no use for it",
}


@pytest.mark.parametrize("case", cases(MISC, "wilson"), ids=case_id)
def test_wilson_interval_equals_that_of_r(case):
    low, high = adoption.wilson(case["input"]["k"], case["input"]["n"], float(case["input"]["confidence"]))

    assert differences(case, {"low": low, "high": high}) == {}


@pytest.mark.parametrize("case", cases(MISC, "growth"), ids=case_id)
def test_growth_accounting_equals_the_published_identity(case):
    given = case["input"]
    changes = given["new"], given["resurrected"], given["dormant"]

    found = {
        "active": lifecycle.active_after(given["prev_active"], *changes),
        "quick_ratio": lifecycle.quick_ratio(*changes),
    }
    assert differences(case, found) == {}


@pytest.mark.parametrize("case", cases(MISC, "trend_ols"), ids=case_id)
def test_least_squares_equals_the_certified_line(case):
    line = trend.least_squares(case["input"]["x"], case["input"]["y"])

    assert differences(case, {key: getattr(line, key) for key in case["expected"]}) == {}


@pytest.mark.parametrize("case", cases(MISC, "trend_theil_sen"), ids=case_id)
def test_theil_sen_slope_equals_that_of_scipy(case):
    fit = trend.theil_sen(case["input"]["x"], case["input"]["y"])

    assert differences(case, {key: getattr(fit, key) for key in case["expected"]}) == {}


@pytest.mark.parametrize("case", cases(MISC, "health_bands"), ids=case_id)
def test_bands_put_each_published_point_where_its_source_does(case):
    """The source names upper bounds; ours are the lowest whole score of the next band."""
    red, yellow, _ = (bound for _, bound in case["input"]["upper_bounds"])
    limits = bands.Bands(on_track=yellow + 1, watch=red + 1)
    colour = {bands.Band.AT_RISK: "red", bands.Band.WATCH: "yellow", bands.Band.ON_TRACK: "green"}

    found = [[points, colour[bands.band_of(points, limits)]] for points, _ in case["input"]["points"]]
    assert found == case["input"]["points"]


def test_every_kind_of_case_is_asserted_or_named_as_left_out():
    asserted = {"wilson", "growth", "trend_ols", "trend_theil_sen", "health_bands"}

    assert {case["kind"] for case in cases(MISC)} == asserted | NOT_BUILT.keys()
