"""Breadth, depth, activation, time to first value and brackets, on days small enough to count by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from engagements.metrics.depth import breadth, depth
from engagements.metrics.firsts import activation, days_of_reaching, first_days, kaplan_meier_median, time_to_value
from engagements.metrics.periods import days_between
from engagements.metrics.retention import bracket_retention

START = date(2026, 3, 2)


def day(number: int) -> date:
    return START + timedelta(days=number)


WEEK = list(days_between(day(0), day(6)))
DAYS = {day(0): BitMap([1, 2]), day(1): BitMap([1]), day(3): BitMap([1, 3]), day(9): BitMap([4])}


def test_only_declared_features_make_breadth():
    features = {"draft": {day(0): BitMap([1, 2])}, "search": {day(1): BitMap([1])}, "secret": {day(0): BitMap([9])}}
    found = breadth(features, ["draft", "search", "print"], WEEK)

    assert (found.used, found.declared, found.share) == (("draft", "search"), 3, Decimal(2) / 3)
    assert found.by_actor == {1: 1, 2: 1}
    assert breadth(features, [], WEEK).share is None


def test_depth_is_counted_in_days_and_shows_the_share_of_the_busiest():
    found = depth(DAYS, WEEK)

    assert (found.actors, found.lower, found.middle, found.upper) == (3, 1, 1, 2)
    assert found.top_share == Decimal(3) / 5
    assert depth(DAYS, [day(9)]).middle == 1
    assert depth({}, WEEK).middle is None


def test_the_young_are_in_neither_part_of_activation():
    provisioned = {1: day(0), 2: day(0), 3: day(0), 5: day(0), 6: day(8)}
    found = activation(provisioned, DAYS, within=2, as_of=day(9))

    assert (found.reached, found.old_enough, found.too_young) == (2, 4, 1)
    assert found.rate == Decimal("0.5")
    assert activation(provisioned, DAYS, within=2, as_of=day(9), least_days=2).reached == 1
    assert activation({}, DAYS, within=2, as_of=day(9)).rate is None


def test_the_day_of_reaching_a_count_is_that_of_the_last_active_day_it_takes():
    days = {day(0): BitMap([1, 2]), day(2): BitMap([1, 3]), day(5): BitMap([1, 2])}

    assert days_of_reaching(days, 1) == first_days(days) == {1: day(0), 2: day(0), 3: day(2)}
    assert days_of_reaching(days, 2) == {1: day(2), 2: day(5)}
    assert days_of_reaching(days, 3) == {1: day(5)}
    assert days[day(0)] == BitMap([1, 2])


def test_those_who_wait_are_not_dropped():
    found = time_to_value({1: day(0), 3: day(0), 5: day(0), 6: day(0), 4: day(12)}, DAYS, as_of=day(9))

    assert (found.middle, found.arrived, found.waiting) == (3, 2, 2)
    assert time_to_value({1: day(0), 5: day(0), 6: day(0)}, DAYS, as_of=day(9)).middle is None


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(6, True), (6, True), (6, True), (6, False), (7, True), (9, False), (10, True), (10, False), (11, False),
          (13, True), (16, True), (17, False), (19, False), (20, False), (22, True), (23, True), (25, False),
          (32, False), (32, False), (34, False), (35, False)], 23),
        ([(1, False)], None),
        ([(0, True)], 0),
        ([], None),
    ],
)  # fmt: skip
def test_the_median_follows_kaplan_and_meier(spans, expected):
    """The first is the treated group of the leukaemia trial in Freireich et al. 1963: median 23 weeks."""
    assert kaplan_meier_median(spans) == expected


@given(st.lists(st.integers(0, 20), min_size=1))
def test_without_waiting_it_is_the_lower_median(lengths):
    ordered = sorted(lengths)
    assert kaplan_meier_median([(length, True) for length in lengths]) == ordered[(len(ordered) - 1) // 2]


def test_brackets_count_those_whose_span_is_over():
    starts = first_days(DAYS)
    found = bracket_retention(starts, DAYS, [(1, 3), (4, 7)], as_of=day(6))

    assert starts == {1: day(0), 2: day(0), 3: day(3), 4: day(9)}
    assert [(item.retained, item.size) for item in found] == [(1, 3), (0, 0)]
    assert (found[0].share, found[1].share) == (Decimal(1) / 3, None)
