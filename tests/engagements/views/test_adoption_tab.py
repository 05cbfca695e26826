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
        assert answer.context["activation"].value == "100%"
        assert "6 of 6 · used it within 14 days of being named" in page


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
    told = {row.name: (content["activation"].value, content["activation"].note) for row, __, content in answer.context["parts"]}
    assert told == {
        "Copilot": ("100%", "6 of 6 · used it within 14 days of being named"),
        "Reader": ("0 of 2", "used it on 2 days within 14 days of being named"),
    }


def test_after_a_feed_stopped_nothing_is_counted_as_nobody(client: Client, engagement: Engagement, source: UsageSource) -> None:
    """It stopped on a Monday, and the worker computed it three weeks later."""
    compute(engagement, on=MONDAY + timedelta(weeks=6))
    for answer in pages(client, source):
        page = answer.content.decode()
        users, lifecycle, retention = (answer.context[name] for name in ("users_chart", "lifecycle", "retention"))
        assert (users.labels, users.series[0].values, users.series[-1].values) == (("W10", "W11", "W12", "W13"), (6, 4, 5, None), (None, None, None, 3))
        assert users.finding == "5 people used it in the last whole period; 6 at most in this range."
        assert lifecycle.finding.startswith("In the last whole period 0 were new, 3 came back")
        assert [[cell.text for cell in cohort.cells] for cohort in retention.cohorts] == [["100", "67", "83"]]
        assert "The last day with usage is 23 Mar; how many use it since then is not known." in page
        assert "Weekly users</dt>" not in page


def test_a_stopped_feed_ends_the_range_of_all_measures(client: Client, source: UsageSource) -> None:
    answer = client.get(reverse("adoption_study", args=[source.deliverable.engagement.slug]))
    last = MONDAY + timedelta(weeks=3)
    assert (answer.context["stopped_on"], answer.context["study"].question.last) == (last, last)
    assert "The figures end with 23 Mar 2026, the last day that was delivered." in answer.content.decode()
