"""Feeds by the hour: what the worker keeps of them, and that a silence shows without any computation."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from engagements.metrics.rhythm import Silence
from engagements.models import PortfolioRow, UsageSource
from engagements.selectors.feed_watch import silence_of, silence_sentence
from engagements.services.portfolio import refresh_portfolio_row
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.usage import UsageBatchFactory, UsageSourceFactory

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 3, 3, 14, 5, tzinfo=UTC)
QUIET_UNTIL = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)
KEPT = {"last": TUESDAY.isoformat(), "hours": 1, "until": QUIET_UNTIL.isoformat()}
SENTENCE = "No usage since Tuesday 3 March 14:05, normally every hour"
PAGES = ["/portfolio/", "/my-week/", "/engagements/copilot/", "/engagements/copilot/adoption/"]


def deliver_hourly(source: UsageSource, last: datetime, every: int = 1) -> None:
    for number in range(24):
        UsageBatchFactory(source=source, received_at=last - timedelta(hours=every * number))


def test_the_worker_keeps_the_rhythm_of_the_feed_that_is_the_first_to_fall_silent() -> None:
    engagement = EngagementFactory()
    for last, every, archived_at in ((TUESDAY, 1, None), (TUESDAY, 4, None), (TUESDAY - timedelta(hours=5), 1, TUESDAY)):
        deliver_hourly(UsageSourceFactory(deliverable__engagement=engagement, archived_at=archived_at), last, every)
    deliver_hourly(UsageSourceFactory(), TUESDAY - timedelta(hours=9))  # a stranger's

    refresh_portfolio_row(engagement, today=date(2026, 3, 3), now=TUESDAY)

    assert PortfolioRow.objects.get(engagement=engagement).feed_watch == KEPT


def test_without_a_feed_by_the_hour_nothing_is_kept() -> None:
    source = UsageSourceFactory()
    deliver_hourly(source, TUESDAY, every=24)
    refresh_portfolio_row(source.deliverable.engagement, today=date(2026, 3, 3), now=TUESDAY)
    assert PortfolioRow.objects.get().feed_watch is None


def test_a_silence_begins_by_the_clock() -> None:
    assert silence_of(KEPT, QUIET_UNTIL) is None
    assert silence_of(KEPT, QUIET_UNTIL + timedelta(minutes=1)) == Silence(TUESDAY, 1)
    assert silence_of(None, QUIET_UNTIL) is None


def test_the_sentence_says_since_when_and_how_often_it_comes() -> None:
    with timezone.override("UTC"):
        assert silence_sentence(Silence(TUESDAY, 1)) == SENTENCE
        assert silence_sentence(Silence(TUESDAY, 4)) == "No usage since Tuesday 3 March 14:05, normally every 4 hours"
    assert silence_sentence(None) == ""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("hours", "is_told"), [(3, False), (5, True)])
def test_the_pages_tell_a_silence_once_it_is_one(path: str, hours: int, is_told: bool) -> None:
    lead = UserFactory(time_zone="UTC")
    PortfolioRowFactory(engagement__lead=lead, engagement__slug="copilot", feed_watch=KEPT)
    client = Client()
    with travel(TUESDAY + timedelta(hours=hours), tick=False):
        client.force_login(lead)
        page = client.get(path).content.decode()
    assert (SENTENCE in page) is is_told


def test_my_week_names_the_engagement_and_leads_to_its_data() -> None:
    row = PortfolioRowFactory(engagement__lead=UserFactory(time_zone="UTC"), engagement__customer__name="Kestrel", feed_watch=KEPT)
    PortfolioRowFactory(engagement__customer__name="Stranger", feed_watch=KEPT)
    client = Client()
    with travel(TUESDAY + timedelta(hours=5), tick=False):
        client.force_login(row.engagement.lead)
        urgent = client.get("/my-week/").context["urgent"]
    told = [(need.title, need.detail, need.url) for need in urgent if "usage" in need.title]
    detail = f"{SENTENCE}. Figures of adoption are growing old. Check the source."
    assert told == [("Kestrel: usage has stopped arriving", detail, reverse("engagement_data", args=[row.engagement.slug]))]
