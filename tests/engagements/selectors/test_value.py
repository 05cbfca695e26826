from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engagements.models import ValueCase
from engagements.selectors.metric import Metrics
from engagements.selectors.value import ValueFigures, figures_of_case, value_figures


def figures(net: list[int], payback: str | None) -> ValueFigures:
    cumulative = tuple(Decimal(sum(net[: year + 1])) for year in range(len(net)))
    nothing = Decimal(0)
    return ValueFigures(
        as_of=date(2026, 3, 2),
        currency="EUR",
        pv_benefits=nothing,
        pv_costs=nothing,
        npv=nothing,
        roi_pct=None,
        simple_roi_pct=None,
        payback_years=None if payback is None else Decimal(payback),
        net=tuple(Decimal(amount) for amount in net),
        cumulative=cumulative,
    )


@pytest.mark.parametrize(
    ("net", "payback", "year"), [([-1, 2, -3, 5], "0.5", 2), ([-1, 2, 3], "0.5", None), ([-5, 1, 1], None, None)]
)
def test_a_later_dip_is_named_by_its_year(net: list[int], payback: str | None, year: int | None) -> None:
    assert figures(net, payback).dips_again_in == year


def snapshot(**value) -> Metrics:
    stored = {"case_id": 7, "title": "Case", "currency": "USD", "pv_benefits": "200", "pv_costs": "100", "npv": "100"}
    stored |= {"roi_pct": "100", "payback_years": None, "total_benefits": "260", "total_costs": "100"} | value
    totals = [{"year": 0, "net": "-100", "cumulative": "-100"}, {"year": 1, "net": "260", "cumulative": "160"}]
    now = datetime(2026, 3, 2, tzinfo=UTC)
    return Metrics(date(2026, 3, 1), now, None, 1, {"value": stored}, {"cumulative": totals})


def test_figures_of_another_case_are_not_shown_as_this_ones() -> None:
    assert figures_of_case(snapshot(), ValueCase(pk=7)).npv == 100
    assert figures_of_case(snapshot(), ValueCase(pk=8)) is None
    assert figures_of_case(None, ValueCase(pk=7)) is None


def test_simple_return_comes_from_the_undiscounted_sums_and_is_unknown_without_costs() -> None:
    assert value_figures(snapshot()).simple_roi_pct == 160
    free = value_figures(snapshot(total_costs="0", roi_pct=None))
    assert (free.roi_pct, free.simple_roi_pct) == (None, None)
