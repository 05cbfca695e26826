"""Identities and edges of growth accounting."""

from datetime import date

from hypothesis import given
from pyroaring import BitMap

from engagements.metrics.adoption import active_within
from engagements.metrics.lifecycle import lifecycle, quick_ratio
from engagements.metrics.periods import Interval, Period
from tests.engagements.metrics.strategies import activity, period_runs


def test_the_quick_ratio_does_not_exist_when_nobody_fell_silent():
    assert quick_ratio(new=3, resurrecting=1, dormant=0) is None


def test_without_periods_there_is_nothing_to_classify():
    assert lifecycle({date(2024, 1, 1): BitMap([1])}, []) == []


def test_a_person_falls_silent_only_once():
    weeks = [Period(date(2024, 1, day), Interval.WEEK) for day in (1, 8, 15, 22)]

    table = lifecycle({date(2024, 1, 3): BitMap([7])}, weeks)
    assert [(row.new, row.dormant) for row in table] == [(1, 0), (0, 1), (0, 0), (0, 0)]


@given(activity, period_runs())
def test_classes_add_up_to_the_active_and_to_the_change(days, periods):
    before = len(active_within(days, periods[0].previous.days()))
    for row in lifecycle(days, periods):
        active = len(active_within(days, row.period.days()))
        assert row.new + row.returning + row.resurrecting == active
        assert before + row.new + row.resurrecting - row.dormant == active
        before = active


@given(activity, period_runs())
def test_nobody_is_new_twice(days, periods):
    seen_before = active_within(days, (day for day in days if day < periods[0].start))
    in_range = active_within(days, (day for period in periods for day in period.days()))

    assert sum(row.new for row in lifecycle(days, periods)) == len(in_range - seen_before)
