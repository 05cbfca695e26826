"""Acts on outcome agreements: draft, agree, rebaseline, decide, retire. Each change of state is kept with its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.forms import ModelForm

from engagements.metrics.outcomes import OutcomeLine
from engagements.models import Observation, OutcomeAgreement, OutcomeRebaseline
from engagements.services.outcome_states import Refused, State, keep, move
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import save_record

# From which states an agreement may be decided, retired or taken up again.
COMES_FROM: dict[State, frozenset[State]] = {
    State.MET: frozenset({State.MEASURING}),
    State.MISSED: frozenset({State.MEASURING, State.AGREED}),
    State.RETIRED: frozenset({State.DRAFT, State.AGREED, State.MEASURING}),
}
VERBS = {State.MET: "decide_met", State.MISSED: "decide_missed", State.RETIRED: "retire"}


@transaction.atomic
def save_outcome(form: ModelForm, *, by: User, today: date) -> OutcomeAgreement:
    """Save an agreement with its deliverables from a valid form; a new one is a draft since `today`.

    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    is_new = form.instance.pk is None
    agreement = save_record(form, by=by)
    if is_new:
        keep(agreement, State.DRAFT, today, by)
    request_recompute(agreement.engagement_id)
    return agreement


def may_agree(agreement: OutcomeAgreement, user: User) -> bool:
    """Our side is bound by the person it names, or by who reviews the portfolio."""
    return user.pk == agreement.our_person_id or user.can(Permission.REVIEW_PORTFOLIO)


@transaction.atomic
def agree_outcome(agreement: OutcomeAgreement, *, on: date, how: str, today: date, by: User) -> None:
    """Bind both sides: `by` for us, the customer's accountable person as of `on`, who agreed as `how` says.

    Raises Refused while a part is missing, from another state than draft, or when `by` may not bind us.
    """
    if agreement.missing or agreement.line is None or not may_agree(agreement, by):
        raise Refused
    move(agreement, {State.DRAFT}, State.AGREED, agreed_on=on, agreed_how=how)
    keep(agreement, State.AGREED, today, by)
    audit.record("agree", agreement, by=by, on=on.isoformat(), how=how)
    request_recompute(agreement.engagement_id)


@transaction.atomic
def rebaseline_outcome(agreement: OutcomeAgreement, *, line: Mapping[str, Any], approval: Mapping[str, Any], today: date, by: User) -> OutcomeRebaseline:
    """Replace the line of a running agreement and keep the old one.

    `line` holds baseline, baseline_on, baseline_kind, target and due_on; `approval` holds reason,
    approved_by and approved_on. Raises Refused when the agreement is not running.
    """
    old = {f"old_{name}": getattr(agreement, name) for name in line}
    move(agreement, set(OutcomeAgreement.RUNNING), State(agreement.state), **line)
    kept = OutcomeRebaseline.objects.create(agreement=agreement, changed_on=today, changed_by=by, **old, **approval)
    audit.record("rebaseline_outcome", agreement, by=by, reason=approval["reason"])
    request_recompute(agreement.engagement_id)
    return kept


@transaction.atomic
def decide_outcome(agreement: OutcomeAgreement, *, to: State, reason: str, today: date, by: User) -> None:
    """Decide that an outcome is met or missed, or retire it. `reason` may be empty for a met one only.

    Raises Refused from a wrong state, without a reason that is owed, and for "met" while the newest
    observation is not confirmed, lies short of the target, or a guardrail is broken.
    """
    if to == State.MET and not is_proven(agreement):
        raise Refused
    if to != State.MET and not reason.strip():
        raise Refused
    move(agreement, COMES_FROM[to], to)
    keep(agreement, to, today, by, reason)
    audit.record(VERBS[to], agreement, by=by, reason=reason)
    request_recompute(agreement.engagement_id)


@transaction.atomic
def reopen_outcome(agreement: OutcomeAgreement, *, today: date, by: User) -> None:
    """Take back a decision: the agreement stands again as it did before. Raises Refused when nothing was decided."""
    before = agreement.changes.exclude(state__in=COMES_FROM).last()
    if before is None:
        raise Refused
    move(agreement, set(COMES_FROM), State(before.state))
    keep(agreement, State(before.state), today, by)
    audit.record("reopen", agreement, by=by)
    request_recompute(agreement.engagement_id)


def is_proven(agreement: OutcomeAgreement) -> bool:
    """Whether the newest observation is confirmed and at the target, with every guardrail kept."""
    newest = agreement.observations.current().first()
    if newest is None or newest.state != Observation.State.CONFIRMED or newest.value is None:
        return False
    line: OutcomeLine | None = agreement.line
    return line is not None and line.is_met(newest.value) and not any(rail.is_broken for rail in agreement.guardrails.current())
