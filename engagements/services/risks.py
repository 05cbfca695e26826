"""Acts on risks. How a risk was judged is kept by day, because health looks back."""

from __future__ import annotations

from datetime import date

from django.db import models, transaction
from django.forms import ModelForm

from engagements.models import Risk, RiskAssessment
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import save_record

JUDGED = frozenset({"likelihood", "impact", "review_on"})


@transaction.atomic
def save_risk(form: ModelForm, *, by: User, today: date) -> Risk:
    """Save a risk from a valid form. How it is judged counts from `today`, the engagement's local day.

    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    is_new = form.instance.pk is None
    if is_new:
        form.instance.owner = form.instance.owner or by
    risk = save_record(form, by=by)
    if is_new or JUDGED & set(form.changed_data):
        _keep_assessment(risk, today, by=by)
    request_recompute(risk.engagement_id)
    return risk


@transaction.atomic
def set_risk_state(risk: Risk, *, state: Risk.State, today: date, by: User) -> bool:
    """Close a risk or open it again as of `today`, the engagement's local day. Twice changes nothing."""
    rows = Risk.objects.filter(pk=risk.pk).exclude(state=state)
    if not rows.update(state=state, version=models.F("version") + 1):
        return False
    risk.state = state
    _keep_assessment(risk, today, by=by)
    audit.record("close" if state == Risk.State.CLOSED else "reopen", risk, by=by, on=today.isoformat())
    request_recompute(risk.engagement_id)
    return True


def _keep_assessment(risk: Risk, today: date, *, by: User) -> None:
    RiskAssessment.objects.create(
        risk=risk,
        assessed_on=today,
        likelihood=risk.likelihood,
        impact=risk.impact,
        review_on=risk.review_on,
        state=risk.state,
        assessed_by=by,
    )
