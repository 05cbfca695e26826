"""Writes the demo's gates: passed for the phases behind, begun for the present one, with decisions as both sides took them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from customers.models import Stakeholder
from engagements.demo.clock import Clock, instant
from engagements.demo.gates import EVIDENCE, GATES, PLAIN, GatesPlan
from engagements.models import (
    Asset,
    Engagement,
    Gate,
    GateCondition,
    GateCriterion,
    GateDecision,
    Phase,
    Playbook,
    Status,
)
from engagements.public_page.content import hash_of
from engagements.services.gate_snapshots import frozen
from engagements.services.gates import open_gates
from engagements.services.playbooks import ensure_standard_playbooks

ORDER = Phase.values
DECIDERS = ("sponsor", "risk_owner", "operational_owner")


def create_gates(engagements: Iterable[Engagement], clock: Clock) -> None:
    ensure_standard_playbooks()
    playbooks = {playbook.language: playbook for playbook in Playbook.objects.all()}
    for engagement in engagements:
        if not _people(engagement).exists():
            continue  # public data: nobody there decides with us
        plan = GATES.get(engagement.slug, PLAIN)
        open_gates(playbooks[engagement.customer.language], engagement=engagement)
        _create_assets(plan, engagement)
        for gate in Gate.objects.filter(engagement=engagement):
            _write_gate(gate, engagement, plan, clock)


def _people(engagement: Engagement) -> QuerySet:
    """Who decides at the customer."""
    return Stakeholder.objects.filter(customer=engagement.customer_id, role__in=DECIDERS, left_on=None).order_by("pk")


def _write_gate(gate: Gate, engagement: Engagement, plan: GatesPlan, clock: Clock) -> None:
    ended = _ended_on(gate, engagement)
    place, present = ORDER.index(gate.phase), ORDER.index(engagement.phase)
    if ended:
        _answer(gate.criteria.all(), engagement, ended)
        _decide(gate, engagement, plan, ended, clock)
    elif place == present:
        begun = dict(engagement.phase_changes.values_list("phase", "entered_on"))[gate.phase]
        rows = [row for row in gate.criteria.all() if row.text not in plan.unknown]
        _answer(rows if plan.all_else else rows[:1], engagement, begun)


def _ended_on(gate: Gate, engagement: Engagement) -> date | None:
    """The day the phase was left: the next one began, or the work was completed."""
    entered = dict(engagement.phase_changes.values_list("phase", "entered_on"))
    following = [entered[phase] for phase in ORDER[ORDER.index(gate.phase) + 1 :] if phase in entered]
    if following:
        return following[0]
    is_over = engagement.status == Status.COMPLETED and gate.phase == engagement.phase
    return engagement.target_end or entered[gate.phase] if is_over else None


def _answer(rows: Iterable[GateCriterion], engagement: Engagement, day: date) -> None:
    for row in rows:
        row.answer, row.evidence = GateCriterion.Answer.PASS, EVIDENCE[row.text]
        row.answered_at, row.answered_by = instant(day, 10, engagement.zone), engagement.lead
        row.save()


def _decide(gate: Gate, engagement: Engagement, plan: GatesPlan, day: date, clock: Clock) -> None:
    is_special = gate.phase == plan.conditional
    people = _people(engagement)[:2]
    decision = GateDecision(
        gate=gate,
        outcome="conditions" if is_special and plan.conditions else "go",
        our_deciders=", ".join(person.name for person in (engagement.lead, engagement.manager) if person),
        their_deciders=", ".join(person.name for person in people),
        dissent=plan.dissent if is_special else "",
        decided_on=day,
        decided_at=instant(day, 11, engagement.zone),
        recorded_by=engagement.lead,
    )
    rows = [
        {"text": row.text, "due_on": clock.date(row.due).isoformat(), "owner": engagement.lead.name} for row in plan.conditions if is_special
    ]
    decision.snapshot = frozen(decision, gate=gate, conditions=rows)
    decision.snapshot_hash = hash_of(decision.snapshot)
    decision.save()
    if is_special:
        _write_rest(gate, decision, engagement, plan, clock)


def _write_rest(gate: Gate, decision: GateDecision, engagement: Engagement, plan: GatesPlan, clock: Clock) -> None:
    """Conditions, and what the customer is asked to sign."""
    for row in plan.conditions:
        done = instant(clock.date(row.done), 15, engagement.zone) if row.done else None
        GateCondition.objects.create(
            engagement=engagement, decision=decision, text=row.text, due_on=clock.date(row.due), owner=engagement.lead,
            done_at=done, done_by=engagement.lead if done else None,
        )  # fmt: skip
    if plan.signed:
        gate.is_shared, gate.shared_wording = True, plan.signed
    if plan.signer:
        gate.sign_off, gate.sign_off_by, gate.sign_off_on = Gate.SignOff.SIGNED, plan.signer, decision.decided_on
    gate.save()


def _create_assets(plan: GatesPlan, engagement: Engagement) -> None:
    people = Stakeholder.objects.filter(customer=engagement.customer_id, left_on=None).order_by("-pk")
    owners = {person.role: person for person in people}
    for name, kind, place, role in plan.assets:
        owner = owners.get(role) or owners.get("sponsor") if role else None
        Asset.objects.create(engagement=engagement, name=name, kind=kind, place=place, owner=owner)
