"""The life of a deliverable: planned, in progress, submitted, accepted or rejected, superseded.

Each step is kept with who took it and when. A step from a state it does not follow is refused.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import models, transaction

from engagements.models import Deliverable, DeliverableChange, Response
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.core.messages import UNDO_FOR

State = Deliverable.State

# From which states a step into another one may be taken.
COMES_FROM: dict[State, frozenset[State]] = {
    State.IN_PROGRESS: frozenset({State.PLANNED, State.REJECTED}),
    State.SUBMITTED: frozenset({State.IN_PROGRESS}),
    State.ACCEPTED: frozenset({State.SUBMITTED}),
    State.REJECTED: frozenset({State.SUBMITTED}),
    State.SUPERSEDED: frozenset({State.PLANNED, State.IN_PROGRESS, State.ACCEPTED, State.REJECTED}),
}
VERBS = {
    State.IN_PROGRESS: "begin",
    State.SUBMITTED: "submit",
    State.ACCEPTED: "accept",
    State.REJECTED: "reject",
    State.SUPERSEDED: "supersede",
}


class WrongState(Exception):
    """The deliverable is in a state from which this step cannot be taken. Nothing was written."""


def next_steps(deliverable: Deliverable) -> list[State]:
    return [to for to, origins in COMES_FROM.items() if deliverable.state in origins]


@transaction.atomic
def take_step(
    deliverable: Deliverable,
    *,
    to: State,
    by: User | None,
    now: datetime,
    today: date,
    reason: str = "",
    response: Response | None = None,
) -> DeliverableChange:
    """Move a deliverable on. `today` is the engagement's local day, on which a submitted one counts as delivered.
    `response` is the customer's answer that takes the step; its person may be nobody who signs in.

    Raises WrongState when `to` does not follow its state; a rejection without reason is an IntegrityError.
    """
    was = State(deliverable.state)
    if was not in COMES_FROM[to]:
        raise WrongState
    _move(deliverable, was, to, actual_on=_delivered_on(deliverable, to, today))
    audit.record(VERBS[to], deliverable, by=by, label=response.signed if response else "", was=was)
    return _keep(deliverable, was, reason, now, by, response)


def _delivered_on(deliverable: Deliverable, to: State, today: date) -> date | None:
    if to == State.SUBMITTED:
        return today
    return None if to == State.REJECTED else deliverable.actual_on


def _move(deliverable: Deliverable, was: State, to: State, *, actual_on: date | None) -> None:
    # Of two people who act at once only one finds the state both saw.
    rows = Deliverable.objects.filter(pk=deliverable.pk, state=was)
    if not rows.update(state=to, actual_on=actual_on, version=models.F("version") + 1):
        raise WrongState
    deliverable.state, deliverable.actual_on = to, actual_on


def _keep(
    deliverable: Deliverable, was: State, reason: str, now: datetime, by: User | None, response: Response | None = None
) -> DeliverableChange:
    return DeliverableChange.objects.create(
        deliverable=deliverable,
        was=was,
        state=deliverable.state,
        reason=reason,
        changed_at=now,
        changed_by=by,
        response=response,
    )


@transaction.atomic
def take_back(
    change: DeliverableChange, *, by: User | None, now: datetime, label: str = "", even_late: bool = False
) -> None:
    """Undo the newest step, within ten minutes or `even_late`. The step stays in the history, with the one back after it.

    Raises WrongState when it is older, or no longer the newest.
    """
    deliverable = change.deliverable
    is_late = now - change.changed_at > UNDO_FOR and not even_late
    if deliverable.changes.first() != change or is_late:
        raise WrongState
    _move(deliverable, State(change.state), State(change.was), actual_on=_delivered_before(change))
    audit.record("take back", deliverable, by=by, label=label, step=change.state)
    _keep(deliverable, State(change.state), _last_reason(deliverable), now, by, change.response)


def _delivered_before(change: DeliverableChange) -> date | None:
    """The day of delivery as it was before a step: only submitting sets it, only rejecting takes it away."""
    deliverable = change.deliverable
    if change.state == State.SUBMITTED:
        return None
    if change.state != State.REJECTED:
        return deliverable.actual_on
    submitted = deliverable.changes.filter(state=State.SUBMITTED).first()
    return submitted.changed_at.astimezone(deliverable.engagement.zone).date() if submitted else None


def _last_reason(deliverable: Deliverable) -> str:
    """A deliverable that is rejected again is so for the reason it had."""
    if deliverable.state != State.REJECTED:
        return ""
    return deliverable.changes.filter(state=State.REJECTED).values_list("reason", flat=True).first() or "–"
