"""The calendar of a share."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from icalendar import Calendar

from engagements.models import ShareView
from engagements.public_page.content import SharedAsk, SharedMilestone, canonical_json
from engagements.public_page.keys import Purpose, derived_key
from engagements.services.withdrawals import withdraw_item
from fde_portal.accounts.tokens import digest_of
from tests.factories.engagements import EngagementFactory
from tests.factories.responses import ResponseFactory
from tests.factories.shares import SECRET, EditionFactory, ShareFactory, content_for

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
DUE, GO_LIVE = date(2026, 11, 24), date(2026, 12, 14)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def share():
    engagement = EngagementFactory(name="Customs copilot")
    content = content_for(
        engagement,
        milestones=(SharedMilestone(7, "Go-live", "", date(2026, 11, 30), GO_LIVE, False),),
        asks=(SharedAsk(3, "Name a reviewer", "Pieter", DUE, "Go-live moves"), SharedAsk(4, "Whenever", "", None, "")),
    )
    EditionFactory(engagement=engagement, content=canonical_json(content))
    return ShareFactory(engagement=engagement, token_digest=digest_of(f"{SECRET}x"))


def path_of(share, purpose=Purpose.CALENDAR):
    return reverse("shared_calendar", args=[derived_key(share, purpose)])


def entries(response):
    events = Calendar.from_ical(response.content).walk("VEVENT")
    return [(str(event["uid"]).split("@")[0], event.decoded("dtstart"), str(event["summary"]), str(event["description"])) for event in events]


def test_milestones_and_asks_with_a_day_stand_in_it(client, share):
    response = client.get(path_of(share))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert entries(response) == [
        ("milestone-7", GO_LIVE, "Go-live", "Expected two weeks late"),
        ("ask-3", DUE, "We need from you: Name a reviewer", "Go-live moves"),
    ]
    assert not ShareView.objects.exists()


def test_the_page_leads_to_it_and_its_key_opens_nothing_else(client, share):
    page = client.get(reverse("shared_page", args=[f"{SECRET}x"])).content.decode()
    assert path_of(share) in page
    key = derived_key(share, Purpose.CALENDAR)
    assert client.get(reverse("shared_page", args=[key])).status_code == 404
    assert client.get(reverse("shared_calendar", args=[f"{SECRET}x"])).status_code == 404
    assert client.get(path_of(share, Purpose.PAGE)).status_code == 404


def test_a_moved_date_is_the_same_entry_and_what_was_taken_back_is_gone(client, share):
    content = content_for(share.engagement, milestones=(SharedMilestone(7, "Go-live", "", date(2026, 11, 30), date(2027, 1, 8), False),))
    EditionFactory(engagement=share.engagement, number=999, content=canonical_json(content))
    assert [(name, day) for name, day, *_ in entries(client.get(path_of(share)))] == [("milestone-7", date(2027, 1, 8))]
    withdraw_item(engagement=share.engagement, item="milestone:7", by=share.engagement.lead, now=NOW)
    assert entries(client.get(path_of(share))) == []


@pytest.mark.parametrize(
    ("answer", "stands"),
    [
        ({"kind": "answer"}, False),
        ({"kind": "acknowledge"}, True),
        ({"kind": "answer", "confirmed_at": NOW - timedelta(days=90)}, True),
    ],
)
def test_an_ask_leaves_it_when_it_is_answered_as_it_leaves_the_page(client, share, answer, stands):
    ResponseFactory(edition=share.engagement.editions.get(), item=3, **answer)
    assert ("ask-3" in [name for name, *_ in entries(client.get(path_of(share)))]) is stands


def test_it_shows_the_sections_and_the_language_of_the_share(client, share):
    share.sections, share.language = ["asks"], "zh-hans"
    share.save()
    [(name, _, summary, _)] = entries(client.get(path_of(share)))
    assert name == "ask-3"
    assert "We need" not in summary


@pytest.mark.parametrize("closed", [{"revoked_at": NOW}, {"expires_at": NOW - timedelta(days=1)}])
def test_it_ends_with_the_share(client, share, closed):
    path = path_of(share)
    type(share).objects.filter(pk=share.pk).update(**closed)
    closed_answer, unknown = client.get(path), client.get(path[:-6] + "abcd5/")
    assert (closed_answer.status_code, unknown.status_code) == (404, 404)
    assert closed_answer.content == unknown.content


def test_behind_a_door_the_key_is_shown_only_to_those_who_are_through(client, share):
    share.passcode = make_password("open sesame")
    share.save()
    page = reverse("shared_page", args=[f"{SECRET}x"])
    assert derived_key(share, Purpose.CALENDAR) not in client.get(page).content.decode()
    client.post(f"{page}passcode/", {"passcode": "open sesame"})
    assert derived_key(share, Purpose.CALENDAR) in client.get(page).content.decode()
    assert len(entries(client.get(path_of(share)))) == 2
