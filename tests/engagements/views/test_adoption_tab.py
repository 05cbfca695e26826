"""The tab of adoption and a deliverable's own page, from the figures that the worker stored."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import Engagement, UsageSource
from engagements.services.targets import name_targets
from tests.engagements.deliveries import compute, deliver
from tests.factories.engagements import EngagementFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
PEOPLE = ["ann", "bob", "cem", "dee", "eve", "fay"]


@pytest.fixture
def engagement(client: Client) -> Engagement:
    engagement = EngagementFactory(started_on=MONDAY)
    client.force_login(engagement.lead)
    return engagement


@pytest.fixture
def source(engagement: Engagement) -> UsageSource:
    """Six people are named; in three whole weeks and a Monday 6, 4, 5 and 3 of them use it."""
    source = UsageSourceFactory(deliverable__engagement=engagement, deliverable__name="Copilot")
    weeks = [PEOPLE, PEOPLE[:4], PEOPLE[1:], PEOPLE[:3]]
    deliver(source, {MONDAY + timedelta(weeks=number): people for number, people in enumerate(weeks)})
    name_targets(deliverable=source.deliverable, names=PEOPLE, by=engagement.lead, starts_on=MONDAY)
    compute(engagement, on=MONDAY + timedelta(days=22))
    return source


def pages(client: Client, source: UsageSource) -> list:
    """The tab, which shows the only deliverable as the whole, and the deliverable's page."""
    slug = source.deliverable.engagement.slug
    addresses = [reverse("engagement_adoption", args=[slug]), reverse("deliverable", args=[slug, source.deliverable_id])]
    return [client.get(address) for address in addresses]


def test_activation_stands_with_the_rule_that_counts(client: Client, source: UsageSource) -> None:
    for answer in pages(client, source):
        page = answer.content.decode()
        assert (answer.context["activation"]["figure"].value, answer.context["activation"]["figure"].note) == ("100%", "6 of 6")
        assert "used it within 14 days of being named" in page


def test_the_running_week_is_hatched_in_bars_and_triangle_and_no_word_rests_on_it(client: Client, source: UsageSource) -> None:
    for answer in pages(client, source):
        lifecycle, retention = answer.context["lifecycle"], answer.context["retention"]
        assert [bars.values[-1] for bars in lifecycle.series] == [2, 0, 1, None]
        assert lifecycle.finding.startswith("Last week 3 came back from the week before")
        assert [cell.words for cell in retention.cohorts[0].cells] == ["100", "67", "83", "50 so far"]
        assert retention.finding == "Of 6 people who started, 4 were back the week after."
        assert "W13 so far" in answer.content.decode()


def test_several_deliverables_have_their_own_rules_and_the_whole_has_none(client: Client, engagement: Engagement, source: UsageSource) -> None:
    other = UsageSourceFactory(deliverable__engagement=engagement, deliverable__name="Reader", deliverable__activation_days=2)
    deliver(other, {MONDAY: ["ann"]})
    name_targets(deliverable=other.deliverable, names=["ann", "bob"], by=engagement.lead, starts_on=MONDAY)
    compute(engagement, on=MONDAY + timedelta(days=22))
    answer = client.get(reverse("engagement_adoption", args=[engagement.slug]))

    assert answer.context["activation"] is None
    told = {row.name: (content["activation"]["figure"].value, content["activation"]["rule"]) for row, __, content in answer.context["parts"]}
    assert told == {
        "Copilot": ("100%", "used it within 14 days of being named"),
        "Reader": ("0 of 2", "used it on 2 days within 14 days of being named"),
    }
