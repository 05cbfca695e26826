"""The customer's sign-off of a decided gate: asking for it, keeping it, and what waits for it.

A go that was decided with the question to sign takes effect once somebody at the customer signed, or once somebody of us
states why the work goes on without.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction

from engagements.models import Gate
from engagements.selectors.gate import waits_for_sign_off
from engagements.services.gates import Refused
from engagements.services.phases import MOVES, GateShut, go_back, go_on
from fde_portal.accounts import audit
from fde_portal.accounts.models import AuditEvent, User
from fde_portal.accounts.records import Conflict


class WordsAnswered(Refused):
    """The customer has answered to the words as they stand. Nothing was written."""


class GoWaits(Refused):
    """A go waits for the sign-off: to go on without owes a reason. Nothing was written."""


@transaction.atomic
def ask_for_sign_off(gate: Gate, *, wording: str, is_shared: bool, by: User) -> None:
    """Put a decided gate into the next editions for the customer to sign off, in these words, or take it out of them.

    Raises Refused before it is decided and once the decision was taken back, GoWaits for no longer asking while a go waits for
    it, WordsAnswered for other words than those the customer has answered to: nobody signs what they have not read.
    """
    if gate.decided is None or gate.taken_back_at:
        raise Refused
    if not is_shared and waits_for_sign_off(gate):
        raise GoWaits
    may_be_worded = models.Q(sign_off=Gate.SignOff.OPEN) | models.Q(shared_wording=wording)
    if not Gate.objects.filter(may_be_worded, pk=gate.pk).update(shared_wording=wording, is_shared=is_shared):
        raise WordsAnswered
    gate.refresh_from_db(fields=["shared_wording", "is_shared"])
    audit.record("ask_sign_off" if is_shared else "drop_sign_off", gate, by=by)


@dataclass(frozen=True, slots=True)
class Signature:
    """What somebody at the customer answered to a shared gate; `on` is the engagement's local day."""

    signed: bool
    name: str
    comment: str
    on: date

    @property
    def columns(self) -> dict[str, Any]:
        state = Gate.SignOff.SIGNED if self.signed else Gate.SignOff.DECLINED
        return {"sign_off": state, "sign_off_by": self.name[:120], "sign_off_on": self.on, "sign_off_comment": self.comment}


UNSIGNED: dict[str, Any] = {"sign_off": Gate.SignOff.OPEN, "sign_off_by": "", "sign_off_on": None, "sign_off_comment": ""}


@transaction.atomic
def keep_sign_off(gate: Gate, given: Signature, *, by: User | None) -> None:
    """Keep what the customer answered to a shared gate; the newest answer holds. A go that waited for it takes effect.

    What they signed stands, also where something else keeps the gate shut by now: then the phase is entered by hand later.
    """
    waited = waits_for_sign_off(gate)
    Gate.objects.filter(pk=gate.pk).update(**given.columns)
    moves = waited and given.signed and _takes_effect(gate, on=given.on)
    audit.record("sign_off" if given.signed else "decline_sign_off", gate, by=by, label=given.name, moves=moves)


def _takes_effect(gate: Gate, *, on: date) -> bool:
    with suppress(GateShut, Conflict):
        _take_effect(gate, on=on, by=gate.decision.recorded_by)
        return True
    return False


@transaction.atomic
def drop_sign_off(gate: Gate, *, standing: Signature | None, on: date, label: str, by: User | None) -> None:
    """An answer of somebody at the customer was taken back: what is `standing` of the others holds.

    Where nobody has signed any more, the engagement goes back on the local day `on` to where the go waits, unless it moved
    on since. `label` names who took it back where that is nobody of us.
    """
    move = _moved_by(gate)
    Gate.objects.filter(pk=gate.pk).update(**standing.columns if standing else UNSIGNED)
    audit.record("take_back_sign_off", gate, by=by, label=label)
    if move and not (standing and standing.signed):
        go_back(gate.engagement_id, move, on=on, by=gate.decision.recorded_by if label else by, asks_anew=False)


def _moved_by(gate: Gate) -> AuditEvent | None:
    """What the sign-off of the newest round set going, while nothing moved the engagement after it."""
    signed = AuditEvent.objects.filter(verb="sign_off", subject_type="gate", subject_id=gate.pk, details__moves=True).order_by("pk").last()
    if signed is None or not gate.is_current:
        return None
    moves = AuditEvent.objects.filter(verb__in=MOVES, subject_type="engagement", subject_id=gate.engagement_id).order_by("pk")
    newest = moves.last()
    return newest if newest and newest.pk < signed.pk else None


@transaction.atomic
def go_without_sign_off(gate: Gate, *, reason: str, on: date, by: User) -> None:
    """Let a go take effect that waits for the customer's sign-off, for a reason that is kept. `on` is the engagement's local day.

    Raises Refused where nothing waits, GateShut while something else keeps the gate shut, Conflict (accounts.records) when the
    phase changed in the same moment.
    """
    rows = Gate.objects.filter(pk=gate.pk, unsigned_reason="").exclude(sign_off=Gate.SignOff.SIGNED)
    if not reason or not waits_for_sign_off(gate) or not rows.update(unsigned_reason=reason, unsigned_by=by, unsigned_on=on):
        raise Refused
    audit.record("go_without_sign_off", gate, by=by, reason=reason)
    _take_effect(gate, on=on, by=by)


def _take_effect(gate: Gate, *, on: date, by: User | None) -> None:
    """Enter the next phase, not before the day on which the present one was entered."""
    last = gate.engagement.phase_changes.last()
    go_on(gate.engagement, on=max(on, last.entered_on) if last else on, by=by)
