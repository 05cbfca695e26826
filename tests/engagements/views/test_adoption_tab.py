"""The tab of adoption and a deliverable's own page, from the figures that the worker stored."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import Engagement, MetricSnapshot, UsageBatch, UsageSource
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
        assert "The last day that was delivered is 23 Mar; how many use it since then is unknown." in page
        assert "Weekly users</dt>" not in page


def test_a_week_whose_last_days_were_delivered_without_use_is_whole_before_a_feed_stops(client: Client, engagement: Engagement) -> None:
    """Of a tool that is used from Monday to Friday. All measures end with the same day."""
    source = UsageSourceFactory(deliverable__engagement=engagement)
    friday, sunday = MONDAY + timedelta(days=4), MONDAY + timedelta(days=6)
    deliver(source, {MONDAY: PEOPLE, friday: PEOPLE[:2]})
    UsageBatch.objects.update(last_day=sunday)
    compute(engagement, on=MONDAY + timedelta(weeks=3))
    for answer in pages(client, source):
        chart, page = answer.context["users_chart"], answer.content.decode()
        assert (chart.labels, [line.values for line in chart.series]) == (("W10",), [(6,)])
        assert "The last day that was delivered is 8 Mar; how many use it since then is unknown." in page
    study = client.get(reverse("adoption_study", args=[engagement.slug]))
    assert study.context["stopped_on"] == sunday


def test_beside_a_feed_that_delivers_a_stopped_one_ends_nothing(client: Client, engagement: Engagement, source: UsageSource) -> None:
    today = MONDAY + timedelta(weeks=6)
    deliver(UsageSourceFactory(deliverable=source.deliverable), {today: ["ann"]})
    compute(engagement, on=today)
    for answer in pages(client, source):
        assert answer.context["users_chart"].labels == ("W10", "W11", "W12", "W13", "W14", "W15", "W16")
        assert "Usage of one source has stopped arriving; how many use it now is unknown." in answer.content.decode()


def test_figures_of_an_earlier_definition_are_shown_without_what_they_lack(client: Client, engagement: Engagement, source: UsageSource) -> None:
    compute(engagement, on=MONDAY + timedelta(weeks=6))
    for stored in MetricSnapshot.objects.all():
        del stored.values["activation"], stored.values["covered_until"], stored.series["retention"]["running"]
        for row in stored.series["retention"]["rows"]:
            del row["so_far"]
        stored.save()
    for answer in pages(client, source):
        assert answer.context["activation"] is None
        assert "The last day that was delivered is 23 Mar;" in answer.content.decode()
    MetricSnapshot.objects.update(values=stored.values | {"feed_stopped": False})
    for answer in pages(client, source):
        page = answer.content.decode()
        assert "Weekly users</dt>" in page
        assert "Activation" not in page


def test_a_stopped_feed_ends_the_range_of_all_measures(client: Client, source: UsageSource) -> None:
    answer = client.get(reverse("adoption_study", args=[source.deliverable.engagement.slug]))
    last = MONDAY + timedelta(weeks=3)
    assert (answer.context["stopped_on"], answer.context["study"].question.last) == (last, last)
    assert "The figures end with 23 Mar 2026, the last day that was delivered." in answer.content.decode()
