"""The load of a manager's reports: whose it is, what it counts, and what would even it out."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from engagements.forms.engagements import RolesForm
from engagements.models import CheckInHours, Engagement, TeamMember
from engagements.selectors.team_load import team_load
from engagements.selectors.weekly_update import Week
from engagements.services.engagements import assign_roles
from engagements.services.handovers import hand_over
from tests.factories.concerns import CheckInFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
WEEK = Week(2026, 10)


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def ann(manager):
    return UserFactory(name="Ann", manager=manager)


@pytest.fixture
def ben(manager):
    return UserFactory(name="Ben", manager=manager)


def worked(person, number, travel_days=0, **hours):
    """A check-in of week `number`, with hours by slug."""
    check_in = CheckInFactory(person=person, iso_year=2026, iso_week=number, travel_days=travel_days)
    for slug, spent in hours.items():
        engagement = Engagement.objects.get(slug=slug)
        CheckInHours.objects.create(check_in=check_in, engagement=engagement, hours=spent)


def row_of(manager, person):
    return next(row for row in team_load(manager, WEEK).people if row.person == person)


def test_only_ones_own_active_reports(manager, ann):
    UserFactory(manager=manager, is_active=False)
    UserFactory(manager=ManagerFactory())
    assert [row.person for row in team_load(manager, WEEK).people] == [ann]


def test_a_person_in_figures(manager, ann):
    for slug, phase in (("one", "pilot"), ("two", "pilot"), ("three", "pilot"), ("four", "handover")):
        EngagementFactory(slug=slug, lead=ann, phase=phase, backup=UserFactory())
    EngagementFactory(lead=ann, phase="pilot", status="paused")
    for number in range(1, 10):
        worked(ann, number, travel_days=1 if number < 6 else 2, one=30, two=20 if number > 7 else 5)
    row = row_of(manager, ann)
    assert [(part.phase, part.count) for part in row.phases] == [("pilot", 3), ("handover", 1)]
    assert row.leads == 4
    assert (row.long_weeks, row.weeks_over) == (2, 2)
    assert row.expected == Decimal(45)
    assert (row.travel, row.travel_before) == (8, 4)
    assert row.switches == 1


def test_a_phase_with_too_many_is_crowded(manager, ann):
    limit = row_limit(manager, ann)
    EngagementFactory.create_batch(limit, lead=ann, phase="pilot")
    assert row_of(manager, ann).phases[0].is_crowded


def row_limit(manager, ann) -> int:
    EngagementFactory(lead=ann, phase="pilot")
    (part,) = row_of(manager, ann).phases
    assert not part.is_crowded
    return part.limit


def test_without_a_check_in_nothing_is_known(manager, ann):
    row, load = row_of(manager, ann), team_load(manager, WEEK)
    assert (row.expected, row.switches, row.trend.latest) == (None, None, None)
    assert (load.expected, load.checked_in, load.beyond) == (None, 0, 0)


def test_a_hand_over_that_evens_two_weeks_out(manager, ann, ben):
    EngagementFactory(slug="big", lead=ann)
    small = EngagementFactory(slug="small", lead=ann, backup=ben)
    EngagementFactory(slug="other", lead=ben)
    worked(ann, 9, big=42, small=9)
    worked(ben, 9, other=32)
    (suggestion,) = team_load(manager, WEEK).suggestions
    assert (suggestion.engagement, suggestion.giver, suggestion.taker) == (small, ann, ben)
    assert (suggestion.transfer.giver_after, suggestion.transfer.taker_after) == (Decimal(42), Decimal(41))


@pytest.mark.parametrize("status", ["completed", "cancelled", "paused"])
def test_hours_of_work_that_does_not_go_on_are_of_no_week_to_come(manager, ann, ben, status):
    EngagementFactory(slug="over", lead=ann, status=status)
    EngagementFactory(slug="small", lead=ann, backup=ben)
    worked(ann, 9, over=42, small=9)
    worked(ben, 9)
    assert row_of(manager, ann).expected == Decimal(9)
    assert team_load(manager, WEEK).suggestions == []


def by_the_form(engagement, successor, by):
    people = {"lead": successor.pk, "backup": engagement.lead_id, "confirm": "on", "version": engagement.version}
    form = RolesForm(people, instance=Engagement.objects.get(pk=engagement.pk), user=by)
    assert form.is_valid(), form.errors
    assign_roles(form, by=by)


def as_somebody_leaves(engagement, successor, by):
    hand_over(engagement.lead, {f"lead:{engagement.pk}": successor}, by=by)


@pytest.mark.parametrize("act", [by_the_form, as_somebody_leaves])
def test_hours_of_before_a_hand_over_are_expected_of_whoever_leads_now(manager, ann, ben, act):
    EngagementFactory(slug="big", lead=ann)
    medium = EngagementFactory(slug="medium", lead=ann, backup=ben)
    EngagementFactory(slug="small", lead=ann, backup=ben)
    worked(ann, 7, big=30, medium=12, small=9)
    worked(ben, 7)
    assert [each.engagement.slug for each in team_load(manager, WEEK).suggestions] == ["small"]

    with time_machine.travel(date(2026, 2, 12)):  # in week 7
        act(medium, ben, manager)
    assert (row_of(manager, ann).expected, row_of(manager, ben).expected) == (Decimal(39), Decimal(12))
    assert team_load(manager, WEEK).suggestions == []

    # What they spend on it afterwards is their own.
    worked(ann, 8, big=30, medium=2, small=9)
    worked(ben, 8, medium=10)
    assert (row_of(manager, ann).expected, row_of(manager, ben).expected) == (Decimal(40), Decimal(11))


def test_hours_handed_to_somebody_else_s_report_leave_the_team(manager, ann):
    medium, stranger = EngagementFactory(slug="medium", lead=ann), UserFactory(manager=ManagerFactory())
    worked(ann, 9, medium=12)
    worked(stranger, 9, medium=3)
    with time_machine.travel(date(2026, 3, 1)):
        by_the_form(medium, stranger, manager)
    assert [(row.person, row.expected) for row in team_load(manager, WEEK).people] == [(ann, Decimal(0))]


def test_whoever_has_the_lead_back_has_their_hours_back(manager, ann, ben):
    medium = EngagementFactory(slug="medium", lead=ann)
    worked(ann, 9, medium=12)
    worked(ben, 9)
    with time_machine.travel(date(2026, 3, 1)):
        by_the_form(medium, ben, manager)
        by_the_form(Engagement.objects.get(pk=medium.pk), ann, manager)
    assert (row_of(manager, ann).expected, row_of(manager, ben).expected) == (Decimal(12), Decimal(0))


def test_somebody_of_the_team_may_take_it_and_nobody_whose_hours_are_not_ours_to_see(manager, ann, ben):
    stranger = UserFactory(manager=ManagerFactory())
    big, small = EngagementFactory(slug="big", lead=ann), EngagementFactory(slug="small", lead=ann, backup=stranger)
    worked(ann, 9, big=42, small=9)
    worked(stranger, 9, small=1)
    assert team_load(manager, WEEK).suggestions == []

    TeamMember.objects.create(engagement=small, user=ben)
    TeamMember.objects.create(engagement=big, user=ben)
    worked(ben, 9, small=4)
    (suggestion,) = team_load(manager, WEEK).suggestions
    assert (suggestion.engagement, suggestion.taker, suggestion.transfer.taker_after) == (small, ben, Decimal(13))


def test_engagements_without_a_backup_are_named(manager, ann):
    alone = EngagementFactory(lead=ann)
    EngagementFactory(lead=ann, backup=UserFactory())
    EngagementFactory(lead=ann, status="completed")
    EngagementFactory()
    assert team_load(manager, WEEK).without_backup == [alone]


def test_the_page_says_the_suggestion_with_its_inputs(client, manager, ann, ben):
    EngagementFactory(slug="big", lead=ann)
    EngagementFactory(slug="small", name="Returns", customer__name="Orchard", lead=ann, backup=ben)
    week = Week.of(timezone.localdate()).previous
    for person, hours in ((ann, {"big": 42, "small": 9}), (ben, {"small": 4})):
        check_in = CheckInFactory(person=person, iso_year=week.year, iso_week=week.number)
        for slug, spent in hours.items():
            CheckInHours.objects.create(check_in=check_in, engagement=Engagement.objects.get(slug=slug), hours=spent)
    client.force_login(manager)
    page = client.get("/team/").content.decode()
    assert "Moving Orchard · Returns from Ann to Ben would bring Ann’s next week to about 42 hours and Ben’s to 13." in page
    assert "what was handed over since counts for whoever leads it now" in page
    assert "next week 51.0<" in page
    assert "next week 4.0<" in page
    assert "It takes about 9 of Ann’s 51 hours; Ben expects 4; the limit is 45." in page
