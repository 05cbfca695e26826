"""The engagement's first page and its adoption tab, from nothing to full, and their renewing fragment."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.models import Engagement
from engagements.services.recomputes import request_recompute, run_recompute
from tests.engagements.deliveries import deliver
from tests.factories.concerns import RiskFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory, NoteFactory
from tests.factories.people import UserFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db
TABS = ["", "adoption/"]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def compute(engagement: Engagement) -> None:
    request_recompute(engagement.pk)
    assert run_recompute(engagement.pk, now=timezone.now())


@pytest.fixture
def engagement() -> Engagement:
    """An engagement with a month of use by eight people and an open milestone."""
    source = UsageSourceFactory()
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in range(30)]
    deliver(source, {day: [f"p{n}" for n in range(8)] for day in days})
    result = source.deliverable.engagement
    MilestoneFactory(engagement=result, title="Go live", baseline_on=today + timedelta(days=9))
    compute(result)
    return result


@pytest.mark.parametrize("tab", TABS)
def test_strangers_do_not_learn_that_it_exists(engagement, tab) -> None:
    assert signed_in(UserFactory()).get(f"/engagements/{engagement.slug}/{tab}").status_code == 404


@pytest.mark.parametrize("tab", TABS)
def test_a_new_engagement_says_what_belongs_there(tab) -> None:
    engagement = EngagementFactory()
    page = signed_in(engagement.lead).get(f"/engagements/{engagement.slug}/{tab}").content.decode()
    assert "No usage yet" in page


def test_the_first_page_shows_health_users_and_milestones(engagement) -> None:
    page = signed_in(engagement.lead).get(f"/engagements/{engagement.slug}/").content.decode()
    assert "Go live" in page
    assert "<dt>Weekly users</dt><dd>8" in page
    assert "No milestone is open." not in page


def test_the_open_page_is_left_alone_until_something_was_computed(engagement) -> None:
    client, path = signed_in(engagement.lead), f"/engagements/{engagement.slug}/"
    seen = engagement.recompute.have
    renew = {"headers": {"HX-Request": "true"}}
    assert client.get(f"{path}?seen={seen}", **renew).status_code == 204

    MilestoneFactory(engagement=engagement, title="A new one")
    compute(engagement)
    answer = client.get(f"{path}?seen={seen}", **renew)
    assert "A new one" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_alerts_begin_with_the_first_computation_on_every_page() -> None:
    started = timezone.localdate() - timedelta(days=20)
    engagement = EngagementFactory(started_on=started)
    RiskFactory(engagement=engagement, trigger="no_update", threshold=9)
    MilestoneFactory(engagement=engagement, baseline_on=started)
    RiskFactory(engagement=engagement, trigger="milestone_slip", threshold=9)
    client, alerts = signed_in(engagement.lead), ("No update for 20 days, more than 9.", "A milestone slips 20 days, more than 9.")

    def told() -> dict[str, list[bool]]:
        pages = {path: client.get(path).content.decode() for path in (f"/engagements/{engagement.slug}/", risks_tab, "/my-week/")}
        return {path: [alert in page for alert in alerts] for path, page in pages.items()}

    risks_tab = reverse("engagement_risks", args=[engagement.slug])
    assert not any(any(found) for found in told().values())
    compute(engagement)
    assert all(all(found) for found in told().values())


@pytest.mark.parametrize("tab", TABS)
def test_the_number_of_statements_does_not_grow(engagement, tab, django_assert_max_num_queries) -> None:
    client, path = signed_in(engagement.lead), f"/engagements/{engagement.slug}/{tab}"
    counts = []
    for rows in (1, 3, 30):
        while engagement.milestones.count() < rows:
            MilestoneFactory(engagement=engagement)
            NoteFactory(engagement=engagement, customer=engagement.customer)
            EngagementFactory(lead=engagement.lead)
        with django_assert_max_num_queries(15) as captured:
            client.get(path)
        counts.append(len(captured))
    assert len(set(counts)) == 1
