"""A decision at a gate is taken back for ten minutes: it stays on record, and what it set going is undone."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from engagements.models import Engagement, Gate, GateCondition, GateCriterion, GateDecision, Status
from engagements.selectors.dossier import dossier_of
from engagements.services.gate_returns import take_back_decision
from engagements.services.gates import Refused, finish_condition, open_again
from engagements.services.phases import Condition, Decided, change_phase, change_status, decide_gate
from engagements.services.sign_offs import ask_for_sign_off
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.services.undo import NotTakenBack
from tests.factories.engagements import EngagementFactory
from tests.factories.gates import gates_of, passed_gates
from tests.factories.people import ManagerFactory
from tests.factories.shares import EditionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
GO = Decided("go", "Maya Okafor", "Anneke Visser", TODAY)


@pytest.fixture
def work() -> Engagement:
    """A pilot ready to be decided, beside a stranger's that was."""
    passed_gates(EngagementFactory(phase="pilot"), "pilot")
    work = EngagementFactory(phase="pilot")
    gates_of(work)
    return work


def gate_of(work: Engagement, phase: str = "pilot") -> Gate:
    return Gate.objects.current().get(engagement=work, phase=phase)


def take_back(gate: Gate, *, by=None, now=NOW + timedelta(minutes=9)) -> Gate:
    return take_back_decision(Gate.objects.get(pk=gate.pk), by=by or gate.engagement.lead, on=TODAY, now=now)


def phase_of(work: Engagement) -> str:
    return Engagement.objects.get(pk=work.pk).phase


def test_a_go_goes_back_to_its_phase_with_every_answer_and_stays_on_record(work: Engagement) -> None:
    gate = gate_of(work)
    conditions = [Condition("Second run", date(2026, 3, 9), work.lead)]
    decide_gate(gate, decided=Decided("conditions", "Maya", "Anneke", TODAY, conditions=conditions), by=work.lead, now=NOW)
    assert phase_of(work) == "production"

    following = take_back(gate)
    assert (phase_of(work), following.round, following.decided) == ("pilot", 2, None)
    assert set(following.criteria.values_list("answer", flat=True)) == {"pass"}
    assert "Second run" in GateDecision.objects.get(gate=gate).snapshot
    assert not GateCondition.objects.filter(engagement=work).exists()
    assert [row.phase for row in work.phase_changes.all()] == ["production", "pilot"]
    verbs = AuditEvent.objects.filter(engagement_id=work.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["decide_gate", "change_phase", "take_back_decision", "open_gate", "change_phase"]
    decide_gate(following, decided=GO, by=work.lead, now=NOW)
    assert phase_of(work) == "production"


def test_what_was_taken_back_is_handed_to_nobody(work: Engagement) -> None:
    gate = gate_of(work)
    decide_gate(gate, decided=GO, by=work.lead, now=NOW)
    assert [row.round for row in dossier_of(work, today=TODAY).gates] == [1]
    take_back(gate)
    assert dossier_of(work, today=TODAY).gates == ()
    with pytest.raises(Refused):
        ask_for_sign_off(Gate.objects.get(pk=gate.pk), wording="Sign", is_shared=True, by=work.lead)


def test_work_that_was_completed_goes_on_as_it_stood() -> None:
    work = EngagementFactory(phase="handover", status="blocked")
    gates_of(work)
    decide_gate(gate_of(work, "handover"), decided=GO, by=work.lead, now=NOW)
    assert Engagement.objects.get(pk=work.pk).status == "completed"
    take_back(Gate.objects.get(engagement=work, phase="handover"))
    fresh = Engagement.objects.get(pk=work.pk)
    assert (fresh.status, fresh.phase) == ("blocked", "handover")


@pytest.mark.parametrize(("outcome", "rounds"), [("hold", 2), ("stop", 2)])
def test_a_hold_leaves_the_round_it_opened_and_a_stop_opens_one(work: Engagement, outcome: str, rounds: int) -> None:
    gate = gate_of(work)
    decide_gate(gate, decided=Decided(outcome, "Maya", "", TODAY, reason="Not yet"), by=work.lead, now=NOW)
    assert take_back(gate).round == rounds == Gate.objects.filter(engagement=work, phase="pilot").count()
    assert phase_of(work) == "pilot"


def share(gate: Gate) -> None:
    ask_for_sign_off(gate, wording="Sign", is_shared=True, by=gate.engagement.lead)
    EditionFactory(engagement=gate.engagement, published_at=NOW + timedelta(minutes=1))


def finish(gate: Gate) -> None:
    finish_condition(gate.decision.conditions.get(), by=gate.engagement.lead, now=NOW)


def move_on(gate: Gate) -> None:
    change_phase(engagement=gate.engagement, phase="prototype", on=TODAY, by=gate.engagement.lead)


@pytest.mark.parametrize("rest", [share, finish, move_on, take_back])
def test_what_something_rests_on_by_now_stands(work: Engagement, rest) -> None:
    gate = gate_of(work)
    conditions = [Condition("Second run", date(2026, 3, 9), work.lead)]
    decide_gate(gate, decided=Decided("conditions", "Maya", "Anneke", TODAY, conditions=conditions), by=work.lead, now=NOW)
    rest(Gate.objects.get(pk=gate.pk))
    before = phase_of(work), Gate.objects.count(), GateCondition.objects.count(), AuditEvent.objects.count()
    with pytest.raises(NotTakenBack, match="rests on"):
        take_back(gate)
    assert before == (phase_of(work), Gate.objects.count(), GateCondition.objects.count(), AuditEvent.objects.count())


@pytest.mark.parametrize("outcome", ["hold", "stop"])
def test_a_pause_after_a_decision_that_moved_nothing_stays(work: Engagement, outcome: str) -> None:
    gate, stranger = gate_of(work), EngagementFactory()
    decide_gate(gate, decided=Decided(outcome, "Maya", "", TODAY, reason="Not yet"), by=work.lead, now=NOW)
    change_status(engagement=stranger, status=Status.PAUSED, by=stranger.lead)
    change_status(engagement=Engagement.objects.get(pk=work.pk), status=Status.PAUSED, by=ManagerFactory())
    with pytest.raises(NotTakenBack, match="rests on"):
        take_back(gate)
    assert Engagement.objects.get(pk=work.pk).status == "paused"


def test_a_go_for_work_that_was_complete_moves_nothing_and_comes_back() -> None:
    work = EngagementFactory(phase="handover", status="completed")
    gates_of(work)
    decide_gate(gate_of(work, "handover"), decided=GO, by=work.lead, now=NOW)
    take_back(Gate.objects.get(engagement=work, phase="handover"))
    assert Engagement.objects.get(pk=work.pk).status == "completed"


def test_a_round_opened_again_meanwhile_is_the_one_to_go_on_with(work: Engagement) -> None:
    gate = gate_of(work)
    decide_gate(gate, decided=GO, by=work.lead, now=NOW)
    again = open_again(Gate.objects.get(pk=gate.pk), by=work.lead)
    assert take_back(gate) == again
    assert phase_of(work) == "pilot"
    assert set(GateCriterion.objects.filter(gate=again).values_list("answer", flat=True)) == {"pass"}


def test_only_who_recorded_it_and_for_ten_minutes(work: Engagement) -> None:
    gate = gate_of(work)
    decide_gate(gate, decided=GO, by=work.lead, now=NOW)
    with pytest.raises(NotTakenBack, match="somebody else"):
        take_back(gate, by=ManagerFactory())
    with pytest.raises(NotTakenBack, match="ten minutes"):
        take_back(gate, now=NOW + timedelta(minutes=11))
    assert phase_of(work) == "production"


def test_the_message_offers_it_and_the_rounds_say_it(client, work: Engagement) -> None:
    client.force_login(work.lead)
    gate = gate_of(work)
    with time_machine.travel(NOW, tick=False):
        decide_gate(gate, decided=GO, by=work.lead, now=NOW)
        page = client.post(reverse("gate_take_back", args=[work.slug, gate.pk]), follow=True).content.decode()
        assert "Taken back: " in page
        assert "Go, 2 Mar 2026 · taken back" in page
        assert client.post(reverse("gate_take_back", args=[work.slug, gate.pk])).status_code == 409
