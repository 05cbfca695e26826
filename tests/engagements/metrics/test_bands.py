"""Bands of a score and how they are left."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.metrics.bands import Band, Bands, ClosingScore, band_of, replay_bands

START = date(2024, 1, 1)
HARD = "hard"

GOOD, WATCH, RISK, UNKNOWN = Band.ON_TRACK, Band.WATCH, Band.AT_RISK, Band.UNKNOWN


def closings(*scores) -> list[ClosingScore]:
    """One closing a day; "hard" is a day with a good score on which a hard rule applies."""
    return [
        ClosingScore(START + timedelta(days=n), Decimal(90), True)
        if score == HARD
        else ClosingScore(START + timedelta(days=n), None if score is None else Decimal(score))
        for n, score in enumerate(scores)
    ]


@pytest.mark.parametrize(
    ("score", "band"),
    [("70", GOOD), ("69.5", GOOD), ("69.4", WATCH), ("45", WATCH), ("44.5", WATCH), ("44.4", RISK), ("0", RISK)],
)
def test_the_rounded_score_is_banded(score, band):
    assert band_of(Decimal(score)) == band


def test_a_score_that_is_not_known_has_no_colour():
    assert band_of(None) == UNKNOWN


def test_the_bounds_come_from_the_settings():
    assert band_of(Decimal(75), Bands(on_track=80, watch=60)) == WATCH


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((75, 68, 75), [GOOD, GOOD, GOOD]),
        ((75, 68, 75, 68), [GOOD, GOOD, GOOD, GOOD]),
        ((75, 68, 69), [GOOD, GOOD, WATCH]),
        ((75, 67), [GOOD, WATCH]),
        ((75, 40), [GOOD, RISK]),
        ((60, 72, 69), [WATCH, WATCH, WATCH]),
        ((60, 72, 70), [WATCH, WATCH, GOOD]),
        ((60, 73), [WATCH, GOOD]),
        ((60, 71, 43), [WATCH, WATCH, WATCH]),
        ((60, 43, 44), [WATCH, WATCH, RISK]),
        ((30, 46, 46), [RISK, RISK, WATCH]),
    ],
    ids=[
        "one bad day",
        "two bad days apart",
        "two bad days in a row",
        "3 beyond",
        "two bands down",
        "one good day",
        "two good days",
        "3 above",
        "out on either side",
        "down again",
        "up again",
    ],
)
def test_a_band_is_left_by_three_points_or_by_two_days(scores, expected):
    assert replay_bands(closings(*scores)) == expected


def test_a_hard_rule_acts_at_once_whatever_the_score():
    assert replay_bands(closings(90, HARD)) == [GOOD, RISK]


def test_a_hard_rule_acts_while_the_score_is_unknown():
    assert replay_bands([ClosingScore(START, None, True)]) == [RISK]


def test_after_a_hard_rule_the_score_speaks_again():
    assert replay_bands(closings(90, HARD, 90)) == [GOOD, RISK, GOOD]


def test_after_a_hard_rule_one_day_just_over_the_bound_is_not_enough():
    assert replay_bands(closings(90, HARD, 46, 46)) == [GOOD, RISK, RISK, WATCH]


def test_a_day_that_is_not_known_ends_the_memory():
    assert replay_bands(closings(75, 68, None, 69)) == [GOOD, GOOD, UNKNOWN, WATCH]


closing_runs = st.lists(st.one_of(st.none(), st.just(HARD), st.decimals(0, 100, places=1)), max_size=30).map(
    lambda scores: closings(*scores)
)


@given(closing_runs, st.integers(0, 30))
def test_a_replay_knows_nothing_of_later_days(scores, known):
    assert replay_bands(scores)[:known] == replay_bands(scores[:known])


@given(closing_runs)
def test_a_band_differs_from_its_score_only_within_the_margin_and_for_a_day(scores):
    bands = replay_bands(scores)
    for closing, band in zip(scores, bands, strict=True):
        alone = band_of(closing.score)
        if not closing.hard_rule and band != alone:
            assert min(abs(round(closing.score) - bound) for bound in (70, 45)) <= 3


@given(st.decimals(0, 100, places=1), st.integers(2, 10))
def test_a_steady_score_ends_in_its_own_band(score, days):
    assert replay_bands(closings(20, *[score] * days))[-1] == band_of(score)
