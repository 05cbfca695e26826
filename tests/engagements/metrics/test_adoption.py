"""Edge cases and properties of active users and adoption."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from engagements.metrics.adoption import (
    active_on,
    adoption_rate,
    average_daily_active,
    l_ness_histogram,
    ramped_target,
    rolling_active,
    stickiness,
    stickiness_histogram,
    wilson,
)
from engagements.metrics.periods import iter_periods
from tests.engagements.metrics.strategies import START, activity, period_runs, some_day

DAY = date(2024, 3, 31)


def test_a_window_includes_its_own_day_and_nothing_after():
    days = {
        DAY - timedelta(days=7): BitMap([1]),
        DAY - timedelta(days=6): BitMap([2]),
        DAY + timedelta(days=1): BitMap([3]),
    }

    assert active_on(days, DAY, 7) == BitMap([2])


def test_silent_days_count_as_zero_in_the_daily_average():
    assert average_daily_active({DAY: BitMap(range(14))}, DAY) == Decimal("0.5")


def test_stickiness_does_not_exist_when_nobody_was_active():
    assert stickiness({DAY - timedelta(days=28): BitMap([1])}, DAY) is None


def test_a_habit_of_every_day_has_a_stickiness_of_one():
    days = {DAY - timedelta(days=back): BitMap([1, 2]) for back in range(28)}

    assert stickiness(days, DAY) == 1


def test_adoption_counts_people_outside_the_target_apart():
    rate = adoption_rate(BitMap([1, 2, 8, 9]), BitMap([1, 2, 3, 4]), licences=100)

    assert (rate.numerator, rate.denominator, rate.rate, rate.beyond_target) == (2, 4, Decimal("0.5"), 2)


def test_licences_stand_in_for_a_missing_target_list():
    rate = adoption_rate(BitMap([1, 2, 3]), None, licences=12)

    assert (rate.numerator, rate.denominator, rate.rate) == (3, 12, Decimal("0.25"))
    assert not rate.more_users_than_licences


def test_more_users_than_licences_is_shown_and_flagged():
    rate = adoption_rate(BitMap(range(6)), None, licences=5)

    assert rate.rate == Decimal("1.2")
    assert not adoption_rate(BitMap(range(5)), None, licences=5).more_users_than_licences
    assert rate.more_users_than_licences


@pytest.mark.parametrize(("targets", "licences", "denominator"), [(None, None, None), (None, 0, 0), (BitMap(), 10, 0)])
def test_there_is_no_rate_without_a_target(targets, licences, denominator):
    rate = adoption_rate(BitMap([1, 2]), targets, licences)

    assert rate.rate is None
    assert rate.denominator == denominator


@pytest.mark.parametrize(
    ("day", "target"),
    [(date(2024, 1, 9), 0), (date(2024, 1, 10), 0), (date(2024, 1, 15), 50), (date(2024, 1, 20), 100), (DAY, 100)],
)
def test_a_target_grows_evenly_along_its_ramp(day, target):
    assert ramped_target(100, date(2024, 1, 10), date(2024, 1, 20), day) == target


def test_a_target_without_ramp_holds_from_its_first_day():
    assert ramped_target(40, DAY, DAY, DAY) == 40


def test_wilson_bounds_are_exact_at_both_ends():
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == 1


def test_wilson_says_nothing_about_nobody():
    assert wilson(0, 0) is None


def test_wilson_refuses_more_than_all():
    with pytest.raises(ValueError, match="11 of 10"):
        wilson(11, 10)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_observed_share(counts):
    k, n = counts
    low, high = wilson(k, n)

    assert 0 <= low <= k / n <= high <= 1


@given(activity, some_day)
def test_longer_windows_never_show_fewer_people(days, day):
    counts = [rolling_active(days, day, day, width)[day] for width in (1, 7, 28)]

    assert counts == sorted(counts)


@given(activity, some_day)
def test_stickiness_is_mean_active_days_per_active_person(days, day):
    histogram = l_ness_histogram(days, day, 28)
    people = sum(histogram.values())
    active_days = sum(k * count for k, count in histogram.items())

    ratio = stickiness(days, day)
    assert (ratio is None) if people == 0 else abs(ratio - Decimal(active_days) / people / 28) < Decimal("1e-20")


@given(activity, period_runs())
def test_a_stickiness_histogram_holds_everyone_active_once(days, periods):
    everyone = set().union(*(days.get(day, ()) for period in periods for day in period.days()))

    histogram = stickiness_histogram(days, periods)
    assert sum(histogram.values()) == len(everyone)
    assert set(histogram) <= set(range(1, len(periods) + 1))


@given(activity)
def test_a_range_of_days_equals_each_day_alone(days):
    end = START + timedelta(days=59)

    series = rolling_active(days, START, end, 7)
    assert series == {period.start: len(active_on(days, period.start, 7)) for period in iter_periods(START, end, "day")}
