"""What came and what was spent up to a day, beside the plan."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.metrics.value_ledger import (
    Booked,
    DatedLine,
    Plan,
    actual_by_month,
    benefits_before,
    by_month_from_years,
    costs_before,
)

START = date(2025, 1, 1)
YEARLY = Plan(START, 1)
FLOWS = (Decimal(100), Decimal(365), Decimal(730))
amounts = st.decimals(0, 10**9, places=2)
days = st.dates(date(2024, 2, 1), date(2028, 3, 1))


def cost(*booked: Booked) -> DatedLine:
    return DatedLine(False, FLOWS, booked)


def benefit(*booked: Booked) -> DatedLine:
    return DatedLine(True, FLOWS, booked)


def test_what_nobody_booked_did_not_come_but_was_spent_as_planned():
    assert benefits_before([benefit(), cost()], date(2025, 1, 11)) == 0
    assert costs_before([benefit(), cost()], YEARLY, date(2025, 1, 11)) == 110


def test_a_booked_cost_stands_for_the_plan_of_its_days_alone():
    booked = Booked(date(2025, 1, 2), date(2025, 1, 6), Decimal(50))

    assert costs_before([cost(booked)], YEARLY, date(2025, 1, 11)) == 110 + 50 - 5
    assert costs_before([cost(booked)], YEARLY, date(2025, 1, 2)) == 101
    assert costs_before([cost(booked)], YEARLY, date(2025, 1, 4)) == 101 + 20


def test_a_figure_falls_evenly_on_its_days_leap_days_among_them():
    february = Booked(date(2024, 2, 1), date(2024, 2, 29), Decimal(29))

    assert [february.before(day) for day in (date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1), date(2030, 1, 1))] == [0, 28, 29, 29]


def test_what_is_at_time_zero_is_spent_before_everything():
    assert costs_before([cost()], YEARLY, START - timedelta(days=9)) == 100
    assert costs_before([DatedLine(False, (), ())], YEARLY, START) == 0


def test_the_running_total_ends_with_the_last_whole_month():
    booked = Booked(date(2025, 1, 1), date(2025, 1, 31), Decimal(310))

    assert actual_by_month([benefit(booked), cost()], YEARLY, date(2025, 1, 30)) == (-100,)
    assert actual_by_month([benefit(booked), cost()], YEARLY, date(2025, 1, 31)) == (-100, 310 - 131)


def test_months_lie_evenly_between_the_years_and_meet_them():
    spread = by_month_from_years((Decimal(0), Decimal(12), Decimal(-12)))

    assert (spread[0], spread[6], spread[12], spread[18], spread[24], len(spread)) == (0, 6, 12, 0, -12, 25)
    assert by_month_from_years(()) == ()


def test_flows_of_a_leap_day_lie_on_the_last_of_shorter_months():
    assert [day for day, _ in Plan(date(2024, 2, 29), 1).dated(FLOWS)] == [date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28)]


@given(days, st.integers(0, 400), amounts, days)
def test_nothing_is_booked_twice_or_lost(begin, length, amount, day):
    booked = Booked(begin, begin + timedelta(days=length), amount)
    after = booked.end + timedelta(days=1)

    assert (booked.before(begin), booked.before(after)) == (0, amount)
    assert 0 <= booked.before(day) <= amount


@pytest.mark.parametrize("periods", [1, 12])
@given(days, st.integers(0, 400))
def test_a_cost_booked_as_planned_changes_nothing(periods, begin, length):
    plan, end = Plan(START, periods), begin + timedelta(days=length)
    same = Booked(begin, end, plan.between(FLOWS, begin, end))
    after = max(end, START) + timedelta(days=1)

    assert abs(costs_before([cost(same)], plan, after) - costs_before([cost()], plan, after)) < Decimal("1e-20")


@given(st.lists(st.tuples(days, amounts), max_size=5), amounts, days)
def test_more_benefit_never_lowers_the_running_total(found, more, day):
    before = [benefit(*(Booked(begin, begin, amount) for begin, amount in found))]

    assert benefits_before([*before, benefit(Booked(START, START, more))], day) >= benefits_before(before, day)
