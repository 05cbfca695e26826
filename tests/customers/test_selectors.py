from datetime import date

import pytest

from customers.models import Stakeholder
from customers.selectors import coverage_gaps, needs_care, opening, stakeholder_rows
from tests.factories.customers import CustomerFactory, StakeholderFactory, StanceRecordFactory

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


def test_people_with_a_say_are_not_forgotten_and_somebody_stands_in():
    today = date(2026, 11, 20)
    customer = CustomerFactory()
    silent = StakeholderFactory(customer=customer, name="Anneke", role="sponsor", influence=5, last_contact_on=date(2026, 10, 1))
    StakeholderFactory(customer=customer, name="Ben", role="risk_owner", influence=4, last_contact_on=today, backup_person=silent)
    StakeholderFactory(customer=customer, name="Cara", role="technical_owner", influence=3)
    StakeholderFactory(customer=customer, name="Dora", role="front_line_user", influence=4)
    StakeholderFactory(customer=customer, name="Emil", role="sponsor", influence=5, left_on=date(2026, 9, 1))
    assert needs_care(stakeholder_rows(customer.stakeholders.all()), today) == [
        "No contact with Anneke for 50 days.",
        "No contact with Dora is noted yet.",
        "Nobody stands in for Anneke, Cara.",
    ]


def test_the_stance_of_a_day_is_the_last_one_recorded_until_then():
    person = StakeholderFactory()
    for stance, day in (("neutral", 2), ("sceptic", 9)):
        StanceRecordFactory(stakeholder=person, stance=stance, recorded_on=date(2026, 3, day))
    (row,) = stakeholder_rows(Stakeholder.objects.filter(pk=person.pk))
    assert [row.stance_on(date(2026, 3, day)) for day in (1, 2, 8, 9)] == ["", "neutral", "neutral", "sceptic"]
