"""The sitting from its queue to its end: weeks without news, skips, absences, the check-in, taking back."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import CheckIn, SharedLine, WeekCover, WeeklyUpdate, WeekSkip
from engagements.selectors.weekly_update import Week
from tests.engagements.views.test_weekly_log import entry, posted
from tests.factories.concerns import CheckInFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory, WeeklyUpdateFactory
from tests.factories.people import ContactFactory, UserFactory

FRIDAY = datetime(2026, 11, 20, 15, tzinfo=UTC)
WEEK = "2026-W47"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]


@pytest.fixture
def friday():
    with time_machine.travel(FRIDAY, tick=False) as clock:
        yield clock


def told(engagement, week=46):
    update = WeeklyUpdateFactory(
        engagement=engagement, iso_week=week, state="published", published_at=FRIDAY - timedelta(days=7), published_by=engagement.lead
    )
    SharedLine.objects.create(update=update, kind="next", text="Agree a date")
    return update


@pytest.fixture
def engagement():
    told(EngagementFactory(name="Somebody else's"))
    engagement = EngagementFactory(customer__name="Harbourline")
    told(engagement)
    return engagement


@pytest.fixture
def lead(client, engagement):
    client.force_login(engagement.lead)
    return client


def at(name, engagement):
    return reverse(name, args=[engagement.slug, WEEK])


@pytest.mark.parametrize("name", ["weekly_log_unchanged", "weekly_log_take_back", "weekly_log_skip", "weekly_log_unskip"])
def test_strangers_and_contacts_reach_none_of_it(client, engagement, name):
    for person, status in ((EngagementFactory().lead, 404), (ContactFactory(), 403)):
        client.force_login(person)
        assert client.post(at(name, engagement), {"reason": "holiday"}).status_code == status
    assert (WeekSkip.objects.count(), WeeklyUpdate.objects.filter(iso_week=47).count()) == (0, 0)


def test_no_change_is_one_click_says_since_when_and_can_be_taken_back(lead, engagement):
    page = lead.get(entry(engagement)).content.decode()
    assert at("weekly_log_unchanged", engagement) in page
    assert "since 9 Nov" in page
    response = lead.post(at("weekly_log_unchanged", engagement))
    assert response.url == f"{reverse('weekly_log')}?week={WEEK}"
    assert WeeklyUpdate.objects.get(iso_week=47).state == "published"
    lead.post(at("weekly_log_take_back", engagement))
    assert WeeklyUpdate.objects.get(iso_week=47).state == "draft"


def test_news_is_told_instead_of_denied(lead, engagement):
    MilestoneFactory(engagement=engagement, title="Pilot", actual_on=date(2026, 11, 17), baseline_on=date(2026, 11, 17))
    response = lead.post(at("weekly_log_unchanged", engagement), follow=True)
    assert "Harbourline has news: “Pilot” was reached" in response.content.decode()
    assert WeeklyUpdate.objects.filter(iso_week=47).count() == 0


def test_somebody_who_began_to_write_is_not_offered_no_change(lead, engagement):
    lead.post(entry(engagement), posted(headline="Half"))
    assert at("weekly_log_unchanged", engagement) not in lead.get(entry(engagement)).content.decode()


def test_several_weeks_without_news_at_once(lead, engagement):
    others = [EngagementFactory(lead=engagement.lead) for __ in range(2)]
    for other in others:
        told(other)
    new = EngagementFactory(lead=engagement.lead)
    MilestoneFactory(engagement=others[1], title="Pilot", actual_on=date(2026, 11, 17))
    page = lead.get(reverse("weeks_unchanged", args=[WEEK])).content.decode()
    assert page.count("nothing new since the week of 9 November") == 3
    chosen = [engagement.slug, *(other.slug for other in others), new.slug, "engagement-unknown"]
    response = lead.post(reverse("weeks_unchanged", args=[WEEK]), {"engagement": chosen}, follow=True)
    published = WeeklyUpdate.objects.filter(iso_week=47, state="published")
    assert {update.engagement_id for update in published} == {engagement.pk, others[0].pk}
    body = response.content.decode()
    assert "Published without news: 2." in body
    assert "has news: “Pilot”" in body


def test_the_list_of_weeks_without_news_costs_the_same_for_one_and_for_six(lead, engagement):
    address = reverse("weeks_unchanged", args=[WEEK])
    lead.get(address)
    with CaptureQueriesContext(connection) as one:
        lead.get(address)
    for other in EngagementFactory.create_batch(5, lead=engagement.lead):
        told(other)
    with CaptureQueriesContext(connection) as six:
        assert lead.get(address).content.decode().count("nothing new since") == 6
    assert len(one) == len(six)


def test_a_week_is_skipped_with_a_reason_and_taken_up_again(lead, engagement):
    assert lead.post(at("weekly_log_skip", engagement), {"reason": "weather"}).status_code == 422
    assert WeekSkip.objects.count() == 0
    response = lead.post(at("weekly_log_skip", engagement), {"reason": "customer_away", "note": "Audit week"}, follow=True)
    assert "Skipped: Harbourline, week 47." in response.content.decode()
    page = lead.get(entry(engagement)).content.decode()
    assert "This week is skipped: The customer is away." in page
    lead.post(at("weekly_log_unskip", engagement))
    assert WeekSkip.objects.count() == 0


def test_the_coming_week_is_skipped_and_the_person_lands_in_their_own_week(lead, engagement):
    ahead = reverse("weekly_log_skip", args=[engagement.slug, "2026-W48"])
    response = lead.post(ahead, {"reason": "holiday"}, follow=True)
    assert (response.status_code, response.redirect_chain[-1][0]) == (200, reverse("my_week"))
    assert "Skipped: Harbourline, week 48." in response.content.decode()
    skip = WeekSkip.objects.get()
    assert (skip.iso_week, skip.engagement) == (48, engagement)


def test_a_publication_offers_to_be_taken_back_for_ten_minutes(lead, engagement, friday):
    lead.post(entry(engagement), posted(act="publish", progress=[{"text": "Done"}]))
    assert at("weekly_log_take_back", engagement) in lead.get(entry(engagement)).content.decode()
    friday.shift(timedelta(minutes=10))
    assert "for ten minutes" not in lead.get(entry(engagement)).content.decode()
    response = lead.post(at("weekly_log_take_back", engagement), follow=True)
    assert "It stays published" in response.content.decode()
    assert WeeklyUpdate.objects.get(iso_week=47).state == "published"


def test_after_the_last_update_comes_the_check_in_once_for_all_and_then_the_end(lead, engagement):
    response = lead.post(entry(engagement), posted(act="publish_next", progress=[{"text": "Done"}]), follow=True)
    assert response.redirect_chain[-1][0] == reverse("check_in", args=[WEEK]) + "?sitting"
    answer = {"mood": "3", "confidence": "4", "travel_days": "1", f"hours-{engagement.pk}": "14.5", "version": "1"}
    response = lead.post(reverse("check_in", args=[WEEK]) + "?sitting", answer)
    assert response.url == reverse("weekly_log_done", args=[WEEK])
    page = lead.get(response.url).content.decode()
    assert "Week 47 is done" in page
    assert "Checked in with 14.5 hours." in page
    assert CheckIn.objects.get().person == engagement.lead
    CheckIn.objects.get().hours.update(hours=50)
    assert "Checked in with 50 hours." in lead.get(response.url).content.decode()


def test_the_check_in_can_wait_and_is_never_asked_of_somebody_who_wrote_nothing(lead, engagement, client):
    told(engagement, 47)
    later = lead.get(reverse("weekly_log_done", args=[WEEK]) + "?later")
    assert "You have not checked in." in later.content.decode()
    engagement.backup = UserFactory()
    engagement.save()
    CheckInFactory(person=engagement.lead, iso_week=47)
    client.force_login(engagement.backup)
    response = client.get(reverse("weekly_log"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("weekly_log_done", args=[WEEK])
    page = response.content.decode()
    assert "Checked in" not in page
    assert "Nothing for you to write in week 47" in page
    assert "Week 47 is done" not in page
    assert entry(engagement) in page


def test_weeks_are_handed_over_and_land_in_the_covers_queue(lead, engagement, client):
    engagement.backup = UserFactory(name="Elin Berg")
    engagement.save()
    page = lead.get(reverse("absence_new")).content.decode()
    assert "Elin Berg" in page
    assert "Somebody else" not in page
    wrong = {"first": "2026-W49", "last": "2026-W48", f"cover-{engagement.pk}": engagement.backup_id}
    assert lead.post(reverse("absence_new"), wrong).status_code == 422
    stranger = wrong | {"last": "2026-W49", f"cover-{engagement.pk}": UserFactory().pk}
    assert lead.post(reverse("absence_new"), stranger).status_code == 422
    assert WeekCover.objects.count() == 0
    right = {"first": WEEK, "last": "2026-W53", f"cover-{engagement.pk}": engagement.backup_id}
    assert lead.post(reverse("absence_new"), right).url == reverse("absences")
    cover = WeekCover.objects.get()
    assert (cover.cover, cover.first_on, cover.last_on) == (engagement.backup, Week(2026, 47).monday, Week(2026, 53).monday)
    assert "Elin Berg writes" in lead.get(entry(engagement)).content.decode()
    client.force_login(engagement.backup)
    assert client.get(reverse("weekly_log")).url == entry(engagement)
    assert "Elin Berg writes for" in client.get(reverse("absences")).content.decode()
    client.force_login(EngagementFactory().lead)
    assert client.post(reverse("absence_end", args=[cover.pk])).status_code == 404
    client.force_login(engagement.lead)
    client.post(reverse("absence_end", args=[cover.pk]))
    assert WeekCover.objects.count() == 0


def test_a_late_update_of_week_53_is_drafted_from_its_own_week(client, engagement, friday):
    friday.move_to(datetime(2027, 1, 8, 15, tzinfo=UTC))
    client.force_login(engagement.lead)
    MilestoneFactory(engagement=engagement, title="Old year", baseline_on=date(2026, 12, 31), actual_on=date(2026, 12, 31))
    MilestoneFactory(engagement=engagement, title="New year", baseline_on=date(2027, 1, 5), actual_on=date(2027, 1, 5))
    page = client.get(entry(engagement, "2026-W53")).content.decode()
    assert "A late update: you write week 53." in page
    assert "“Old year” was reached on 31 December." in page
    assert "“New year” was reached" not in page
