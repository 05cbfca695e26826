"""Confirming and disputing a figure: by somebody other than its author, kept with a name and a day."""

from __future__ import annotations

from datetime import date

from django.db import models, transaction

from engagements.models.judged_figure import JudgedFigure
from engagements.services.outcome_states import Refused
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User

State = JudgedFigure.State


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
def reopen_figure(figure: JudgedFigure, *, by: User | None, name: str) -> None:
    """Take a verdict back: the figure waits for one again. Twice changes nothing."""
    without_verdict(figure)
    values = {field: getattr(figure, field) for field in ("state", "comment", "decided_on", "decided_by")}
    rows = type(figure).objects.filter(pk=figure.pk).exclude(state=State.PROVISIONAL)
    if rows.update(version=models.F("version") + 1, **values):
        audit.record("reopen", figure, by=by, label=name)
        request_recompute(figure.engagement_id)


def without_verdict(figure: JudgedFigure) -> None:
    """Set a figure back to waiting, without saving it."""
    figure.state, figure.comment, figure.decided_on, figure.decided_by = State.PROVISIONAL, "", None, ""
