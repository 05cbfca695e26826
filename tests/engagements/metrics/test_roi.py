"""Edges and properties of the yearly value case."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.metrics.roi import (
    adjusted_benefit,
    by_year,
    cash_flow,
    payback,
    present_value,
    return_on_cost_pct,
    summed,
)
from engagements.metrics.rounding import round_half_up

TENTH = Decimal("0.1")

amounts = st.decimals(0, 10**7, places=2)
years = st.lists(amounts, min_size=4, max_size=4)
rates = st.decimals("0", "0.5", places=3)


def net(*flows: int) -> list[Decimal]:
    return [Decimal(flow) for flow in flows]


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        (net(-100, 50, 100), Decimal("1.5")),
        (net(-100, 100, 100), 1),
        (net(0, -100, 200), Decimal("1.5")),
        (net(-100, 30, 30), None),
        (net(0, 0), None),
        (net(), None),
        (net(50, -20), 0),
        (net(0, 0, 50, -20), 0),
    ],
    ids=[
        "inside a year",
        "at its end",
        "late start",
        "never",
        "no flows",
        "empty",
        "benefit first",
        "benefit first, later",
    ],
)
def test_payback_is_the_first_time_the_money_is_back(flows, expected):
    assert payback(flows).years == expected


@pytest.mark.parametrize(
    ("flows", "dips"), [(net(-10, 20, -30, 40), True), (net(-10, 20, -5), False), (net(5, -20, 40), True)]
)
def test_a_second_dip_below_zero_is_flagged(flows, dips):
    assert payback(flows).dips_again is dips


def test_without_costs_there_is_no_return_on_them():
    table = cash_flow(net(0, 100), net(0, 0), TENTH)

    assert (table.roi_pct, table.simple_roi_pct, table.payback_years) == (None, None, 0)


def test_the_two_returns_differ_and_keep_their_own_base():
    table = cash_flow(net(0, 110), net(50), TENTH)

    assert (table.roi_pct, table.simple_roi_pct) == (100, 120)


def test_a_shorter_list_is_nothing_from_its_end_on():
    table = cash_flow(net(0, 100, 100), net(80), Decimal(0))

    assert table.costs == (80, 0, 0)
    assert table.cumulative == (-80, 20, 120)


def test_a_negative_saving_is_kept_as_a_loss():
    assert adjusted_benefit(net(-10, 20), Decimal("0.5")) == (-5, 10)


def test_lines_of_different_length_are_summed_by_year():
    assert summed([net(1, 2, 3), net(10)]) == (11, 2, 3)


def test_a_rate_that_divides_by_nothing_is_refused():
    with pytest.raises(ValueError, match="above -1"):
        present_value(net(1, 2), Decimal(-1))


@pytest.mark.parametrize(
    ("amount", "places", "shown"), [("2.5", 0, "3"), ("-2.5", 0, "-3"), ("0.125", 2, "0.13"), ("2.4", 0, "2")]
)
def test_halves_are_rounded_up_for_display(amount, places, shown):
    assert str(round_half_up(Decimal(amount), places)) == shown


@given(years, years, st.integers(0, 3), amounts, rates)
def test_more_benefit_never_lowers_npv_or_delays_payback(benefits, costs, year, more, rate):
    richer = [*benefits[:year], benefits[year] + more, *benefits[year + 1 :]]
    before, after = cash_flow(benefits, costs, rate), cash_flow(richer, costs, rate)

    assert after.npv >= before.npv
    if before.payback_years is not None:
        assert after.payback_years <= before.payback_years


@given(years, years, rates)
def test_npv_is_the_present_value_of_the_net_flows(benefits, costs, rate):
    table = cash_flow(benefits, costs, rate)

    assert abs(table.npv - present_value(table.net, rate)) < Decimal("1e-12")
    assert table.cumulative[-1] == table.total_net


@given(amounts, amounts.filter(bool))
def test_a_return_is_negative_exactly_when_money_is_lost(benefits, costs):
    assert (return_on_cost_pct(benefits, costs) < 0) == (benefits < costs)


def test_a_month_lies_at_a_twelfth_of_a_year():
    yearly = present_value(net(0, 110), TENTH)
    monthly = present_value([*net(*[0] * 12), Decimal(110)], TENTH, periods=12)

    assert monthly == yearly == 100


@given(st.decimals(1, 10**7, places=2), rates)
def test_twelve_equal_months_are_worth_what_the_sum_is_worth_at_mid_year(amount, rate):
    monthly = present_value([Decimal(0), *[amount] * 12], rate, periods=12)
    # Their mean instant is 6.5 months; a sum spread around it is worth a little more than in its middle.
    middle = 12 * amount / (1 + rate) ** (Decimal("6.5") / 12)

    assert 1 <= monthly / middle < Decimal("1.01")


def test_monthly_payback_is_counted_in_years():
    table = cash_flow(net(0, *[50] * 12), net(300), TENTH, periods=12)

    assert table.payback_years == Decimal("0.5")


def test_months_are_listed_by_year_without_loss():
    flows = net(-7, *range(1, 15))

    assert by_year(flows) == (-7, 78, 27)
    assert by_year(()) == ()


@given(st.permutations([net(0, 100, 3), net(-5, 7), net(10**12, 1), net(0, 0, 0, 9)]))
def test_the_order_of_lines_changes_nothing(lines):
    assert summed(lines) == (10**12 - 5, 108, 3, 9)


def test_an_empty_case_and_one_of_losses_alone_have_no_payback():
    empty, losses = cash_flow((), (), TENTH), cash_flow((), net(10, 10), TENTH)

    assert (empty.npv, empty.roi_pct, empty.payback_years) == (0, None, None)
    assert (losses.roi_pct, losses.payback_years) == (-100, None)


def test_huge_sums_stay_exact_to_the_cent():
    huge = Decimal("9999999999999999.99")

    assert cash_flow([huge, huge], [Decimal("0.01")], Decimal(0)).npv == 2 * huge - Decimal("0.01")
