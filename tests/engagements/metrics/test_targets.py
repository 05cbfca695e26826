"""Who is meant to use it, over one deliverable or several."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from pyroaring import BitMap

from engagements.metrics.targets import Part, Target, adoption, last_change, target_on

MONDAY = date(2026, 3, 2)
WEEK = [MONDAY + timedelta(days=n) for n in range(7)]


def named(*ordinals: int, **dates) -> list[Target]:
    return [Target(MONDAY, ordinal=ordinal, **dates) for ordinal in ordinals]


def used_by(*ordinals: int) -> dict[date, BitMap]:
    return {WEEK[2]: BitMap(ordinals)}


def figures(*parts: Part) -> tuple:
    found = adoption(parts, WEEK)
    return found.rate.numerator, found.rate.denominator, found.rate.beyond_target, found.basis


def test_only_named_people_are_counted_and_others_stand_apart():
    assert figures(Part(used_by(1, 2, 9), named(1, 2, 3))) == (2, 3, 1, "named")


def test_person_named_for_two_deliverables_counts_once():
    assert figures(Part(used_by(1), named(1, 2)), Part(used_by(1), named(1, 3))) == (1, 3, 0, "named")


def test_licences_of_two_deliverables_add_up_while_people_count_once():
    licences = [Target(MONDAY, licences=10)]

    assert figures(Part(used_by(1, 2), licences), Part(used_by(2, 3), licences)) == (3, 20, 0, "licences")


def test_names_beside_licences_of_another_deliverable():
    found = figures(Part(used_by(1, 8), named(1, 2)), Part(used_by(1, 5), [Target(MONDAY, licences=4)]))

    assert found == (2, 6, 1, "licences")


def test_names_make_licences_of_the_same_deliverable_void():
    assert figures(Part(used_by(1, 5), [*named(1), Target(MONDAY, licences=50)])) == (1, 1, 1, "named")


def test_users_of_a_deliverable_without_target_are_beyond_it():
    assert figures(Part(used_by(1), named(1)), Part(used_by(7, 8))) == (1, 1, 2, "named")


def test_without_any_target_there_is_a_count_and_no_rate():
    found = adoption([Part(used_by(1, 2))], WEEK)

    assert (found.rate.numerator, found.rate.denominator, found.rate.rate, found.basis) == (2, None, None, None)


def test_more_users_than_licences_are_shown_and_flagged():
    found = adoption([Part(used_by(1, 2, 3), [Target(MONDAY, licences=2)])], WEEK).rate

    assert (found.rate, found.more_users_than_licences) == (Decimal("1.5"), True)


@pytest.mark.parametrize(
    ("target", "counts"),
    [
        (Target(WEEK[6], ordinal=1), True),
        (Target(WEEK[6] + timedelta(days=1), ordinal=1), False),
        (Target(MONDAY, ends_on=WEEK[6], ordinal=1), True),
        (Target(MONDAY, ends_on=WEEK[5], ordinal=1), False),
    ],
    ids=["begins on the last day", "begins later", "ends on the last day", "ended before"],
)
def test_target_of_the_last_day_of_the_window_is_used(target, counts):
    assert figures(Part(used_by(1), [target]))[3] == ("named" if counts else None)


@pytest.mark.parametrize(("day", "expected"), [(0, 0), (7, 5), (8, 6), (14, 10), (99, 10)])
def test_weekly_target_grows_evenly_to_everybody(day, expected):
    ramp = [Target(MONDAY, full_on=MONDAY + timedelta(days=14), licences=10)]

    assert target_on([Part({}, ramp)], MONDAY + timedelta(days=day)) == expected


def test_person_on_two_lists_follows_the_faster_ramp():
    slow, fast = named(1, 2, full_on=MONDAY + timedelta(days=100)), named(1, 2)

    assert target_on([Part({}, slow), Part({}, fast)], MONDAY) == 2


def test_no_weekly_target_before_there_is_one():
    assert target_on([Part({}, named(1))], MONDAY - timedelta(days=1)) is None


def test_last_change_of_the_targets_is_a_start_or_an_end():
    parts = [Part({}, [Target(WEEK[0], ends_on=WEEK[3], ordinal=1), Target(WEEK[5], ordinal=2)])]

    assert [last_change(parts, WEEK[day]) for day in (0, 2, 3, 4, 6)] == [WEEK[0], WEEK[0], WEEK[3], WEEK[3], WEEK[5]]
    assert last_change(parts, MONDAY - timedelta(days=1)) is None
