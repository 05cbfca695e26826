"""Taking back a decision at a gate that was recorded a moment ago.

A decision is never changed: it stays among the earlier rounds, marked, and what it set going is undone.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Gate
from engagements.services.gates import open_again
from engagements.services.phases import MOVES, go_back
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import AuditEvent, User
from fde_portal.accounts.services.undo import NotTakenBack
from fde_portal.core.messages import UNDO_FOR


@transaction.atomic
def take_back_decision(gate: Gate, *, by: User, on: date, now: datetime) -> Gate:
    """Ask again in the next round, with the answers as they were, and go back to where the work was before.

    `on` is the engagement's local day. Conditions of the decision go; its frozen state keeps them.
    Raises NotTakenBack for somebody else's decision, after ten minutes, and once something rests on it.
    """
    decision = gate.decided
    if decision is None or decision.recorded_by_id != by.pk:
        raise NotTakenBack(_("Nothing was taken back: somebody else recorded this decision. You can look again in a new round."))
    if now - decision.decided_at > UNDO_FOR:
        raise NotTakenBack(_("Nothing was taken back: ten minutes are over. You can look again in a new round."))
    moved = _moved_by(gate)
    if _rests_on(gate) or moved is None or not Gate.objects.standing().filter(pk=gate.pk).update(taken_back_at=now, is_shared=False):
        raise NotTakenBack(_("Nothing was taken back: something rests on this decision by now. You can look again in a new round."))
    decision.conditions.all().delete()
    audit.record("take_back_decision", gate, by=by)
    following = open_again(gate, by=by) if gate.is_current else Gate.objects.current().get(engagement=gate.engagement_id, phase=gate.phase)
    for move in moved:
        go_back(gate.engagement_id, move, on=on, by=by)
    request_recompute(gate.engagement_id)  # what changed lately no longer tells it
    return following


def _rests_on(gate: Gate) -> bool:
    """Whether an edition may ask the customer to sign it, or a condition of it is met."""
    published = gate.engagement.editions.filter(published_at__gte=gate.decision.decided_at)
    return (gate.is_shared and published.exists()) or gate.sign_off != Gate.SignOff.OPEN or gate.decision.conditions.exclude(done_at=None).exists()


def _moved_by(gate: Gate) -> list[AuditEvent] | None:
    """What the decision moved: one act or none, as its event says. None once anything else moved the engagement after it."""
    decided = AuditEvent.objects.filter(verb="decide_gate", subject_type="gate", subject_id=gate.pk).latest("pk")
    moves = AuditEvent.objects.filter(verb__in=MOVES, subject_type="engagement", subject_id=gate.engagement_id, pk__gt=decided.pk)
    return list(moves) if len(moves) == int(decided.details.get("moves", False)) else None
