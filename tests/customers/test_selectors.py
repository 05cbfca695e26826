from datetime import date

import pytest

from customers.models import Stakeholder
from customers.selectors import coverage_gaps, opening, stakeholder_rows
from tests.factories.customers import StakeholderFactory, StanceRecordFactory

pytestmark = pytest.mark.django_db

Role = Stakeholder.Role


def person_with(*stances, **fields):
    """A stakeholder whose stances followed each other on the fifth of each month."""
    person = StakeholderFactory(**fields)
    for month, stance in enumerate(stances, start=1):
        StanceRecordFactory(stakeholder=person, stance=stance, recorded_on=date(2026, month, 5))
    return person


def rows():
    return stakeholder_rows(Stakeholder.objects.all())


@pytest.mark.parametrize(
    ("stances", "shown"),
    [
        ([], ("", "idle", "", 0)),
        (["neutral"], ("neutral", "idle", "", 0)),
        (["neutral", "supporter"], ("supporter", "good", "Neutral", 1)),
        (["champion", "supporter"], ("supporter", "good", "Champion", -1)),
        (["blocker", "champion", "sceptic"], ("sceptic", "watch", "Champion", -1)),
        (["supporter", "blocker"], ("blocker", "risk", "Supporter", -1)),
    ],
)
def test_stance_movement_and_band(stances, shown):
    person_with(*stances)
    (row,) = rows()
    assert (row.stance, row.band, row.previous_label, row.moved) == shown
    assert row.since == (date(2026, len(stances), 5) if stances else None)


def test_of_two_stances_on_one_day_the_later_record_counts():
    person = person_with("neutral")
    StanceRecordFactory(stakeholder=person, stance="sceptic", recorded_on=date(2026, 1, 5))
    assert rows()[0].stance == "sceptic"


def test_the_influential_stand_first_and_those_who_left_last():
    for name, influence, left_on in [("Ann", 2, None), ("Ben", 5, date(2026, 1, 1)), ("Cleo", 5, None), ("Abe", 2, None)]:
        StakeholderFactory(name=name, influence=influence, left_on=left_on)
    assert [row.person.name for row in rows()] == ["Cleo", "Abe", "Ann", "Ben"]


def test_people_who_left_or_are_archived_cover_nothing():
    people = [
        StakeholderFactory(role=Role.SPONSOR, left_on=date(2026, 1, 1)),
        StakeholderFactory(role=Role.RISK_OWNER, archived_at="2026-01-01T00:00Z"),
        StakeholderFactory(role=Role.TECHNICAL_OWNER),
        StakeholderFactory(role=Role.CHAMPION),
    ]
    assert [str(gap) for gap in coverage_gaps(people)] == [
        "No sponsor named yet",
        "No operational owner named yet",
        "No risk owner named yet",
        "No front-line user named yet",
    ]


def test_with_every_role_held_there_is_no_gap():
    assert coverage_gaps([StakeholderFactory(role=role) for role in Stakeholder.COVERED_ROLES]) == []


@pytest.mark.parametrize(
    ("doubting", "live", "sentences"),
    [
        (0, 0, ["You see no live engagement here."]),
        (0, 1, ["1 engagement is live."]),
        (1, 2, ["2 engagements are live.", "Person 1 doubts the work."]),
        (3, 1, ["1 engagement is live.", "Person 1 and 2 more doubt the work."]),
    ],
)
def test_the_page_opens_with_sentences(doubting, live, sentences):
    person_with("supporter", name="Friend", influence=5)
    person_with("blocker", name="Left", left_on=date(2026, 1, 1))
    for number in range(1, doubting + 1):
        person_with("sceptic", name=f"Person {number}")
    assert opening(rows(), live) == sentences
