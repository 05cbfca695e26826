"""How an outcome agreement moves from state to state. Each entry is kept with its local day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import models, transaction

from engagements.models import OutcomeAgreement, OutcomeChange
from fde_portal.accounts.models import User

State = OutcomeAgreement.State


class Refused(Exception):
    """The act does not fit how the agreement stands. Nothing was written; the text says why, to a person."""


def move(agreement: OutcomeAgreement, origins: Collection[State], to: State, **values: Any) -> None:
    """Bring an agreement from the state it was seen in to another one. Raises Refused when it is not, or no longer, in `origins`."""
    # Of two people who act at once only one finds the state both saw.
    rows = OutcomeAgreement.objects.filter(pk=agreement.pk, state=agreement.state, state__in=origins)
    if not rows.update(state=to, version=models.F("version") + 1, **values):
        raise Refused
    agreement.refresh_from_db()


def keep(agreement: OutcomeAgreement, state: State, today: date, by: User | None, reason: str = "") -> None:
    OutcomeChange.objects.create(agreement=agreement, changed_on=today, state=state, reason=reason, changed_by=by)


@transaction.atomic
def begin_measuring(agreement: OutcomeAgreement, *, today: date, by: User | None) -> None:
    """The first observation of an agreed outcome begins its measuring; later ones change nothing."""
    if agreement.state != State.AGREED:
        return
    move(agreement, {State.AGREED}, State.MEASURING)
    keep(agreement, State.MEASURING, today, by)
