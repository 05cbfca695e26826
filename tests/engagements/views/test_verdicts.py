"""Customers confirm or dispute what was observed: kept, audited, never by another company, and laid over the page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.models import Observation, Response
from engagements.public_page.content import canonical_json, content_from
from engagements.selectors.shareable import shareable_content
from engagements.services.editions import publish_edition
from engagements.services.responses import take_back_response
from fde_portal.accounts.models import AuditEvent
from tests.factories.customers import MembershipFactory
from tests.factories.outcomes import ObservationFactory, OutcomeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen() -> Observation:
    """A shared outcome with one observation, on a published page; beside it one that stays with us."""
    agreement = OutcomeFactory(is_shared=True)
    hidden = OutcomeFactory(engagement=agreement.engagement, outcome="Nobody outside may read this")
    ObservationFactory(agreement=hidden)
    observation = ObservationFactory(agreement=agreement, recorded_by=agreement.our_person)
    publish(observation)
    return observation


def publish(observation: Observation) -> None:
    publish_edition(engagement=observation.agreement.engagement, by=observation.agreement.our_person, now=timezone.now())


@pytest.fixture
def contact(client: Client, seen: Observation):
    membership = MembershipFactory(customer=seen.agreement.engagement.customer)
    client.force_login(membership.user)
    return membership.user


def answer_url(observation: Observation) -> str:
    return reverse("contact_answer", args=[observation.agreement.engagement.slug, "observation", observation.pk])


def page(client: Client, observation: Observation) -> str:
    return client.get(reverse("contact_edition", args=[observation.agreement.engagement.slug])).content.decode()


def test_the_page_tells_baseline_goal_and_what_was_seen(client, contact, seen):
    told = page(client, seen)

    assert "10 minutes, measured until 28 February" in told
    assert "It was 14 minutes, the goal is 6 minutes" in told
    assert "from 14 minutes, goal 6 minutes" in told
    assert "0 confirmed, 1 open, 0 disputed." in told
    assert "Nobody outside may read this" not in told
    assert "10 minutes, measured until 28 February" in client.get(answer_url(seen)).content.decode()


def test_a_contact_confirms_and_it_counts_audited(client, contact, seen):
    assert client.post(answer_url(seen), {"kind": "confirm"}).status_code == 302

    seen.refresh_from_db()
    assert (seen.state, seen.decided_by) == ("confirmed", contact.name)
    assert set(AuditEvent.objects.filter(actor=contact).values_list("verb", flat=True)) == {"confirm", "confirm_observation"}
    told = page(client, seen)
    assert "1 confirmed, 0 open, 0 disputed." in told
    assert f"{contact.name} confirmed it" in told


def test_a_dispute_owes_its_comment_and_both_stay_in_the_history(client, contact, seen):
    assert client.post(answer_url(seen), {"kind": "dispute", "text": ""}).status_code == 422
    client.post(answer_url(seen), {"kind": "confirm"})
    client.post(answer_url(seen), {"kind": "dispute", "text": "Two desks are missing"})

    seen.refresh_from_db()
    assert (seen.state, seen.comment) == ("disputed", "Two desks are missing")
    assert list(Response.objects.order_by("id").values_list("kind", flat=True)) == ["confirm", "dispute"]
    told = page(client, seen)
    assert "0 confirmed, 0 open, 1 disputed." in told
    assert "Two desks are missing" in told
    client.force_login(seen.agreement.our_person)
    inside = client.get(reverse("engagement_outcomes", args=[seen.agreement.engagement.slug])).content.decode()
    assert "0 confirmed, 1 open, 1 disputed." in inside  # the hidden one is open


def test_another_company_cannot_answer_nor_learn_that_it_is_there(client, seen):
    client.force_login(MembershipFactory().user)
    foreign = ObservationFactory(agreement__is_shared=True)
    publish(foreign)

    for url in (answer_url(seen), answer_url(foreign)):
        assert (client.get(url).status_code, client.post(url, {"kind": "confirm"}).status_code) == (404, 404)
    assert (Response.objects.count(), Observation.objects.exclude(state="provisional").count()) == (0, 0)


def test_what_is_not_on_the_page_cannot_be_answered(client, contact, seen):
    hidden = Observation.objects.exclude(pk=seen.pk).get()
    foreign = ObservationFactory(agreement__is_shared=True)

    for other in (hidden, foreign):
        url = reverse("contact_answer", args=[seen.agreement.engagement.slug, "observation", other.pk])
        assert client.post(url, {"kind": "confirm"}).status_code == 404
    assert Response.objects.count() == 0


def test_what_is_no_longer_shared_is_settled(client, contact, seen):
    """The edition still names it; the record decides."""
    seen.agreement.is_shared = False
    seen.agreement.save()

    assert client.post(answer_url(seen), {"kind": "confirm"}).status_code == 409
    seen.refresh_from_db()
    assert (seen.state, Response.objects.count(), AuditEvent.objects.filter(actor=contact).count()) == ("provisional", 0, 0)


def test_a_verdict_is_taken_back_and_the_figure_is_open_again(client, contact, seen):
    client.post(answer_url(seen), {"kind": "confirm"})
    take_back_response(Response.objects.get(), now=timezone.now() + timedelta(minutes=1))

    seen.refresh_from_db()
    assert (seen.state, seen.decided_by, seen.decided_on) == ("provisional", "", None)
    assert "0 confirmed, 1 open, 0 disputed." in page(client, seen)


def answer_of_another(seen: Observation, kind: str, text: str = "") -> str:
    """Somebody else at the customer answers, in a browser of their own; says their name."""
    person, browser = MembershipFactory(customer=seen.agreement.engagement.customer).user, Client()
    browser.force_login(person)
    browser.post(answer_url(seen), {"kind": kind, "text": text})
    return person.name


def take_back(kind: str) -> None:
    take_back_response(Response.objects.get(kind=kind), now=timezone.now() + timedelta(minutes=1))


def test_the_verdict_before_holds_again_once_the_later_one_is_taken_back(client, contact, seen):
    client.post(answer_url(seen), {"kind": "confirm"})
    answer_of_another(seen, "dispute", "Two desks are missing")
    take_back("dispute")

    seen.refresh_from_db()
    assert (seen.state, seen.decided_by, seen.comment) == ("confirmed", contact.name, "")
    assert f"{contact.name} confirmed it" in page(client, seen)


def test_a_verdict_on_a_figure_that_was_corrected_since_does_not_return(client, contact, seen):
    client.post(answer_url(seen), {"kind": "confirm"})
    Observation.objects.filter(pk=seen.pk).update(state="provisional", decided_on=None, decided_by="", numerator=seen.numerator + 100)
    publish(seen)
    answer_of_another(seen, "dispute", "Two desks are missing")
    take_back("dispute")

    seen.refresh_from_db()
    assert (seen.state, seen.decided_by) == ("provisional", "")


def test_taking_a_replaced_verdict_back_leaves_the_later_one(client, contact, seen):
    client.post(answer_url(seen), {"kind": "confirm"})
    other = answer_of_another(seen, "dispute", "Two desks are missing")
    take_back("confirm")

    seen.refresh_from_db()
    assert (seen.state, seen.decided_by) == ("disputed", other)


def test_an_edition_reads_back_as_it_was_written(seen):
    content = shareable_content(seen.agreement.engagement, now=timezone.now())

    assert content_from(canonical_json(content)) == content
