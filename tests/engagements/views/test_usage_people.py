"""People in the data: found by their name, marked, joined and erased, and only by who may."""

import pytest
from django.test import Client
from django.urls import reverse

from engagements.intake.rows import UsageLine
from engagements.models import Actor
from tests.engagements.services.test_usages import MONDAY, counted, send
from tests.factories.people import UserFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    source = UsageSourceFactory()
    send(source, UsageLine("ann", MONDAY), UsageLine("a.n.n", MONDAY), UsageLine("robot", MONDAY))
    return source


@pytest.fixture
def owner(source) -> Client:
    client = Client()
    client.force_login(source.deliverable.engagement.lead)
    return client


def find(client: Client, source, name: str):
    return client.get(reverse("usage_people", args=[source.deliverable.engagement.slug]), {"name": name})


def act(client: Client, source, route: str, name: str, **values: str):
    person = find(client, source, name).context["person"]
    return client.post(reverse(route, args=[source.deliverable.engagement.slug, person.pk]), {"name": name} | values, follow=True)


def test_a_robot_no_longer_counts(source, owner: Client) -> None:
    answer = act(owner, source, "usage_person_kind", "robot", kind="bot")
    assert answer.context["person"].kind == "bot"
    assert counted(source) == {MONDAY: (2, 2)}


def test_two_names_are_joined_and_parted(source, owner: Client) -> None:
    act(owner, source, "usage_person_alias", "a.n.n", same_as="ann")
    assert counted(source) == {MONDAY: (2, 3)}
    act(owner, source, "usage_person_alias", "a.n.n", same_as="")
    assert counted(source) == {MONDAY: (3, 3)}
    answer = act(owner, source, "usage_person_alias", "ann", same_as="nobody")
    assert "Nobody in the data is called “nobody”. Nothing changed." in answer.content.decode()
    act(owner, source, "usage_person_alias", "ann", same_as="ann")
    assert counted(source) == {MONDAY: (3, 3)}


def test_a_person_is_erased_after_a_question(source, owner: Client) -> None:
    person = find(owner, source, "ann").context["person"]
    path = reverse("usage_person_erase", args=[source.deliverable.engagement.slug, person.pk])
    assert "Erase ann?" in owner.get(path, {"name": "ann"}).content.decode()
    assert Actor.objects.count() == 3
    owner.post(path)
    assert counted(source) == {MONDAY: (2, 2)}
    assert find(owner, source, "ann").context["person"] is None


def test_people_of_another_customer_are_not_found(source) -> None:
    stranger, client = UsageSourceFactory(), Client()
    client.force_login(stranger.deliverable.engagement.lead)
    person = Actor.objects.first()
    assert find(client, stranger, "ann").context["person"] is None
    path = reverse("usage_person_erase", args=[stranger.deliverable.engagement.slug, person.pk])
    assert client.post(path).status_code == 404
    client.force_login(UserFactory())
    assert find(client, source, "ann").status_code == 404
    assert Actor.objects.count() == 3
