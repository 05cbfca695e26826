"""Arithmetic of one engineer's load."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.metrics.load import (
    Transfer,
    Travel,
    best_move,
    expected_hours,
    expected_travel,
    long_weeks,
    suggested_transfers,
    usual_hours,
    usual_switches,
    weeks_over,
)


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


def week(**spent):
    return {key: Decimal(hours) for key, hours in spent.items()}


def test_weeks_over_the_limit_are_counted_wherever_they_stand():
    assert weeks_over(hours(48, 45, None, 51), 45) == 2
    assert weeks_over([], 45) == 0


@pytest.mark.parametrize(
    ("weeks", "switches"),
    [
        ([], None),
        ([None], None),
        ([week()], Decimal(0)),
        ([week(a=40)], Decimal(0)),
        ([week(a=20, b=10, c=0)], Decimal(1)),
        ([week(a=1, b=1, c=1, d=1, e=1), week(a=20), None, week(a=20, b=10), week(a=5, b=5, c=5)], Decimal(1)),
    ],
)
def test_switches_are_one_less_than_the_engagements_of_a_week(weeks, switches):
    assert usual_switches(weeks) == switches


TEAM = {"ann": week(a=30, b=14, c=9), "ben": week(d=30), "cem": week(e=44)}
LEADS = {"a": "ann", "b": "ann", "c": "ann", "d": "ben", "e": "cem"}


def test_the_smallest_that_helps_goes_to_who_has_room():
    (move,) = suggested_transfers(TEAM, {"b": ["ben"], "c": ["cem", "ben"]}, LEADS, 45)
    assert move == Transfer("c", "ann", "ben", *hours(9, 53, 44, 30, 39))


def test_nobody_takes_beyond_the_limit_and_nobody_gives_what_they_do_not_lead():
    assert suggested_transfers(TEAM, {"c": ["cem"]}, LEADS, 45) == []
    assert suggested_transfers(TEAM, {"c": ["ben"]}, LEADS | {"c": "cem"}, 45) == []


def test_whose_week_is_not_known_takes_nothing():
    assert suggested_transfers(TEAM, {"c": ["eve"]}, LEADS, 45) == []


def test_nothing_is_suggested_while_the_limit_holds():
    assert suggested_transfers(TEAM, {key: ["ben"] for key in LEADS}, LEADS, 60) == []


def test_what_somebody_was_given_before_counts():
    team = {"ann": week(a=30, c=17), "cem": week(e=30, f=18), "ben": week(d=20)}
    leads = {"a": "ann", "c": "ann", "e": "cem", "f": "cem", "d": "ben"}
    (move,) = suggested_transfers(team, {"c": ["ben"], "f": ["ben"]}, leads, 45)
    assert (move.engagement, move.giver, move.taker_after) == ("f", "cem", Decimal(38))
    roomier = team | {"ben": week(d=5)}
    assert [row.engagement for row in suggested_transfers(roomier, {"c": ["ben"], "f": ["ben"]}, leads, 45)] == ["f", "c"]


def test_where_nothing_is_enough_the_largest_that_fits_goes():
    team = {"ann": week(a=40, b=12, c=9), "ben": week(d=30)}
    (move,) = suggested_transfers(team, {"b": ["ben"], "c": ["ben"]}, LEADS, 45)
    assert (move.engagement, move.giver_after) == ("b", Decimal(49))


PEOPLE, KEYS = st.sampled_from("pqr"), st.sampled_from("abcd")


@given(st.lists(st.tuples(PEOPLE, KEYS, st.integers(0, 40)), max_size=10), st.lists(st.tuples(KEYS, PEOPLE, PEOPLE), max_size=4))
def test_hours_are_moved_not_made_and_nobody_is_pushed_over_the_limit(spent, roles):
    team, leads, takers = {}, {}, {}
    for person, key, hours_of_it in spent:
        team.setdefault(person, {})[key] = Decimal(hours_of_it)
    for key, lead, taker in roles:
        leads[key], takers[key] = lead, [taker] if taker != lead else []
    moves = suggested_transfers(team, takers, leads, 45)
    for move in moves:
        assert leads[move.engagement] == move.giver
        assert move.giver_before > 45 >= move.taker_after
        assert move.giver_before - move.giver_after == move.taker_after - move.taker_before == move.hours > 0
    assert len({move.giver for move in moves}) == len(moves)
