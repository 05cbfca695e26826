"""A person's load against the limits, their next week, and what they published."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engagements.metrics.load import Travel
from engagements.models import CheckInHours
from engagements.selectors import my_week
from engagements.selectors.my_week.load import load_of, next_week_of, past_updates
from engagements.views.my_week_aside import load_words, travel_words
from fde_portal.accounts.models import OrganizationSettings
from tests.factories.concerns import CheckInFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory, WeeklyUpdateFactory
from tests.factories.people import ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 11)  # week 11


@pytest.fixture
def engagement():
    lead = UserFactory(manager=ManagerFactory())
    return EngagementFactory(customer__name="Tidewater", lead=lead, backup=UserFactory(name="Elin Berg"), phase="pilot")


def check_in(person, week, mood=3, travel_days=0, **hours):
    row = CheckInFactory(person=person, iso_week=week, mood=mood, travel_days=travel_days)
    for pk, spent in hours.items():
        CheckInHours.objects.create(check_in=row, engagement_id=int(pk[1:]), hours=spent)
    return row


def load(person):
    return load_of(my_week.work_of(person, TODAY))


def test_without_check_ins_there_is_no_figure_and_no_alarm(engagement):
    found = load(engagement.lead)
    assert (found.latest, found.usual, found.long_weeks, found.is_high, found.move) == (None, None, 0, False, None)
    assert load_words(found) == ""


@pytest.mark.parametrize("change", [{"status": "completed"}, {"lead": None}], ids=["over", "handed over"])
def test_what_was_handed_over_or_is_over_asks_for_no_further_hand_over(engagement, change):
    gone = EngagementFactory(lead=engagement.lead, backup=engagement.backup)
    check_in(engagement.lead, 10, **{f"e{engagement.pk}": 30, f"e{gone.pk}": 20})
    assert load(engagement.lead).move.engagement == gone
    for name, value in change.items():
        setattr(gone, name, value or UserFactory())
    gone.save()
    assert load(engagement.lead).move is None


def test_long_weeks_falling_mood_and_the_hand_over_that_would_help(engagement):
    alone = EngagementFactory(lead=engagement.lead, phase="production")
    for week, mood in ((7, 4), (8, 4), (9, 3), (10, 2)):
        parts = {f"e{engagement.pk}": 12, f"e{alone.pk}": 28 if week == 7 else 40}
        check_in(engagement.lead, week, mood=mood, travel_days=2, **parts)
    check_in(engagement.backup, 10, **{f"e{engagement.pk}": 90})

    found = load(engagement.lead)
    assert [week.number for week in found.weeks][-1] == 10  # week 11 is not over
    assert (found.latest, found.usual, found.long_weeks) == (Decimal(52), Decimal(52), 3)
    assert (found.travel_days, found.expected_travel) == (8, Travel(2, 4, True))
    assert (found.move.engagement, found.move.hours) == (engagement, Decimal(40))
    assert load_words(found) == (
        "3 weeks in a row were longer than 45 hours. Your mood has been falling. "
        f"Moving Tidewater · {engagement.name} to Elin Berg would bring next week to about 40 hours."
    )


def test_more_engagements_in_a_phase_than_the_organization_allows(engagement):
    OrganizationSettings.current()
    OrganizationSettings.objects.update(most_pilot=1)
    EngagementFactory(lead=engagement.lead, phase="pilot")
    EngagementFactory(lead=engagement.lead, phase="pilot", status="paused")
    EngagementFactory(backup=engagement.lead, phase="pilot")
    found = load(engagement.lead)
    assert (found.led, found.crowded) == (2, [("pilot", 2, 1)])
    assert load_words(found) == "Pilot: you lead 2 at a time, the limit is 1."


def test_the_team_is_everybody_with_the_same_manager(engagement):
    for count in (1, 3):
        colleague = UserFactory(manager=engagement.lead.manager)
        EngagementFactory.create_batch(count, lead=colleague)
    EngagementFactory.create_batch(5, lead=UserFactory(manager=ManagerFactory()))
    assert load(engagement.lead).team_median == 1
    assert load(engagement.backup).team_median is None


def test_next_week_holds_the_milestones_expected_on_each_day(engagement):
    MilestoneFactory(engagement=engagement, title="Pilot review", baseline_on=date(2026, 3, 18))
    MilestoneFactory(engagement=engagement, title="Moved here", baseline_on=date(2026, 3, 2), forecast_on=date(2026, 3, 16))
    MilestoneFactory(engagement=engagement, title="This week", baseline_on=date(2026, 3, 13))
    MilestoneFactory(engagement=engagement, title="Reached", baseline_on=date(2026, 3, 18), actual_on=TODAY)
    MilestoneFactory(title="A stranger's", baseline_on=date(2026, 3, 18))
    days = next_week_of(my_week.work_of(engagement.lead, TODAY))
    assert [(day.on.day, [row.title for row in day.milestones]) for day in days] == [
        (16, ["Moved here"]), (17, []), (18, ["Pilot review"]), (19, []), (20, [])
    ]


def milestone(engagement, month, day, **fields):
    return MilestoneFactory(engagement=engagement, baseline_on=date(2026, month, day), **fields)


def test_travel_is_expected_as_in_weeks_that_were_like_the_coming_one(engagement):
    for week, days in ((7, 3), (8, 0), (9, 4), (10, 1)):
        check_in(engagement.lead, week, travel_days=days)
    milestone(engagement, 2, 9)  # week 7, as promised
    milestone(engagement, 1, 2, actual_on=date(2026, 2, 25))  # week 9, where it was reached
    milestone(engagement, 3, 4, archived_at=datetime(2026, 3, 5, tzinfo=UTC))  # week 10, put away
    milestone(EngagementFactory(), 3, 18)
    found = load(engagement.lead)
    assert found.expected_travel == Travel(1, 2, True)  # half a day in weeks 8 and 10, rounded up
    assert travel_words(found) == (
        "About 1 travel day", "No milestone falls into it: travel as in your 2 weeks without one, from your check-ins."
    )

    milestone(engagement, 3, 2, forecast_on=date(2026, 3, 22))  # the Sunday of week 12
    found = load(engagement.lead)
    assert found.expected_travel == Travel(4, 2, True)
    assert travel_words(found) == (
        "About 4 travel days", "A milestone falls into it: travel as in your 2 weeks with one, from your check-ins."
    )


def test_where_no_week_was_like_it_all_count_and_without_check_ins_nothing_is_said(engagement):
    assert travel_words(load(engagement.lead)) == ("", "")
    check_in(engagement.lead, 10, travel_days=0)
    milestone(engagement, 3, 18)
    assert travel_words(load(engagement.lead)) == ("Probably no travel", "Travel as in the 1 week you checked in.")


def test_past_updates_are_those_the_person_published(engagement):
    at = datetime(2026, 3, 6, 12, tzinfo=UTC)
    for week, fields in ((9, {}), (10, {})):
        WeeklyUpdateFactory(
            engagement=engagement, iso_week=week, state="published", published_at=at.replace(day=week - 4), published_by=engagement.lead, **fields
        )
    WeeklyUpdateFactory(engagement=engagement, iso_week=8, state="published", published_at=at, published_by=engagement.backup)
    WeeklyUpdateFactory(engagement=engagement, iso_week=11)
    assert [update.iso_week for update in past_updates(engagement.lead)] == [10, 9]


def test_the_page_shows_load_next_week_and_past_to_the_person(client, engagement):
    client.force_login(engagement.lead)
    page = client.get("/my-week/").content.decode()
    for heading in ("Load", "Next week", "My past updates"):
        assert f">{heading}</h2>" in page
    assert "h-load" not in client.get("/my-week/", headers={"HX-Request": "true"}).content.decode()
    assert "Nothing published yet" in client.get("/my-week/updates/").content.decode()
