"""Lines of drivers: products, scenarios, ranges, and what moves the whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.metrics.roi import present_value
from engagements.metrics.value_lines import (
    Driver,
    Line,
    Scenario,
    Unit,
    cash_lines,
    flow_of,
    inputs_of,
    moves,
    ramped,
    simulate,
)

TENTH = Decimal("0.1")
YEAR = (Decimal(0), Decimal(1))  # time 0, then one period in full

values = st.decimals(0, 1000, places=2)


def driver(key: str, unit: Unit, expected: str, low: str = "", high: str = "") -> Driver:
    return Driver(key, unit, Decimal(low or expected), Decimal(expected), Decimal(high or expected))


def line(*drivers: Driver, benefit: bool = True, hours: bool = False, share: str = "1", risk: str = "0", schedule=YEAR) -> Line:
    return Line("line", benefit, hours, drivers, schedule, Decimal(share), Decimal(risk))


CASES = driver("cases", Unit.COUNT, "39900", "38000", "42000")
SHARE = driver("share", Unit.SHARE, "0.62", "0.46", "0.72")
MINUTES = driver("minutes", Unit.MINUTES, "6.2", "5.0", "6.9")
RATE = driver("rate", Unit.MONEY_PER_HOUR, "41", "37", "44")
HOURS = line(CASES, SHARE, MINUTES, RATE, hours=True)


def test_hours_saved_are_count_times_share_times_minutes_over_sixty_times_rate():
    expected = Decimal(39900) * Decimal("0.62") * Decimal("6.2") / 60

    assert HOURS.hours({}) == (0, expected)
    assert HOURS.flows({}) == (0, expected * 41)


def test_attribution_capture_and_confidence_apply_once_and_before_risk():
    benefit, cost = line(CASES, share="0.5", risk="0.1"), line(CASES, benefit=False, share="0.5", risk="0.1")

    assert benefit.flows({}) == (0, Decimal(39900) * Decimal("0.5") * Decimal("0.9"))
    assert cost.flows({}) == (0, Decimal(39900) * Decimal("0.5") * Decimal("1.1"))
    # Gross hours stay gross.
    assert line(CASES, MINUTES, share="0.5", hours=True).hours({}) == (0, Decimal(39900) * Decimal("6.2") / 60)


def test_a_line_without_time_counts_no_hours():
    assert (line(CASES, hours=True).hours({}), line(CASES, MINUTES).hours({})) == (None, None)


def test_the_cash_view_leaves_hours_out():
    money = line(CASES)

    assert cash_lines([HOURS, money]) == [money]


def test_a_scenario_sets_every_input_to_one_end():
    assert inputs_of([HOURS], Scenario.LOW) == {"cases": 38000, "share": Decimal("0.46"), "minutes": 5, "rate": 37}
    low, high = (flow_of([HOURS], TENTH, 1, inputs_of([HOURS], end)).npv for end in (Scenario.LOW, Scenario.HIGH))
    assert low < flow_of([HOURS], TENTH, 1).npv < high


def test_a_negative_difference_is_a_cost_and_kept():
    slower = line(CASES, driver("minutes", Unit.MINUTES, "-2"), RATE, hours=True)

    assert slower.flows({})[1] == Decimal(39900) * -2 / 60 * 41


def test_the_largest_effect_stands_first_and_what_has_no_range_moves_nothing():
    fixed = driver("fixed", Unit.COUNT, "3")
    found = moves([line(fixed, SHARE, RATE)], TENTH, 1)

    assert [move.key for move in found] == ["share", "rate"]
    base = flow_of([line(fixed, SHARE, RATE)], TENTH, 1).npv
    assert abs(found[0].low - base * Decimal("0.46") / Decimal("0.62")) < Decimal("1e-20")


def test_an_input_that_lines_share_moves_them_together():
    lines = [line(SHARE, RATE), line(SHARE, benefit=False)]
    base, less = flow_of(lines, TENTH, 1).npv, flow_of(lines, TENTH, 1, {"share": Decimal("0.46")}).npv

    assert [move.key for move in moves(lines, TENTH, 1)] == ["share", "rate"]
    assert (moves(lines, TENTH, 1)[0].low, less < base) == (less, True)
    both = [line(driver("gain", Unit.MONEY, "5", "1", "9")), line(driver("gain", Unit.MONEY, "5", "1", "9"), benefit=False)]
    assert simulate(both, TENTH, 1, seed=1, draws=50).p90 == 0


def test_beside_a_tried_input_the_others_move_what_is_tried():
    lines, tried = [line(SHARE, RATE)], {"rate": Decimal(80)}
    share, rate = moves(lines, TENTH, 1, tried)

    assert share.low == flow_of(lines, TENTH, 1, tried | {"share": SHARE.low}).npv
    assert share.low != moves(lines, TENTH, 1)[0].low
    assert rate == moves(lines, TENTH, 1)[1]  # its own ends are what they were


def test_a_dearer_cost_lowers_the_value():
    cost = line(driver("cost", Unit.MONEY, "100", "130", "80"), benefit=False)
    move = moves([cost], Decimal(0), 1)[0]

    assert (move.low, move.high) == (-130, -80)


def test_the_simulation_is_seeded_and_lies_within_the_ends():
    lines = [HOURS, line(driver("cost", Unit.MONEY, "100000", "130000", "80000"), benefit=False)]
    one, again, other = (simulate(lines, TENTH, 1, seed=seed, draws=2000) for seed in (7, 7, 8))
    low, high = (flow_of(lines, TENTH, 1, inputs_of(lines, end)).npv for end in (Scenario.LOW, Scenario.HIGH))

    assert one == again != other
    assert low < one.p10 < one.p50 < one.p90 < high


def test_without_ranges_every_draw_is_the_expected_value():
    sure = line(driver("sure", Unit.MONEY, "110"))
    found = simulate([sure], TENTH, 1, seed=1, draws=10)

    assert (found.p10, found.p50, found.p90, found.above_zero) == (100, 100, 100, 1)


def test_nothing_drawn_is_refused_and_an_empty_case_is_worth_nothing():
    with pytest.raises(ValueError, match="a draw"):
        simulate([], TENTH, 1, seed=1, draws=0)
    assert simulate([], TENTH, 1, seed=1, draws=3).p50 == flow_of([], TENTH, 1).npv == 0


def test_a_ramp_grows_evenly_to_the_full():
    assert ramped(5, begins=2, ramp=3) == [0, 0, Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), 1]
    assert ramped(2, begins=1, ramp=0) == [0, 1, 1]


@pytest.mark.parametrize("key", ["share", "rate", "minutes"])
@given(one=values, other=values)
def test_more_of_a_benefit_never_lowers_the_value(key, one, other):
    less, more = sorted((one, other))

    assert flow_of([HOURS], TENTH, 1, {key: more}).npv >= flow_of([HOURS], TENTH, 1, {key: less}).npv


@given(st.permutations([HOURS, line(CASES), line(SHARE, benefit=False), line(RATE)]))
def test_the_order_of_lines_changes_nothing(lines):
    assert abs(flow_of(lines, TENTH, 1).npv - flow_of(sorted(lines, key=repr), TENTH, 1).npv) < Decimal("1e-15")


@given(values, values)
def test_moves_are_what_the_whole_case_says(low, high):
    """The shortcut by line gives what recomputing everything would."""
    lines = [line(driver("a", Unit.MONEY, "500", str(low), str(high))), line(driver("b", Unit.MONEY, "70"), benefit=False)]
    for move in moves(lines, TENTH, 1):
        for end, value in ((move.low, low), (move.high, high)):
            assert abs(flow_of(lines, TENTH, 1, {"a": value}).npv - end) < Decimal("1e-15")


def test_an_exchange_rate_is_a_factor_like_any_other():
    dollars = line(driver("licences", Unit.MONEY, "1000"), benefit=False, share="0.92")

    assert present_value(dollars.flows({}), Decimal(0)) == 920
