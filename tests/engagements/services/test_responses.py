"""An answer counts once its address is confirmed, moves the record behind it, and can be taken back for ten minutes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from engagements.models import Deliverable, DeliverableChange, Response
from engagements.public_page.answers import Item, Topic
from engagements.services.responses import (
    Answerer,
    NoLongerPossible,
    Said,
    confirm_response,
    give_response,
    mark_read,
    take_back_response,
)
from fde_portal.accounts.models import AuditEvent
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import AskFactory, DeliverableFactory
from tests.factories.gates import GateDecisionFactory
from tests.factories.people import ContactFactory
from tests.factories.responses import ResponseFactory
from tests.factories.shares import EditionFactory, ShareFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
TOO_LATE = LATER + timedelta(seconds=1)


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def share(edition):
    return ShareFactory(engagement=edition.engagement)


@pytest.fixture
def contact():
    return ContactFactory(name="Anneke Visser", email="anneke@harbourline.example")


def visitor(share, email="Pieter@Harbourline.example", *, is_confirmed=False):
    return Answerer("Pieter Bakker", email, is_confirmed, share=share)


def signed_in(contact):
    return Answerer(contact.name, contact.email, True, person=contact)


def respond(edition, record, by, kind="answer", **said):
    topic = Topic.DELIVERABLE if isinstance(record, Deliverable) else Topic.ASK
    return give_response(edition=edition, item=Item(topic, record.pk, str(record)), said=Said(kind, **said), by=by, now=NOW)


def submitted(engagement, **fields):
    deliverable = DeliverableFactory(engagement=engagement, state="submitted", is_shared=True, actual_on=date(2026, 11, 20), **fields)
    DeliverableChange.objects.create(deliverable=deliverable, was="in_progress", state="submitted", changed_at=NOW)
    return deliverable


def state_of(record):
    return type(record).objects.values_list("state", flat=True).get(pk=record.pk)


def test_an_answer_of_a_visitor_waits_until_the_address_is_confirmed(edition, share):
    ask = AskFactory(engagement=edition.engagement)
    stranger = AskFactory()
    response = respond(edition, ask, visitor(share), text="Grace knows", who_will="Grace Mensah", by_on=date(2026, 11, 27))
    assert list(Response.objects.counted()) == []
    assert state_of(ask) == "open"
    assert not AuditEvent.objects.exists()

    assert confirm_response(response, now=LATER)
    response.refresh_from_db()
    assert (response.confirmed_at, response.email, response.who_will) == (LATER, "pieter@harbourline.example", "Grace Mensah")
    assert (state_of(ask), state_of(stranger)) == ("answered", "open")
    told = AuditEvent.objects.order_by("pk").values_list("verb", "actor", "actor_label")
    unknown = "Pieter Bakker (p…@harbourline.example)"
    assert list(told) == [("close", None, unknown), ("answer_ask", None, unknown)]


@pytest.mark.parametrize(
    ("name", "kept"),
    [("Pieter Bakker", "Pieter Bakker"), ("Anneke Visser", "Anneke Visser (p…@harbourline.example)"), ("A" * 120, "A" * 95 + " (p…@harbourline.example)")],
)
def test_a_sign_off_in_a_name_we_do_not_know_there_says_from_where_it_came_and_is_taken_back(edition, share, name, kept):
    StakeholderFactory(customer=edition.engagement.customer, name="Pieter Bakker", email="pieter@harbourline.example")
    gate = GateDecisionFactory(gate__engagement=edition.engagement, gate__is_shared=True, gate__shared_wording="Begin").gate
    by = Answerer(name, "pieter@harbourline.example", True, share=share)
    item = Item(Topic.GATE, gate.pk, "Begin")
    response = give_response(edition=edition, item=item, said=Said("sign"), by=by, now=NOW)
    gate.refresh_from_db()
    assert (gate.sign_off, gate.sign_off_by) == ("signed", kept)
    take_back_response(response, now=LATER)
    gate.refresh_from_db()
    assert (gate.sign_off, gate.sign_off_by) == ("open", "")


def test_confirming_twice_counts_once_and_whatever_else_waits_waits_on(edition, share):
    """Also under the same address: somebody else may have typed it."""
    ask = AskFactory(engagement=edition.engagement)
    mine, forged, other_address, other_link = (
        respond(edition, ask, by, kind="acknowledge")
        for by in (visitor(share), visitor(share), visitor(share, "else@example.org"), visitor(ShareFactory(engagement=edition.engagement)))
    )
    assert (confirm_response(mine, now=LATER), confirm_response(mine, now=LATER)) == (True, False)
    assert list(Response.objects.counted()) == [mine]
    assert set(Response.objects.waiting()) == {forged, other_address, other_link}
    assert AuditEvent.objects.filter(verb="acknowledge_ask").count() == 1


def test_having_seen_an_ask_does_not_settle_it(edition, contact):
    ask = AskFactory(engagement=edition.engagement)
    respond(edition, ask, signed_in(contact), kind="acknowledge")
    assert state_of(ask) == "open"


@pytest.mark.parametrize("state", ["done", "withdrawn"])
def test_an_ask_we_closed_meanwhile_stays_closed_and_the_answer_is_kept(edition, contact, state):
    ask = AskFactory(engagement=edition.engagement, state=state, closed_on=date(2026, 11, 21))
    assert respond(edition, ask, signed_in(contact)).is_counted
    assert state_of(ask) == state


def test_an_item_of_another_engagement_is_never_touched(edition, contact):
    ask, deliverable = AskFactory(), submitted(EditionFactory().engagement)
    respond(edition, ask, signed_in(contact))
    with pytest.raises(NoLongerPossible):
        respond(edition, deliverable, signed_in(contact), kind="accept")
    assert (state_of(ask), state_of(deliverable)) == ("open", "submitted")
    assert not Response.objects.filter(kind="accept").exists()


@pytest.mark.parametrize(("kind", "reason", "state"), [("accept", "", "accepted"), ("reject", "Too slow at night", "rejected")])
def test_a_verdict_moves_the_deliverable_and_says_who_on_which_edition(edition, contact, kind, reason, state):
    deliverable = submitted(edition.engagement)
    response = respond(edition, deliverable, signed_in(contact), kind=kind, text=reason)
    change = deliverable.changes.first()
    assert (change.state, change.reason, change.changed_at, change.changed_by) == (state, reason, NOW, contact)
    assert (change.response, change.response.edition, change.by_name) == (response, edition, "Anneke Visser")
    assert state_of(deliverable) == state


def test_of_two_verdicts_the_second_finds_it_settled(edition, contact):
    deliverable = submitted(edition.engagement)
    respond(edition, deliverable, signed_in(contact), kind="accept")
    with pytest.raises(NoLongerPossible):
        respond(edition, deliverable, signed_in(contact), kind="reject", text="No")
    assert state_of(deliverable) == "accepted"
    assert Response.objects.count() == 1


def test_a_verdict_that_came_too_late_waits_no_more(edition, share, contact):
    deliverable = submitted(edition.engagement)
    late = respond(edition, deliverable, visitor(share), kind="reject", text="No")
    respond(edition, deliverable, signed_in(contact), kind="accept")
    assert not confirm_response(late, now=LATER)
    assert not Response.objects.waiting().exists()
    assert state_of(deliverable) == "accepted"


def test_what_is_not_shared_cannot_be_judged(edition, contact):
    deliverable = submitted(edition.engagement)
    Deliverable.objects.filter(pk=deliverable.pk).update(is_shared=False)
    with pytest.raises(NoLongerPossible):
        respond(edition, deliverable, signed_in(contact), kind="accept")
    assert state_of(deliverable) == "submitted"


def test_a_rejection_owes_a_reason(edition, contact):
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponseFactory(edition=edition, kind="reject", text="")


def pulse(edition, by, score=4):
    return give_response(edition=edition, item=Item(Topic.PULSE, 7, "Pilot"), said=Said("pulse", score=score), by=by, now=NOW)


def test_a_pulse_is_given_once_by_each_person(edition, share, contact):
    pulse(edition, signed_in(contact))
    pulse(edition, visitor(share, is_confirmed=True), 2)
    with pytest.raises(NoLongerPossible):
        pulse(edition, signed_in(contact), 1)
    assert sorted(Response.objects.counted().values_list("score", flat=True)) == [2, 4]


@pytest.mark.parametrize("score", [0, 6, None])
def test_a_pulse_lies_between_1_and_5(edition, contact, score):
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponseFactory(edition=edition, kind="pulse", score=score)


def test_taken_back_within_ten_minutes_everything_is_as_before(edition, contact):
    ask, deliverable = AskFactory(engagement=edition.engagement), submitted(edition.engagement)
    given = [respond(edition, ask, signed_in(contact)), respond(edition, deliverable, signed_in(contact), kind="accept")]
    for response in given:
        take_back_response(response, now=LATER)
    assert (state_of(ask), state_of(deliverable)) == ("open", "submitted")
    assert not Response.objects.counted().exists()
    assert Response.objects.count() == 2
    with pytest.raises(NoLongerPossible):
        take_back_response(given[0], now=LATER)


def test_after_ten_minutes_an_answer_stays(edition, contact):
    response = respond(edition, AskFactory(engagement=edition.engagement), signed_in(contact))
    with pytest.raises(NoLongerPossible):
        take_back_response(response, now=TOO_LATE)
    assert Response.objects.counted().get() == response


def test_an_ask_two_people_answered_stays_answered_when_one_takes_theirs_back(edition, share, contact):
    ask = AskFactory(engagement=edition.engagement)
    first = respond(edition, ask, signed_in(contact))
    respond(edition, ask, visitor(share, is_confirmed=True))
    take_back_response(first, now=LATER)
    assert state_of(ask) == "answered"


def test_a_deliverable_we_have_moved_on_cannot_be_taken_back(edition, contact):
    deliverable = submitted(edition.engagement)
    response = respond(edition, deliverable, signed_in(contact), kind="accept")
    Deliverable.objects.filter(pk=deliverable.pk).update(state="superseded")
    DeliverableChange.objects.create(deliverable=deliverable, was="accepted", state="superseded", changed_at=LATER)
    with pytest.raises(NoLongerPossible):
        take_back_response(response, now=LATER)
    assert Response.objects.counted().get() == response


def test_an_answer_is_read_once(edition):
    response, lead = ResponseFactory(edition=edition), edition.engagement.lead
    for moment in (NOW, LATER):
        mark_read(response, by=lead, now=moment)
    response.refresh_from_db()
    assert (response.read_at, response.read_by) == (NOW, lead)
    assert AuditEvent.objects.filter(verb="read_response").count() == 1
