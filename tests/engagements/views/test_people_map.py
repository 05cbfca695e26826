"""The map on the People tab and on the overview: the day to compare with stands in the address."""

from datetime import date

import pytest
from django.test import Client

from engagements.models import Engagement
from tests.factories.customers import StakeholderFactory, StanceRecordFactory
from tests.factories.engagements import EngagementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement(client: Client) -> Engagement:
    """Anneke turned from sceptic to supporter, Pieter the other way; Gone left and Unknown has no stance."""
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    for name, *stances in (("Anneke", "sceptic", "supporter"), ("Pieter", "neutral", "sceptic"), ("Gone", "neutral", "champion"), ("Unknown",)):
        left_on = date(2026, 2, 1) if name == "Gone" else None
        person = StakeholderFactory(customer=engagement.customer, name=name, left_on=left_on)
        for month, stance in enumerate(stances, start=1):
            StanceRecordFactory(stakeholder=person, stance=stance, recorded_on=date(2026, month, 10))
    StanceRecordFactory(stakeholder=StakeholderFactory(name="Stranger"), stance="champion")
    return engagement


def map_of(client: Client, engagement: Engagement, **asked):
    return client.get(f"/engagements/{engagement.slug}/people/", asked).context["map"]


def test_it_says_who_supports_and_who_moved_since_the_day_asked_for(client, engagement) -> None:
    shown = map_of(client, engagement, since="2026-01-20")
    assert shown.finding == "1 of 2 supports the work. 1 moved closer. 1 moved away."
    assert {(person.name, person.before, person.column) for person in shown.people} == {("Anneke", 1, 3), ("Pieter", 2, 1)}


@pytest.mark.parametrize("since", ["2026-02-20", "nonsense", "2026-13-45"])
def test_later_nobody_moved_and_a_day_that_is_none_gives_the_usual_span(client, engagement, since) -> None:
    assert not any(person.has_moved for person in map_of(client, engagement, since=since).people)


def test_the_overview_draws_the_same_people(client, engagement) -> None:
    page = client.get(f"/engagements/{engagement.slug}/")
    assert {person.name for person in page.context["people_map"].people} == {"Anneke", "Pieter"}
    assert "Stranger" not in page.content.decode()
