"""Arithmetic of one engineer's load."""

from decimal import Decimal

import pytest

from engagements.metrics.load import Travel, best_move, expected_hours, expected_travel, long_weeks, usual_hours


def hours(*values):
    return [None if value is None else Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("weeks", "usual"),
    [([], None), (hours(40), None), (hours(40, 60), Decimal(40)), (hours(38, None, 42, 90), Decimal(40)), (hours(None, 50), None)],
)
def test_the_usual_week_is_the_median_of_those_before(weeks, usual):
    assert usual_hours(weeks) == usual


@pytest.mark.parametrize(
    ("weeks", "count"),
    [([], 0), (hours(48, 51, 53), 3), (hours(48, 45, 53), 1), (hours(48, None, 53), 1), (hours(48, 51, None), 0), (hours(50, 44), 0)],
)
def test_long_weeks_are_counted_back_from_the_newest(weeks, count):
    assert long_weeks(weeks, 45) == count


def test_next_week_is_expected_to_be_like_the_last_three_with_a_check_in():
    weeks = [{"a": Decimal(90)}, {"a": Decimal(10), "b": Decimal(6)}, None, {"a": Decimal(20)}, {"a": Decimal(30), "b": Decimal(3)}]
    assert expected_hours(weeks) == {"a": Decimal(20), "b": Decimal(3)}
    assert expected_hours([]) == {}


@pytest.mark.parametrize(
    ("weeks", "has_milestone", "travel"),
    [
        ([], True, None),
        ([(3, True), (0, False), (2, True)], True, Travel(3, 2, True)),  # two and a half, rounded up
        ([(3, True), (0, False), (2, True)], False, Travel(0, 1, True)),
        ([(1, False), (4, False)], True, Travel(3, 2, False)),
    ],
)
def test_travel_follows_the_weeks_that_were_alike(weeks, has_milestone, travel):
    assert expected_travel(weeks, has_milestone=has_milestone) == travel


@pytest.mark.parametrize(
    ("movable", "move"),
    [
        ("abc", ("c", Decimal(44))),  # the smallest that suffices
        ("ab", ("b", Decimal(40))),
        ("d", ("d", Decimal(52))),  # the largest there is, though it does not suffice
        ("", None),
        ("x", None),
    ],
)
def test_the_smallest_engagement_that_brings_the_week_within_the_limit(movable, move):
    expected = {"a": Decimal(26), "b": Decimal(14), "c": Decimal(10), "d": Decimal(2), "e": Decimal(2)}
    assert best_move(expected, set(movable), 45) == move


def test_within_the_limit_nothing_moves():
    assert best_move({"a": Decimal(45)}, {"a"}, 45) is None
