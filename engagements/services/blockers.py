"""Acts on blockers. Each change of state is kept with its local day, each earlier text with its hour."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models, transaction
from django.forms import ModelForm

from engagements.models import Blocker, BlockerChange, BlockerRevision
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import save_record

State = Blocker.State
VERBS = {State.OPEN: "reopen", State.ESCALATED: "escalate", State.CLEARED: "clear"}


@transaction.atomic
def save_blocker(form: ModelForm, *, by: User, today: date, now: datetime) -> Blocker:
    """Save a blocker from a valid form; a new one is open since `today`, the engagement's local day.

    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    is_new = form.instance.pk is None
    if is_new:
        form.instance.opened_on = today
        form.instance.owner = form.instance.owner or by
    blocker = save_record(form, by=by)
    if is_new:
        BlockerChange.objects.create(blocker=blocker, changed_on=today, state=State.OPEN, changed_by=by)
    elif "text" in form.changed_data:
        BlockerRevision.objects.create(blocker=blocker, text=form.initial["text"], replaced_at=now, replaced_by=by)
    request_recompute(blocker.engagement_id)
    return blocker


@transaction.atomic
def move_blocker(blocker: Blocker, *, to: State, today: date, by: User) -> bool:
    """Escalate, clear or open a blocker again as of `today`, the engagement's local day. Twice changes nothing."""
    cleared_on = today if to == State.CLEARED else None
    # The row is only taken from another state, so that two clicks leave one entry.
    rows = Blocker.objects.filter(pk=blocker.pk).exclude(state=to)
    if not rows.update(state=to, cleared_on=cleared_on, version=models.F("version") + 1):
        return False
    blocker.state, blocker.cleared_on = to, cleared_on
    BlockerChange.objects.create(blocker=blocker, changed_on=today, state=to, changed_by=by)
    audit.record(VERBS[to], blocker, by=by, on=today.isoformat())
    request_recompute(blocker.engagement_id)
    return True
