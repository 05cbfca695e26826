"""Back-tests by numbers one can count by hand."""

import pytest

from engagements.metrics.adoption import wilson
from engagements.metrics.backtest import Share, auc, contrast, lead_time, typical_lead


def test_the_area_counts_pairs_in_the_right_order_and_ties_half():
    # Bad: 80 and 40. Others: 60, 40, 20. Right pairs: 80 beats all three, 40 ties one and beats one: 4.5 of 6.
    assert auc([(80, True), (40, True), (60, False), (40, False), (20, False)]) == 4.5 / 6


def test_a_perfect_warning_a_useless_one_and_one_that_is_wrong():
    assert auc([(2, True), (1, False)]) == 1
    assert auc([(1, True), (1, False), (1, False)]) == 0.5
    assert auc([(1, True), (2, False)]) == 0


def test_without_both_kinds_there_is_no_area():
    assert auc([(1, True)]) is None
    assert auc([(1, False)]) is None
    assert auc([(None, True), (3, False)]) is None


@pytest.mark.parametrize(
    ("warnings", "event", "expected"),
    [
        ([False, True, True, True], 4, 3),
        ([True, False, True], 3, 1),
        ([True, True, False], 3, None),
        ([True, None, True], 3, 3),
        ([True, None, None], 3, 3),
        ([False, None], 2, None),
        ([None, None], 2, None),
        ([], 0, None),
        ([True, True], 1, 1),
    ],
)
def test_the_lead_is_the_unbroken_run_up_to_the_event(warnings, event, expected):
    assert lead_time(warnings, event) == expected


def test_the_typical_lead_is_the_median_of_those_warned_of():
    assert typical_lead([4, None, 1, 9, 2]) == 3
    assert typical_lead([None]) is None


def test_warned_and_rest_are_counted_apart_and_the_unjudged_left_out():
    found = contrast([(True, True)] * 12 + [(True, False)] * 3 + [(False, False)] * 20 + [(False, True)] + [(None, True)] * 2)

    assert (found.warned, found.rest, found.unjudged) == (Share(12, 15), Share(1, 21), 2)
    assert found.warned.interval == wilson(12, 15)
    assert not found.too_few
    assert found.tells_apart


def test_nine_are_too_few_to_say_anything():
    found = contrast([(True, True)] * 9 + [(False, False)] * 50)

    assert found.too_few
    assert not found.tells_apart


def test_intervals_that_touch_tell_nothing_apart():
    assert not contrast([(True, True)] * 5 + [(True, False)] * 5 + [(False, True)] * 3 + [(False, False)] * 7).tells_apart


def test_nothing_has_no_share():
    assert (Share(0, 0).share, Share(0, 0).interval) == (None, None)
