"""Nothing enters production with an unknown about safety, by whichever route."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from customers.models import Stakeholder
from engagements.models import Asset, Engagement, Gate, GateCriterion, GateDecision, Phase, PhaseChange
from engagements.models.engagement import PhaseIsGuarded
from engagements.selectors.gate import failed_hard
from engagements.services import gates, phases
from engagements.services.engagements import create_engagement
from engagements.services.gates import Refused, answer_criterion, open_again
from engagements.services.phases import Condition, Decided, GateShut, change_phase, change_status, decide_gate
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.records import Conflict
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.gates import GateCriterionFactory, GateDecisionFactory, customers_person, gates_of, passed_gates
from tests.factories.people import AdministratorFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
GO = Decided("go", "Maya Okafor", "Anneke Visser", TODAY)


@pytest.fixture
def work() -> Engagement:
    """A pilot with everything passed but one question about safety, and a stranger's engagement that passed all."""
    passed_gates(EngagementFactory(phase="pilot"), "pilot")
    work = EngagementFactory(phase="pilot")
    gates_of(work)
    GateCriterion.objects.filter(gate__engagement=work, key="rollback").update(answer="unknown")
    return work


def gate_of(work: Engagement, phase: str = "pilot") -> Gate:
    return Gate.objects.current().get(engagement=work, phase=phase)


def stored(work: Engagement) -> tuple[str, int, int]:
    mine = {"gate__engagement": work}
    return Engagement.objects.get(pk=work.pk).phase, GateDecision.objects.filter(**mine).count(), work.phase_changes.count()


class TestRoutes:
    """Each way in which somebody or something might move the engagement."""

    def test_the_decision(self, work: Engagement) -> None:
        with pytest.raises(GateShut) as shut:
            decide_gate(gate_of(work), decided=GO, by=ManagerFactory(), now=NOW)
        assert [row.key for row in shut.value.obstacles.criteria] == ["rollback"]
        assert stored(work) == ("pilot", 0, 0)

    def test_a_failed_one_is_no_better(self, work: Engagement) -> None:
        GateCriterion.objects.filter(gate__engagement=work, key="rollback").update(answer="fail")
        with pytest.raises(GateShut):
            decide_gate(gate_of(work), decided=GO, by=work.lead, now=NOW)
        assert stored(work) == ("pilot", 0, 0)

    def test_the_service(self, work: Engagement) -> None:
        for phase in (Phase.PRODUCTION, Phase.HANDOVER):
            with pytest.raises(GateShut):
                change_phase(engagement=work, phase=phase, on=TODAY, by=work.lead)
        assert stored(work) == ("pilot", 0, 0)

    def test_the_page_of_the_phase(self, client, work: Engagement) -> None:
        client.force_login(ManagerFactory())
        answer = client.post(reverse("engagement_phase", args=[work.slug]), {"phase": "production", "on": "2026-03-02", "confirm": "on"})
        assert answer.status_code == 409
        assert "phase" in answer.context["phase_form"].errors
        assert "is not passed. Answer it" in str(answer.context["phase_form"].errors["phase"])
        assert stored(work) == ("pilot", 0, 0)

    def test_the_page_of_the_gate(self, client, work: Engagement) -> None:
        person = customers_person(work)
        client.force_login(work.lead)
        typed = {"outcome": "go", "on": "2026-03-02", "ours": work.lead.pk, "theirs": person.pk, "conditions-TOTAL_FORMS": 0, "conditions-INITIAL_FORMS": 0}
        answer = client.post(reverse("gate_decide", args=[work.slug, gate_of(work).pk]), typed)
        assert answer.status_code == 409
        assert stored(work) == ("pilot", 0, 0)

    def test_other_forms_of_the_engagement(self, client, work: Engagement) -> None:
        client.force_login(work.lead)
        data = {"name": "Renamed", "started_on": work.started_on.isoformat(), "time_zone": "Europe/Lisbon", "currency": "EUR", "phase": "production", "version": work.version}
        client.post(reverse("engagement_edit", args=[work.slug]), data)
        client.post(reverse("engagement_status", args=[work.slug]), {"status": "active", "phase": "production"})
        assert Engagement.objects.get(pk=work.pk).name == "Renamed"
        assert stored(work) == ("pilot", 0, 0)

    @pytest.mark.parametrize("method", ["post", "put", "patch"])
    def test_the_api(self, client, work: Engagement, method: str) -> None:
        client.force_login(ManagerFactory())
        for path in ("/api/v1/engagements/", f"/api/v1/engagements/{work.slug}/"):
            answer = getattr(client, method)(path, {"slug": work.slug, "phase": "production"}, content_type="application/json")
            assert answer.status_code in (401, 403, 404, 405)
        assert stored(work) == ("pilot", 0, 0)

    def test_the_admin(self, client, work: Engagement) -> None:
        client.force_login(AdministratorFactory())
        guarded = (Engagement, Gate, GateCriterion, GateDecision, PhaseChange)
        assert not [model for model in guarded if model in admin.site._registry]
        assert client.post(f"/admin/engagements/engagement/{work.pk}/change/", {"phase": "production"}).status_code == 404
        assert stored(work) == ("pilot", 0, 0)

    def test_saving_the_row(self, work: Engagement) -> None:
        work.phase = "production"
        for save in (work.save, lambda: work.save(update_fields=["phase"])):
            with pytest.raises(PhaseIsGuarded):
                save()
        stale = Engagement.objects.get(pk=work.pk)
        stale.save()
        assert stored(work) == ("pilot", 0, 0)

    def test_many_rows_at_once(self, work: Engagement) -> None:
        work.phase = "production"
        for rows in (Engagement.objects.filter(pk=work.pk), work.customer.engagements, Engagement.objects.live()):
            with pytest.raises(PhaseIsGuarded):
                rows.update(phase="production")
        with pytest.raises(PhaseIsGuarded):
            Engagement.objects.bulk_update([work], ["phase"])
        assert stored(work) == ("pilot", 0, 0)

    def test_beginning_there(self, work: Engagement) -> None:
        by = UserFactory()
        new = Engagement(customer=CustomerFactory(), name="Late", lead=by, started_on=TODAY, phase="production")
        with pytest.raises(ValueError, match="discovery"):
            create_engagement(engagement=new, by=by)
        assert not Engagement.objects.filter(name="Late").exists()

    def test_nothing_else_in_the_program_writes_a_phase(self) -> None:
        """Whoever calls `enter_phase` must be the one service that looks at the gates."""
        root = apps.get_app_config("engagements").path
        import pathlib

        found = [path.name for path in pathlib.Path(root).rglob("*.py") if ".enter_phase(" in path.read_text()]
        assert found == ["phases.py"]


def test_an_engagement_without_any_gates_cannot_enter_production_either() -> None:
    work = EngagementFactory(phase="pilot")
    with pytest.raises(GateShut):
        change_phase(engagement=work, phase=Phase.PRODUCTION, on=TODAY, by=work.lead)
    assert stored(work) == ("pilot", 0, 0)


def test_a_safety_question_that_is_asked_nowhere_blocks(work: Engagement) -> None:
    GateCriterion.objects.filter(gate__engagement=work, key="rollback").delete()
    with pytest.raises(GateShut) as shut:
        decide_gate(gate_of(work), decided=GO, by=work.lead, now=NOW)
    assert shut.value.obstacles.safety_names == ["Rollback tried"]


def test_the_page_of_the_phase_names_what_is_not_passed_about_safety(client, work: Engagement) -> None:
    GateCriterion.objects.filter(gate__engagement=work).update(answer="pass")
    GateCriterion.objects.filter(gate__engagement=work, key="rollback").delete()
    GateDecisionFactory(gate=gate_of(work))
    client.force_login(work.lead)
    answer = client.post(reverse("engagement_phase", args=[work.slug]), {"phase": "production", "on": "2026-03-02", "confirm": "on"})
    assert answer.status_code == 409
    assert "not passed about safety are Rollback tried." in answer.context["phase_form"].errors["phase"][0]


def test_a_safety_question_of_an_earlier_gate_looked_at_again_blocks_too(work: Engagement) -> None:
    GateCriterion.objects.filter(gate__engagement=work).update(answer="pass")
    first = gate_of(work, "discovery")
    GateCriterionFactory(gate=first, key="personal_data", answer="fail")
    with pytest.raises(GateShut) as shut:
        decide_gate(gate_of(work), decided=GO, by=work.lead, now=NOW)
    assert list(shut.value.obstacles.safety) == ["personal_data"]


def test_a_go_freezes_everything_and_enters_the_next_phase(work: Engagement) -> None:
    answer_criterion(work.gates.get(phase="pilot").criteria.get(key="rollback"), answer="pass", evidence="Tried on 1 March", by=work.lead, now=NOW)
    owner = UserFactory(name="Tom")
    decided = Decided("conditions", "Maya Okafor", "Anneke Visser", TODAY, dissent="Tom would wait", conditions=[Condition("Second run", date(2026, 3, 9), owner)])
    decision = decide_gate(gate_of(work), decided=decided, by=work.lead, now=NOW)

    assert stored(work) == ("production", 1, 1)
    assert list(decision.conditions.values_list("text", "due_on", "owner")) == [("Second run", date(2026, 3, 9), owner.pk)]
    for part in ("Tried on 1 March", "Tom would wait", '"due_on":"2026-03-09"', '"round":1'):
        assert part in decision.snapshot
    assert len(decision.snapshot_hash) == 64
    with pytest.raises(TypeError):
        decision.save()
    verbs = AuditEvent.objects.filter(engagement_id=work.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["answer_criterion", "decide_gate", "change_phase"]


def test_a_decided_round_takes_no_more_answers_and_no_second_decision(work: Engagement) -> None:
    GateCriterion.objects.filter(gate__engagement=work).update(answer="pass")
    gate = gate_of(work)
    decide_gate(gate, decided=GO, by=work.lead, now=NOW)
    with pytest.raises(Refused):
        answer_criterion(gate.criteria.get(key="rollback"), answer="fail", reason="Late", by=work.lead, now=NOW)
    with pytest.raises(Refused):
        decide_gate(gate, decided=GO, by=work.lead, now=NOW)
    assert stored(work) == ("production", 1, 1)
    assert gate.criteria.get(key="rollback").answer == "pass"


def test_a_hold_opens_the_next_round_with_its_answers_and_a_stop_none(work: Engagement) -> None:
    gate = gate_of(work)
    decide_gate(gate, decided=Decided("hold", "Maya", "", TODAY, reason="Rollback first"), by=work.lead, now=NOW)
    second = gate_of(work)
    assert (second.round, second.criteria.filter(answer="pass").count(), stored(work)[0]) == (2, 6, "pilot")
    decide_gate(second, decided=Decided("stop", "Maya", "", TODAY, reason="Not worth it"), by=work.lead, now=NOW)
    assert (gate_of(work).pk, stored(work)) == (second.pk, ("pilot", 2, 0))


def test_whoever_goes_back_passes_the_gates_anew(work: Engagement) -> None:
    GateCriterion.objects.filter(gate__engagement=work).update(answer="pass")
    decide_gate(gate_of(work), decided=GO, by=work.lead, now=NOW)
    change_phase(engagement=work, phase=Phase.PILOT, on=TODAY, by=work.lead)
    assert set(gate_of(work).criteria.values_list("answer", flat=True)) == {"unknown"}
    with pytest.raises(GateShut):
        change_phase(engagement=work, phase=Phase.PRODUCTION, on=TODAY, by=work.lead)
    assert Engagement.objects.get(pk=work.pk).phase == "pilot"


def test_a_gate_is_not_decided_before_its_phase(work: Engagement) -> None:
    with pytest.raises(Refused):
        decide_gate(gate_of(work, "production"), decided=GO, by=work.lead, now=NOW)
    assert stored(work) == ("pilot", 0, 0)


def test_safety_is_waived_by_nobody_and_other_hard_ones_by_managers(work: Engagement) -> None:
    gate = gate_of(work)
    manager = ManagerFactory()
    safety, plain = gate.criteria.get(key="rollback"), gate.criteria.get(key="")
    for criterion, person in ((safety, manager), (plain, work.lead)):
        with pytest.raises(Refused):
            answer_criterion(criterion, answer="waived", reason="Not here", by=person, now=NOW)
    answer_criterion(plain, answer="waived", reason="Not here", by=manager, now=NOW)
    assert gate.criteria.get(key="").answer == "waived"


def test_failures_found_in_production_are_told_to_health_by_the_newest_round_alone(work: Engagement) -> None:
    GateCriterion.objects.filter(gate__engagement=work).update(answer="pass")
    gate = gate_of(work)
    decide_gate(gate, decided=GO, by=work.lead, now=NOW)
    every = Engagement.objects.all()
    assert not failed_hard(every)
    again = open_again(Gate.objects.get(pk=gate.pk), by=work.lead)
    answer_criterion(again.criteria.get(key="rollback"), answer="fail", reason="It did not work", by=work.lead, now=NOW)
    assert [(row.gate.engagement_id, row.key) for row in failed_hard(every)] == [(work.pk, "rollback")]
    answer_criterion(again.criteria.get(key="rollback"), answer="unknown", by=work.lead, now=NOW)
    assert not failed_hard(every)


class TestCompletion:
    @pytest.fixture
    def leaving(self) -> Engagement:
        leaving = EngagementFactory(phase="handover")
        gates_of(leaving)
        return leaving

    def test_no_asset_without_an_owner(self, leaving: Engagement) -> None:
        asset = Asset.objects.create(engagement=leaving, name="Prompts")
        for act in (
            lambda: decide_gate(gate_of(leaving, "handover"), decided=GO, by=leaving.lead, now=NOW),
            lambda: change_status(engagement=leaving, status="completed", by=leaving.lead),
        ):
            with pytest.raises(GateShut) as shut:
                act()
            assert list(shut.value.obstacles.ownerless) == [asset]
        assert Engagement.objects.get(pk=leaving.pk).status == "active"

    def test_an_owner_who_left_is_none(self, leaving: Engagement) -> None:
        gone = Stakeholder.objects.create(customer=leaving.customer, name="Gone", left_on=TODAY)
        Asset.objects.create(engagement=leaving, name="Prompts", owner=gone)
        with pytest.raises(GateShut):
            decide_gate(gate_of(leaving, "handover"), decided=GO, by=leaving.lead, now=NOW)

    def test_a_go_completes_the_work(self, leaving: Engagement) -> None:
        Asset.objects.create(engagement=leaving, name="Prompts", owner=customers_person(leaving))
        decide_gate(gate_of(leaving, "handover"), decided=GO, by=leaving.lead, now=NOW)
        assert Engagement.objects.get(pk=leaving.pk).status == "completed"

    def test_handover_is_not_completed_past_its_gate(self, leaving: Engagement) -> None:
        with pytest.raises(GateShut):
            change_status(engagement=leaving, status="completed", by=leaving.lead)
        assert Engagement.objects.get(pk=leaving.pk).status == "active"

    def test_owners_cannot_be_said_to_be_named_while_they_are_not(self, leaving: Engagement) -> None:
        owners = GateCriterionFactory(gate=gate_of(leaving, "handover"), key="owners")
        with pytest.raises(Refused):
            answer_criterion(owners, answer="pass", evidence="All named", by=leaving.lead, now=NOW)
        Asset.objects.create(engagement=leaving, name="Prompts", owner=customers_person(leaving))
        answer_criterion(owners, answer="pass", evidence="All named", by=leaving.lead, now=NOW)
        owners.refresh_from_db()
        assert owners.answer == "pass"


def test_a_failure_found_in_production_puts_health_at_risk_from_its_day(work: Engagement) -> None:
    from engagements.metrics.health import hard_rules
    from engagements.selectors.health_facts import read_history

    PhaseChange.objects.create(engagement=work, phase="production", entered_on=date(2026, 2, 2))
    answer_criterion(gate_of(work).criteria.get(key="rollback"), answer="fail", reason="It did not work", by=work.lead, now=NOW)
    history = read_history(work, now=datetime(2026, 3, 4, 9, tzinfo=UTC))
    rules = {day: [rule.code for rule in hard_rules(history.facts(day), day)] for day in (date(2026, 3, 1), TODAY)}
    assert rules == {date(2026, 3, 1): [], TODAY: ["hard.criterion_failed"]}


def test_whoever_is_later_does_not_enter_over_somebody_elses_phase(work: Engagement, monkeypatch) -> None:
    """Somebody enters handover after the gates were looked at and before the phase is written."""
    GateCriterion.objects.filter(gate__engagement=work).update(answer="pass")
    GateDecisionFactory(gate=gate_of(work))
    mine, looked = Engagement.objects.filter(pk=work.pk), phases.require_open_gates

    def late(*args, **kwargs) -> None:
        looked(*args, **kwargs)
        mine.enter_phase(Phase.HANDOVER)

    monkeypatch.setattr(phases, "require_open_gates", late)
    with pytest.raises(Conflict):
        change_phase(engagement=work, phase=Phase.PRODUCTION, on=TODAY, by=work.lead)
    assert not work.phase_changes.exists()
    assert not AuditEvent.objects.filter(verb="change_phase").exists()


def test_the_page_says_that_somebody_was_faster(client, work: Engagement, monkeypatch) -> None:
    def late(*args, **kwargs) -> None:
        Engagement.objects.filter(pk=work.pk).enter_phase(Phase.HANDOVER)

    monkeypatch.setattr(phases, "require_open_gates", late)
    client.force_login(work.lead)
    answer = client.post(reverse("engagement_phase", args=[work.slug]), {"phase": "production", "on": "2026-03-02", "confirm": "on"})
    assert answer.status_code == 409
    assert "somebody else changed the phase" in answer.context["phase_form"].errors["phase"][0]
    typed = {"outcome": "go", "on": "2026-03-02", "ours": work.lead.pk, "theirs": customers_person(work).pk, "conditions-TOTAL_FORMS": 0, "conditions-INITIAL_FORMS": 0}
    GateCriterion.objects.filter(gate__engagement=work).update(answer="pass")
    answer = client.post(reverse("gate_decide", args=[work.slug, gate_of(work).pk]), typed)
    assert answer.status_code == 409
    assert "somebody moved the work to another phase" in answer.content.decode()
    assert stored(work) == ("pilot", 0, 0)


def test_nothing_is_asked_at_a_gate_that_is_decided_in_that_moment(client, work: Engagement, monkeypatch) -> None:
    GateCriterion.objects.filter(gate__engagement=work, key="rollback").delete()
    gate, hold = gate_of(work), gates.lock_gate

    def late(asked: Gate) -> None:
        GateDecisionFactory(gate=asked)
        hold(asked)

    monkeypatch.setattr(gates, "lock_gate", late)
    client.force_login(work.lead)
    answer = client.post(reverse("criteria_take", args=[work.slug]))
    assert answer.status_code == 409
    assert "Nothing was asked" in answer.content.decode()
    assert not gate.criteria.filter(key="rollback").exists()
