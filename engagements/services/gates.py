"""Acts at gates short of the decision: opening rounds, answering criteria, conditions."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from engagements.metrics.gates import OWNERS_KEY, SAFETY_KEYS, may_be_waived
from engagements.models import Engagement, Gate, GateCondition, GateCriterion, Phase, Playbook
from engagements.models.gate import EvidenceRecord
from engagements.playbook.standard import STANDARD
from engagements.selectors.gate import keyed_criteria, owners_are_named
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import claim_version
from fde_portal.core.search.index import refresh


class Refused(Exception):
    """The gate is decided already, or the answer is not for this person to give. Nothing was written."""


Answer = GateCriterion.Answer


def open_gates(playbook: Playbook, *, engagement: Engagement) -> None:
    """Give an engagement without gates one for each phase, with the criteria of a playbook.

    What the standard playbook asks about safety and the playbook does not, is asked before production all the same.
    """
    gates = {phase: Gate.objects.create(engagement=engagement, phase=phase) for phase in Phase}
    rows = [
        GateCriterion(gate=gates[Phase(line.phase)], text=line.text, is_hard=line.is_hard, key=line.key)
        for line in playbook.criteria.all()
    ]
    asked = {row.key for row in rows}
    texts = safety_texts(engagement.customer.language)
    rows += [GateCriterion(gate=gates[Phase.PILOT], text=texts[key], key=key) for key in SAFETY_KEYS if key not in asked]
    GateCriterion.objects.bulk_create(rows)


@transaction.atomic
def ask_missing(engagement: Engagement, *, by: User) -> bool:
    """Ask, before production, the questions about safety that no gate of the engagement asks. False when none is missing.

    Raises Refused when the gate is decided in the same moment.
    """
    asked = set(keyed_criteria(engagement.pk).values_list("key", flat=True))
    missing = [key for key in SAFETY_KEYS if key not in asked]
    if not missing:
        return False
    gate, __ = Gate.objects.select_related("decision").get_or_create(engagement=engagement, phase=Phase.PILOT, is_current=True)
    if gate.decided:
        gate = open_again(gate, by=by)
    lock_gate(gate)
    texts = safety_texts(engagement.customer.language)
    GateCriterion.objects.bulk_create(GateCriterion(gate=gate, text=texts[key], key=key) for key in missing)
    audit.record("ask_about_safety", gate, by=by, keys=missing)
    return True


def safety_texts(language: str) -> dict[str, str]:
    """What the standard playbook asks about safety, by key, in the language of the customer."""
    standard = STANDARD.get(language, STANDARD["en"])
    return {line.key: line.text for lines in standard.criteria.values() for line in lines if line.key}


@transaction.atomic
def answer_criterion(
    criterion: GateCriterion,
    *,
    answer: str,
    evidence: str = "",
    link: str = "",
    record: EvidenceRecord | None = None,
    reason: str = "",
    version: int | None = None,
    by: User,
    now: datetime,
) -> None:
    """Say whether a criterion holds, and what shows it: words, a link, or a `record` of the engagement. The same again writes nothing.

    Raises Conflict (accounts.records) when it was answered since `version`, Refused at a decided gate, for a waiver that
    is not this person's to give, and where owners of assets are said to be named and are not.
    """
    lock_gate(criterion.gate)
    _require_right(criterion, answer, by)
    given = {"answer": answer, "evidence": evidence, "link": link, "reason": reason, **criterion.columns_for(record)}
    fresh = GateCriterion.objects.get(pk=criterion.pk)
    if all(getattr(fresh, name) == value for name, value in given.items()):
        return
    claim_version(criterion, version)
    is_open = answer == Answer.UNKNOWN
    given |= {"answered_at": None if is_open else now, "answered_by": None if is_open else by, "updated_at": now}
    GateCriterion.objects.filter(pk=criterion.pk).update(**given)
    criterion.refresh_from_db()
    audit.record("answer_criterion", criterion, by=by, answer=str(answer), was=fresh.answer)
    if Answer.FAIL in (answer, fresh.answer):  # what fails in production counts in health
        request_recompute(criterion.engagement_id)


def _require_right(criterion: GateCriterion, answer: str, by: User) -> None:
    is_manager = by.can(Permission.WAIVE_CRITERIA)
    if answer == Answer.WAIVED and not may_be_waived(is_hard=criterion.is_hard, key=criterion.key, is_manager=is_manager):
        raise Refused
    if answer == Answer.PASS and criterion.key == OWNERS_KEY and not owners_are_named(criterion.gate.engagement_id):
        raise Refused


def lock_gate(gate: Gate) -> None:
    """Hold the gate's row while it is written to, so that nothing is answered while it is decided. Raises Refused."""
    if not Gate.objects.current().undecided().filter(pk=gate.pk).update(updated_at=models.F("updated_at")):
        raise Refused


@transaction.atomic
def open_again(gate: Gate, *, by: User, keeps_answers: bool = True) -> Gate:
    """Begin the next round of a decided gate. Without its answers everything is unknown again; evidence stays to read.

    Raises Refused where a newer round is there already, or this one is not decided.
    """
    if gate.decided is None or not Gate.objects.current().filter(pk=gate.pk).update(is_current=False):
        raise Refused
    following = Gate.objects.create(engagement_id=gate.engagement_id, phase=gate.phase, round=gate.round + 1)
    rows = list(gate.criteria.all())
    for row in rows:
        row.pk, row.gate = None, following
        row._state.adding = True
        if not keeps_answers:
            row.answer, row.answered_at, row.answered_by = Answer.UNKNOWN, None, None
    GateCriterion.objects.bulk_create(rows)
    for row in (*gate.criteria.all(), *rows):  # what is found moves with the round
        refresh(row)
    audit.record("open_gate", following, by=by, round=following.round)
    return following


@transaction.atomic
def finish_condition(condition: GateCondition, *, by: User, now: datetime) -> None:
    """Say that a condition is met. Twice changes nothing: who was first stays."""
    if GateCondition.objects.open().filter(pk=condition.pk).update(done_at=now, done_by=by, updated_at=now):
        audit.record("finish_condition", condition, by=by)
        request_recompute(condition.engagement_id)


@transaction.atomic
def reopen_condition(condition: GateCondition, *, by: User, now: datetime) -> None:
    """Take back that a condition is met. Twice changes nothing."""
    rows = GateCondition.objects.filter(pk=condition.pk, done_at__isnull=False)
    if rows.update(done_at=None, done_by=None, updated_at=now):
        audit.record("reopen_condition", condition, by=by)
        request_recompute(condition.engagement_id)
