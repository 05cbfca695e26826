"""Confirming and disputing a figure: by somebody other than its author, kept with a name and a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction

from engagements.models.judged_figure import JudgedFigure
from engagements.services.outcome_states import Refused
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User

State = JudgedFigure.State
NO_VERDICT: dict[str, Any] = {"state": State.PROVISIONAL, "comment": "", "decided_on": None, "decided_by": ""}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody said of a figure; `on` is the engagement's local day."""

    confirmed: bool
    comment: str
    name: str
    on: date

    @property
    def columns(self) -> dict[str, Any]:
        state = State.CONFIRMED if self.confirmed else State.DISPUTED
        return {"state": state, "comment": self.comment, "decided_on": self.on, "decided_by": self.name}


@transaction.atomic
def decide_figure(figure: JudgedFigure, *, confirmed: bool, comment: str = "", name: str, today: date, by: User | None) -> None:
    """Keep the verdict of whoever checks the figure, whom `name` names. A dispute owes its comment.

    Raises Refused when the verdict is there already, when `by` recorded the figure, or without a comment that is owed.
    """
    to = State.CONFIRMED if confirmed else State.DISPUTED
    if not confirmed and not comment.strip():
        raise Refused
    if by is not None and by.pk == figure.recorded_by_id:
        raise Refused
    rows = type(figure).objects.filter(pk=figure.pk, archived_at=None).exclude(state=to)
    if not rows.update(state=to, comment=comment, decided_on=today, decided_by=name, version=models.F("version") + 1):
        raise Refused
    figure.refresh_from_db()
    audit.record("confirm" if confirmed else "dispute", figure, by=by, label=name, comment=comment)
    request_recompute(figure.engagement_id)


@transaction.atomic
def reopen_figure(figure: JudgedFigure, *, standing: Verdict | None, by: User | None, label: str) -> None:
    """Take a verdict back: what is `standing` of the others holds, else the figure waits for one. Twice changes nothing."""
    values = standing.columns if standing else NO_VERDICT
    rows = type(figure).objects.filter(pk=figure.pk).exclude(**values)
    if rows.update(version=models.F("version") + 1, **values):
        audit.record("reopen", figure, by=by, label=label)
        request_recompute(figure.engagement_id)


def without_verdict(figure: JudgedFigure) -> None:
    """Set a figure back to waiting, without saving it."""
    for field, value in NO_VERDICT.items():
        setattr(figure, field, value)
