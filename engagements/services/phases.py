"""Moving an engagement from phase to phase, and to its end. Nothing else writes a phase.

Forwards leads through gates alone: the newest round of each phase left must be decided with a go, with no hard criterion
failed or unknown, no sign-off outstanding that the customer was asked for, and into production and beyond no question about
safety unanswered. Backwards is always open, because emergencies lead there; the gates passed again afterwards are asked anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from engagements.models import Asset, Engagement, Gate, GateCondition, GateDecision, Phase, PhaseChange, Status
from engagements.public_page.content import hash_of
from engagements.selectors.gate import Obstacles, obstacles
from engagements.services.gate_snapshots import frozen
from engagements.services.gates import Refused, lock_gate, open_again
from engagements.services.recomputes import request_recompute
from engagements.services.value_ledger import freeze_estimate
from fde_portal.accounts import audit
from fde_portal.accounts.models import AuditEvent, User
from fde_portal.accounts.records import Conflict

ORDER = Phase.values
# The acts by which an engagement moves from phase to phase, and to its end.
MOVES = ("change_phase", "change_status")


class GateShut(Exception):
    """A gate on the way is not passed. Nothing was written."""

    def __init__(self, phase: str, obstacles: Obstacles | None = None) -> None:
        super().__init__(f"the gate of {phase} is shut")
        self.phase, self.obstacles = Phase(phase), obstacles or Obstacles()


@dataclass(frozen=True, slots=True)
class Condition:
    """Something promised with a go."""

    text: str
    due_on: date
    owner: User


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody recorded of a decision; names are kept as they were on that day."""

    outcome: str
    ours: str
    theirs: str
    on: date
    dissent: str = ""
    reason: str = ""
    conditions: Sequence[Condition] = ()
    asks: str = ""  # what the customer signs before a go takes effect, "" where nobody has to


@transaction.atomic
def decide_gate(gate: Gate, *, decided: Decided, by: User, now: datetime) -> GateDecision:
    """Freeze a gate with its decision, and carry it out: a go enters the next phase, after handover completes the work.

    A go that asks the customer to sign waits for that (services/sign_offs.py). A hold opens the next round with the answers it
    has; a stop leaves the status to whoever says what becomes of it.

    Raises GateShut for a go while something keeps the gate shut, Refused where it is decided already or its phase has
    not begun, Conflict (accounts.records) when the phase changed in the same moment, ValueError for a day before the last
    change of phase.
    """
    lock_gate(gate)
    engagement = Engagement.objects.select_related("customer").get(pk=gate.engagement_id)
    if ORDER.index(gate.phase) > ORDER.index(engagement.phase):
        raise Refused
    opens = decided.outcome in (GateDecision.Outcome.GO, GateDecision.Outcome.CONDITIONS)
    if opens and (found := obstacles(gate)):
        raise GateShut(gate.phase, found)
    if opens and decided.asks:
        gate.is_shared, gate.shared_wording = True, decided.asks
    decision = _written(gate, decided, by=by, now=now)
    is_over = engagement.phase == Phase.HANDOVER and engagement.status == Status.COMPLETED
    moves = opens and gate.phase == engagement.phase and not is_over and not gate.is_shared
    audit.record("decide_gate", gate, by=by, outcome=decision.outcome, hash=decision.snapshot_hash, moves=moves)
    if gate.is_shared:
        gate.save(update_fields=["is_shared", "shared_wording"])
        audit.record("ask_sign_off", gate, by=by)
    gate.refresh_from_db()
    if decided.outcome == GateDecision.Outcome.HOLD:
        open_again(gate, by=by)
    elif moves:
        go_on(engagement, on=decided.on, by=by)
    else:  # a hard criterion that failed in production counts in health
        request_recompute(engagement.pk)
    return decision


def _written(gate: Gate, decided: Decided, *, by: User, now: datetime) -> GateDecision:
    decision = GateDecision(
        gate=gate, outcome=decided.outcome, our_deciders=decided.ours, their_deciders=decided.theirs, dissent=decided.dissent,
        reason=decided.reason, decided_on=decided.on, decided_at=now, recorded_by=by,
    )  # fmt: skip
    conditions: list[dict[str, Any]] = [
        {"text": row.text, "due_on": row.due_on.isoformat(), "owner": row.owner.name} for row in decided.conditions
    ]
    decision.snapshot = frozen(decision, gate=gate, conditions=conditions)
    decision.snapshot_hash = hash_of(decision.snapshot)
    try:
        with transaction.atomic():
            decision.save()
    except IntegrityError:
        raise Refused from None
    for row in decided.conditions:
        GateCondition.objects.create(engagement_id=gate.engagement_id, decision=decision, text=row.text, due_on=row.due_on, owner=row.owner)
    return decision


def go_on(engagement: Engagement, *, on: date, by: User | None) -> None:
    """Carry a go out. Raises GateShut where a gate is not passed, Conflict (accounts.records) as `change_phase` does."""
    if engagement.phase == Phase.HANDOVER:
        change_status(engagement=engagement, status=Status.COMPLETED, by=by)
    else:
        change_phase(engagement=engagement, phase=Phase(ORDER[ORDER.index(engagement.phase) + 1]), on=on, by=by)


@transaction.atomic
def change_phase(
    *, engagement: Engagement, phase: Phase, on: date, by: User | None, asks_anew: bool = True
) -> PhaseChange | None:
    """Enter `phase` on the local day `on`, forwards through its gates or back. The phase it is in already writes nothing.

    What the value case comes to is kept as the phase is left. Back, the gates passed again are asked anew, except where
    it only turns out that one was never passed.

    Raises GateShut where a gate on the way is not passed, Conflict (accounts.records) when somebody else changed the phase
    in the same moment, ValueError when `on` is before the day of the last change: history is not rewritten.
    """
    engagement.refresh_from_db(fields=["phase"])
    last = engagement.phase_changes.last()
    if last and on < last.entered_on:
        raise ValueError("the phase changed later than this day")
    if phase == engagement.phase:
        return None
    require_open_gates(engagement, to=phase)
    if asks_anew and ORDER.index(phase) < ORDER.index(engagement.phase):
        _ask_anew(engagement, since=phase, by=by)
    freeze_estimate(engagement, phase=Phase(engagement.phase), on=on)
    change = PhaseChange.objects.create(engagement=engagement, phase=phase, entered_on=on)
    audit.record("change_phase", engagement, by=by, old=engagement.phase, new=phase, on=on.isoformat())
    if not Engagement.objects.filter(pk=engagement.pk, phase=engagement.phase).enter_phase(phase):
        raise Conflict
    engagement.refresh_from_db(fields=["version", "phase"])
    request_recompute(engagement.pk, since=on)
    return change


def go_back(engagement_id: int, move: AuditEvent, *, on: date, by: User | None, asks_anew: bool = True) -> None:
    """Undo one of MOVES as its event tells it, not before the day on which the present phase was entered."""
    engagement = Engagement.objects.select_related("customer").get(pk=engagement_id)
    if move.verb == "change_status":
        change_status(engagement=engagement, status=Status(move.details["old"]), by=by)
        return
    last = engagement.phase_changes.last()
    day = max(on, last.entered_on) if last else on
    change_phase(engagement=engagement, phase=Phase(move.details["old"]), on=day, by=by, asks_anew=asks_anew)


def require_open_gates(engagement: Engagement, *, to: str) -> None:
    """Raise GateShut for the first phase left on the way to `to` whose gate is not passed. Backwards passes none."""
    left = ORDER[ORDER.index(engagement.phase) : ORDER.index(to)]
    gates = {gate.phase: gate for gate in Gate.objects.current().filter(engagement=engagement, phase__in=left).select_related("decision")}
    for phase in left:
        _require_passed(phase, gates.get(phase))


def _require_passed(phase: str, gate: Gate | None) -> None:
    found = obstacles(gate) if gate else Obstacles()
    if found or gate is None or gate.decided is None or not gate.decided.opens:
        raise GateShut(phase, found)


def _ask_anew(engagement: Engagement, *, since: str, by: User) -> None:
    """Whoever goes back passes the gates again: what held then may not hold now."""
    again = ORDER[ORDER.index(since) :]
    decided = Gate.objects.current().filter(engagement=engagement, phase__in=again).exclude(decision=None)
    for gate in decided.select_related("decision"):
        open_again(gate, by=by, keeps_answers=False)


@transaction.atomic
def change_status(*, engagement: Engagement, status: Status, by: User | None) -> None:
    """Say whether the work goes on. The status it has already writes nothing.

    Raises GateShut for completing work with an asset nobody answers for, or a handover whose gate is not passed.
    """
    if status == engagement.status:
        return
    if status == Status.COMPLETED:
        require_complete(engagement)
    audit.record("change_status", engagement, by=by, old=engagement.status, new=status)
    # Its version counts up too, so that a form opened before says that somebody was faster.
    Engagement.objects.filter(pk=engagement.pk).update(version=models.F("version") + 1, status=status)
    engagement.refresh_from_db(fields=["version", "status"])
    request_recompute(engagement.pk)


def require_complete(engagement: Engagement) -> None:
    """Raise GateShut while something keeps the work from being completed."""
    ownerless = list(Asset.objects.ownerless().filter(engagement=engagement))
    if ownerless:
        raise GateShut(Phase.HANDOVER, Obstacles(ownerless=ownerless))
    if engagement.phase == Phase.HANDOVER:
        gates = Gate.objects.current().filter(engagement=engagement, phase=Phase.HANDOVER)
        _require_passed(Phase.HANDOVER, gates.select_related("decision").first())
