"""An answer that is not genuine is annulled: its effects go, its trace stays, and it can count again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from engagements.models import Annulment, Deliverable, DeliverableChange, Engagement, Gate, Response
from engagements.public_page.answers import Item, Topic
from engagements.services.annulments import annul_response, count_again
from engagements.services.phases import Decided, decide_gate
from engagements.services.responses import Answerer, NoLongerPossible, Said, give_response
from fde_portal.accounts.models import AuditEvent
from tests.factories.engagements import AskFactory, DeliverableFactory, EngagementFactory
from tests.factories.gates import GateDecisionFactory, gates_of
from tests.factories.outcomes import ObservationFactory
from tests.factories.people import ManagerFactory
from tests.factories.responses import ResponseFactory
from tests.factories.shares import EditionFactory, ShareFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=9)


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def manager():
    return ManagerFactory(name="Ruth Adeyemi")


def ask_of(engagement):
    return AskFactory(engagement=engagement), Topic.ASK, "answer"


def deliverable_of(engagement):
    row = DeliverableFactory(engagement=engagement, state="submitted", is_shared=True, actual_on=date(2026, 11, 20))
    DeliverableChange.objects.create(deliverable=row, was="in_progress", state="submitted", changed_at=NOW)
    return row, Topic.DELIVERABLE, "accept"


def gate_of(engagement):
    row = GateDecisionFactory(gate__engagement=engagement, gate__is_shared=True, gate__shared_wording="Begin").gate
    return row, Topic.GATE, "sign"


def observation_of(engagement):
    return ObservationFactory(agreement__engagement=engagement, agreement__is_shared=True), Topic.OBSERVATION, "confirm"


def given(edition, record, topic, kind):
    """A stranger with an open link and an address of their own answers under another's name."""
    by = Answerer("Pieter Bakker", "x@example.org", True, share=ShareFactory(engagement=edition.engagement))
    text = "Begin" if topic == Topic.GATE else str(record)
    return give_response(edition=edition, item=Item(topic, record.pk, text), said=Said(kind), by=by, now=NOW)


def state_of(record):
    field = "sign_off" if record._meta.model_name == "gate" else "state"
    return type(record).objects.values_list(field, flat=True).get(pk=record.pk)


@pytest.mark.parametrize(
    ("kind_of", "was", "became"),
    [(ask_of, "open", "answered"), (deliverable_of, "submitted", "accepted"), (gate_of, "open", "signed"), (observation_of, "provisional", "confirmed")],
)
def test_days_later_everything_is_as_before_and_again_as_answered_once_that_is_undone(edition, manager, kind_of, was, became):
    record, topic, kind = kind_of(edition.engagement)
    response = given(edition, record, topic, kind)
    assert state_of(record) == became
    annul_response(response, reason="Pieter was asked", by=manager, now=LATER)
    assert state_of(record) == was
    assert list(Response.objects.counted()) == []
    assert list(Response.objects.told()) == [response]
    count_again(response, by=manager, now=LATER)
    assert state_of(record) == became
    assert list(Response.objects.counted()) == [response]
    assert not Annulment.objects.exists()


def test_a_phase_that_began_with_a_forged_sign_off_ends_again_and_begins_again_with_it(edition, manager):
    work = EngagementFactory(phase="pilot", started_on=date(2026, 1, 5))
    gates_of(work)
    gate = Gate.objects.current().get(engagement=work, phase="pilot")
    decide_gate(gate, decided=Decided("go", "Maya Okafor", "Anneke Visser", NOW.date(), asks="Begin"), by=work.lead, now=NOW)
    response = given(EditionFactory(engagement=work), gate, Topic.GATE, "sign")

    def phase():
        return Engagement.objects.get(pk=work.pk).phase

    assert phase() == "production"
    annul_response(response, reason="Forged", by=manager, now=LATER)
    assert phase() == "pilot"
    assert AuditEvent.objects.filter(verb="change_phase").latest("pk").actor == manager
    count_again(response, by=manager, now=LATER)
    assert phase() == "production"


def test_the_trail_says_who_annulled_it_and_why(edition, manager):
    response = given(edition, *deliverable_of(edition.engagement))
    annul_response(response, reason="Pieter was asked", by=manager, now=LATER)
    told = AuditEvent.objects.order_by("pk").values_list("verb", "actor_label")
    assert list(told)[-2:] == [("take back", "Ruth Adeyemi"), ("annul_response", "Ruth Adeyemi")]
    assert AuditEvent.objects.get(verb="annul_response").details == {"reason": "Pieter was asked"}
    count_again(response, by=manager, now=LATER)
    assert AuditEvent.objects.get(verb="count_response_again").actor == manager


def test_what_moved_on_since_is_not_pulled_back(edition, manager):
    deliverable, *rest = deliverable_of(edition.engagement)
    response = given(edition, deliverable, *rest)
    Deliverable.objects.filter(pk=deliverable.pk).update(state="superseded")
    DeliverableChange.objects.create(deliverable=deliverable, was="accepted", state="superseded", changed_at=LATER)
    with pytest.raises(NoLongerPossible):
        annul_response(response, reason="Forged", by=manager, now=LATER)
    assert Response.objects.counted().get() == response
    assert not Annulment.objects.exists()


def test_what_was_settled_by_somebody_else_does_not_return(edition, manager):
    deliverable, *rest = deliverable_of(edition.engagement)
    forged = given(edition, deliverable, *rest)
    annul_response(forged, reason="Forged", by=manager, now=LATER)
    genuine = given(edition, deliverable, *rest)
    with pytest.raises(NoLongerPossible):
        count_again(forged, by=manager, now=LATER)
    assert Response.objects.counted().get() == genuine
    assert Annulment.objects.get().response == forged


def test_a_second_pulse_of_the_same_person_keeps_the_annulled_one_away(edition, manager):
    first = ResponseFactory(edition=edition, kind="pulse", score=1)
    annul_response(first, reason="Forged", by=manager, now=LATER)
    ResponseFactory(edition=edition, kind="pulse", score=5)
    with pytest.raises(NoLongerPossible):
        count_again(first, by=manager, now=LATER)
    assert Response.objects.counted().get().score == 5


def test_what_does_not_count_cannot_be_annulled_and_what_is_not_annulled_cannot_return(edition, manager):
    waiting, counted = ResponseFactory(edition=edition, confirmed_at=None), ResponseFactory(edition=edition)
    with pytest.raises(NoLongerPossible):
        annul_response(waiting, reason="Forged", by=manager, now=LATER)
    with pytest.raises(NoLongerPossible):
        count_again(counted, by=manager, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(pk=waiting.pk).update(is_annulled=True)
    assert AuditEvent.objects.count() == 0
