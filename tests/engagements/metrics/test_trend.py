"""Words and intervals of a trend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.metrics.trend import Trend, theil_sen, trend


def test_five_periods_are_too_few_to_speak():
    assert trend([1, 2, 3, 4, 5]) is None


@pytest.mark.parametrize(
    ("rates", "word"),
    [
        ([10, 12, 13, 15, 18, 19, 22], Trend.RISING),
        ([22, 19, 18, 15, 13, 12, 10], Trend.FALLING),
        ([10, 14, 9, 15, 10, 13, 11], Trend.NO_CLEAR_TREND),
        ([5, 5, 5, 5, 5, 5], Trend.NO_CLEAR_TREND),
    ],
)
def test_a_direction_needs_an_interval_without_zero(rates, word):
    assert trend(rates) == word


def test_one_odd_holiday_week_does_not_turn_a_rise():
    assert trend([10, 12, 14, 16, 18, 20, 22, 2, 26, 28]) == Trend.RISING


def test_the_interval_equals_the_example_in_sens_paper():
    """Sen 1968, as scipy's `test_theilslopes` states it, at 93%."""
    fit = theil_sen([1, 2, 3, 4, 10, 12, 18], [9, 15, 19, 20, 45, 55, 78], confidence=0.93)

    assert (fit.slope, round(fit.low, 2), round(fit.high, 2)) == (4, 3.71, 4.38)


def test_ties_narrow_the_interval():
    """Two groups of three ties leave a variance of (510 - 2 x 66) / 18 = 21: rank 13 of 15, not 14."""
    fit = theil_sen(range(6), [1, 1, 1, 2, 2, 2], confidence=0.99)

    assert fit.high == 0.5


def test_points_above_each_other_have_no_slope():
    with pytest.raises(ValueError, match="two different x"):
        theil_sen([1, 1], [1, 2])


@given(st.lists(st.integers(0, 1000), min_size=6, max_size=30))
def test_a_mirrored_series_has_the_mirrored_word(rates):
    opposite = {Trend.RISING: Trend.FALLING, Trend.FALLING: Trend.RISING}
    word = trend(rates)

    assert trend([-rate for rate in rates]) == opposite.get(word, word)
