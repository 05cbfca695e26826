"""A go that asks the customer to sign waits for that, by whichever route, or for somebody's reason to go on without."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from engagements.models import Engagement, Gate, GateCriterion
from engagements.selectors.gate import waits_for_sign_off
from engagements.services.gate_returns import take_back_decision
from engagements.services.gates import Refused, open_again
from engagements.services.phases import Decided, GateShut, change_phase, change_status, decide_gate
from engagements.services.sign_offs import (
    GoWaits,
    Signature,
    ask_for_sign_off,
    drop_sign_off,
    go_without_sign_off,
    keep_sign_off,
)
from fde_portal.accounts.models import AuditEvent
from tests.factories.engagements import EngagementFactory
from tests.factories.gates import customers_person, gates_of
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.shares import EditionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
ASKS = Decided("go", "Maya Okafor", "Anneke Visser", TODAY, asks="The pilot did what we agreed.")
SIGNED = Signature(True, "Anneke Visser", "", TODAY + timedelta(days=3))


@pytest.fixture
def work() -> Engagement:
    """A pilot with every answer passed."""
    work = EngagementFactory(phase="pilot", started_on=date(2026, 1, 5))
    gates_of(work)
    return work


def gate_of(work: Engagement, phase: str = "pilot") -> Gate:
    return Gate.objects.current().get(engagement=work, phase=phase)


def phase_of(work: Engagement) -> str:
    return Engagement.objects.get(pk=work.pk).phase


@pytest.fixture
def gate(work: Engagement) -> Gate:
    """Its gate, decided with a go that waits."""
    decide_gate(gate_of(work), decided=ASKS, by=work.lead, now=NOW)
    return gate_of(work)


def test_a_go_waits_where_it_was_asked_and_the_question_goes_into_the_frozen_state(work: Engagement, gate: Gate) -> None:
    assert (phase_of(work), gate.is_shared, gate.shared_wording) == ("pilot", True, ASKS.asks)
    assert ASKS.asks in gate.decision.snapshot
    assert waits_for_sign_off(gate)


def test_without_words_it_takes_effect_at_once(work: Engagement) -> None:
    decide_gate(gate_of(work), decided=replace(ASKS, asks=""), by=work.lead, now=NOW)
    assert phase_of(work) == "production"


@pytest.mark.parametrize("state", ["open", "declined"])
def test_no_route_enters_the_next_phase_meanwhile(client, work: Engagement, gate: Gate, state: str) -> None:
    if state == "declined":
        keep_sign_off(gate, replace(SIGNED, signed=False), by=None)
    with pytest.raises(GateShut) as shut:
        change_phase(engagement=Engagement.objects.get(pk=work.pk), phase="production", on=TODAY, by=work.lead)
    assert shut.value.obstacles.unsigned
    client.force_login(ManagerFactory())
    answer = client.post(reverse("engagement_phase", args=[work.slug]), {"phase": "production", "on": "2026-03-02", "confirm": "on"})
    assert answer.status_code == 409
    assert "waits for the customer’s sign-off" in str(answer.context["phase_form"].errors["phase"])
    assert phase_of(work) == "pilot"


def test_work_is_not_completed_while_the_last_gate_waits() -> None:
    work = EngagementFactory(phase="handover", started_on=date(2026, 1, 5))
    gates_of(work)
    decide_gate(gate_of(work, "handover"), decided=ASKS, by=work.lead, now=NOW)
    with pytest.raises(GateShut):
        change_status(engagement=Engagement.objects.get(pk=work.pk), status="completed", by=work.lead)
    keep_sign_off(gate_of(work, "handover"), SIGNED, by=None)
    assert Engagement.objects.get(pk=work.pk).status == "completed"


def test_it_takes_effect_when_the_customer_signs_on_that_day_and_once(work: Engagement, gate: Gate) -> None:
    for __ in range(2):
        keep_sign_off(gate_of(work), SIGNED, by=None)
    assert phase_of(work) == "production"
    assert list(work.phase_changes.values_list("phase", "entered_on")) == [("production", SIGNED.on)]


def test_the_go_waits_again_once_nobody_has_signed_any_more(work: Engagement, gate: Gate) -> None:
    for __ in range(2):
        keep_sign_off(gate_of(work), SIGNED, by=None)
    taken_back = {"on": SIGNED.on, "label": "Anneke Visser", "by": None}
    drop_sign_off(gate_of(work), standing=SIGNED, **taken_back)
    assert phase_of(work) == "production"
    drop_sign_off(gate_of(work), standing=None, **taken_back)
    assert (phase_of(work), waits_for_sign_off(gate_of(work))) == ("pilot", True)
    keep_sign_off(gate_of(work), SIGNED, by=None)
    assert phase_of(work) == "production"


def test_work_that_moved_on_since_stays_where_it_is(work: Engagement, gate: Gate) -> None:
    keep_sign_off(gate, SIGNED, by=None)
    change_status(engagement=Engagement.objects.get(pk=work.pk), status="paused", by=work.lead)
    drop_sign_off(gate_of(work), standing=None, on=SIGNED.on, label="", by=work.lead)
    assert phase_of(work) == "production"


def test_completed_work_is_open_again_once_its_last_sign_off_is_taken_back() -> None:
    work = EngagementFactory(phase="handover", started_on=date(2026, 1, 5))
    gates_of(work)
    decide_gate(gate_of(work, "handover"), decided=ASKS, by=work.lead, now=NOW)
    keep_sign_off(gate_of(work, "handover"), SIGNED, by=None)
    drop_sign_off(gate_of(work, "handover"), standing=None, on=SIGNED.on, label="", by=work.lead)
    assert Engagement.objects.get(pk=work.pk).status == "active"


def test_a_signature_stands_although_something_else_keeps_the_gate_shut_by_then(work: Engagement, gate: Gate) -> None:
    asked_elsewhere = GateCriterion.objects.filter(gate__engagement=work, gate__phase="discovery")
    GateCriterion.objects.filter(gate=gate, key="rollback").delete()
    asked_elsewhere.update(key="rollback", answer="unknown")
    keep_sign_off(gate, SIGNED, by=None)
    assert (phase_of(work), gate_of(work).sign_off) == ("pilot", "signed")


@pytest.mark.parametrize(("status", "phase"), [("cancelled", "pilot"), ("paused", "production")])
def test_nothing_is_entered_in_work_that_is_over(work: Engagement, gate: Gate, status: str, phase: str) -> None:
    change_status(engagement=Engagement.objects.get(pk=work.pk), status=status, by=work.lead)
    keep_sign_off(gate_of(work), SIGNED, by=None)
    assert (phase_of(work), Engagement.objects.get(pk=work.pk).status) == (phase, status)


def test_somebody_may_say_why_it_goes_on_without(work: Engagement, gate: Gate) -> None:
    by = UserFactory()
    go_without_sign_off(gate, reason="Their board meets in May.", on=TODAY, by=by)
    gate.refresh_from_db()
    assert (phase_of(work), gate.unsigned_reason, gate.unsigned_by, gate.unsigned_on) == ("production", "Their board meets in May.", by, TODAY)
    assert AuditEvent.objects.get(verb="go_without_sign_off").details["reason"] == "Their board meets in May."
    with pytest.raises(Refused):
        go_without_sign_off(gate_of(work), reason="Again", on=TODAY, by=by)


def test_going_on_without_owes_a_reason_and_a_go_that_waits(work: Engagement, gate: Gate) -> None:
    with pytest.raises(Refused):
        go_without_sign_off(gate, reason="", on=TODAY, by=work.lead)
    keep_sign_off(gate, SIGNED, by=None)
    with pytest.raises(Refused):
        go_without_sign_off(gate_of(work), reason="Late", on=TODAY, by=work.lead)
    assert not AuditEvent.objects.filter(verb="go_without_sign_off").exists()


def test_no_longer_asking_is_no_way_around(work: Engagement, gate: Gate) -> None:
    with pytest.raises(GoWaits):
        ask_for_sign_off(gate, wording=ASKS.asks, is_shared=False, by=work.lead)
    assert gate_of(work).is_shared


def test_a_new_round_asks_nobody_until_it_is_decided(work: Engagement, gate: Gate) -> None:
    following = open_again(gate, by=work.lead)
    assert not waits_for_sign_off(Gate.objects.get(pk=gate.pk))
    assert not following.is_shared
    keep_sign_off(Gate.objects.get(pk=gate.pk), SIGNED, by=None)
    assert phase_of(work) == "pilot"


@pytest.mark.parametrize("published", [True, False])
def test_a_go_that_waits_is_taken_back_until_an_edition_asked(work: Engagement, gate: Gate, published: bool) -> None:
    if published:
        EditionFactory(engagement=work, published_at=NOW + timedelta(minutes=1))
    try:
        following = take_back_decision(gate, by=work.lead, on=TODAY, now=NOW + timedelta(minutes=5))
    except Exception as why:
        assert published and "rests on" in str(why)
    else:
        gate.refresh_from_db()
        assert not published
        assert (following.round, gate.is_shared) == (2, False)


class TestPage:
    def test_words_in_the_decision_make_it_wait_and_the_gate_says_so(self, client, work: Engagement) -> None:
        client.force_login(work.lead)
        typed = {"outcome": "go", "on": "2026-03-02", "ours": work.lead_id, "theirs": customers_person(work).pk, "asks": ASKS.asks,
                 "conditions-TOTAL_FORMS": 0, "conditions-INITIAL_FORMS": 0}  # fmt: skip
        page = client.post(reverse("gate_decide", args=[work.slug, gate_of(work).pk]), typed, follow=True).content.decode()
        assert phase_of(work) == "pilot"
        assert "It waits for the customer’s sign-off" in page
        assert "waits for the sign-off" in page

    def test_only_a_go_asks(self, client, work: Engagement) -> None:
        client.force_login(work.lead)
        typed = {"outcome": "hold", "reason": "Too slow", "on": "2026-03-02", "ours": work.lead_id, "asks": ASKS.asks,
                 "conditions-TOTAL_FORMS": 0, "conditions-INITIAL_FORMS": 0}  # fmt: skip
        refused = client.post(reverse("gate_decide", args=[work.slug, gate_of(work).pk]), typed)
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["asks"])

    def test_going_on_without_is_an_act_of_the_gate_that_owes_its_reason(self, client, work: Engagement, gate: Gate) -> None:
        url = reverse("gate_without_sign_off", args=[work.slug, gate.pk])
        client.force_login(UserFactory())
        assert client.post(url, {"reason": "Mine"}).status_code == 404
        client.force_login(work.lead)
        assert client.post(url, {"reason": " "}).status_code == 422
        assert phase_of(work) == "pilot"
        page = client.post(url, {"reason": "Their board meets in May."}, follow=True).content.decode()
        assert f"{work.lead.name} went on without it on" in page
        assert phase_of(work) == "production"
        assert client.post(url, {"reason": "Again"}).status_code == 409

    def test_no_longer_asking_says_where_to_go_on_instead(self, client, work: Engagement, gate: Gate) -> None:
        client.force_login(work.lead)
        refused = client.post(reverse("gate_sign_off", args=[work.slug, gate.pk]), {"shared_wording": ASKS.asks})
        assert refused.status_code == 409
        assert "The go waits for the sign-off" in refused.content.decode()
