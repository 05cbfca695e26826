"""Acts on milestones. Every change of a forecast or of the day reached is kept with its date."""

from __future__ import annotations

from datetime import date

from django.db import models, transaction
from django.forms import ModelForm

from engagements.models import ForecastChange, Milestone, Rebaseline
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import Conflict, save_record

DATES = frozenset({"forecast_on", "actual_on"})


@transaction.atomic
def save_milestone(form: ModelForm, *, by: User, today: date) -> Milestone:
    """Save a milestone from a valid form. Its first dates, and each later change of them, are kept as of `today`.

    `today` is the engagement's local day. Raises Conflict (accounts.records) when somebody else saved in between.
    """
    is_new = form.instance.pk is None
    milestone = save_record(form, by=by)
    if is_new or DATES & set(form.changed_data):
        _keep_dates(milestone, today, by=by)
    request_recompute(milestone.engagement_id)
    return milestone


@transaction.atomic
def rebaseline(milestone: Milestone, *, new_on: date, reason: str, today: date, by: User) -> Rebaseline:
    """Promise a milestone anew from `today` (the engagement's local day). The old promise and the reason are kept.

    Raises Conflict (accounts.records) when somebody else did so in between.
    """
    old_on = milestone.baseline_on
    rows = Milestone.objects.filter(pk=milestone.pk, baseline_on=old_on)
    if not rows.update(baseline_on=new_on, version=models.F("version") + 1):
        raise Conflict
    milestone.baseline_on = new_on
    promise = Rebaseline.objects.create(
        milestone=milestone, changed_on=today, old_on=old_on, new_on=new_on, reason=reason, changed_by=by
    )
    audit.record("rebaseline", milestone, by=by, old=old_on.isoformat(), new=new_on.isoformat())
    request_recompute(milestone.engagement_id)
    return promise
def plan_milestone(milestone: Milestone, *, today: date, by: User) -> None:
    """Save a new milestone that has a title and a promised date, as a playbook plans it."""
    milestone.save()
    _keep_dates(milestone, today, by=by)
    audit.record("create", milestone, by=by)
    request_recompute(milestone.engagement_id)


@transaction.atomic
def mark_reached(milestone: Milestone, *, today: date, by: User) -> None:
    """Say that a milestone is reached today (the engagement's local day). Twice changes nothing."""
    _set_actual(milestone, today, today=today, by=by)


@transaction.atomic
def mark_open(milestone: Milestone, *, today: date, by: User) -> None:
    """Take back that a milestone is reached. Twice changes nothing."""
    _set_actual(milestone, None, today=today, by=by)


def _set_actual(milestone: Milestone, actual_on: date | None, *, today: date, by: User) -> None:
    # The row is only taken from the other state, so that two clicks leave one entry.
    rows = Milestone.objects.filter(pk=milestone.pk, actual_on__isnull=actual_on is not None)
    if not rows.update(actual_on=actual_on, version=models.F("version") + 1):
        return
    milestone.actual_on = actual_on
    _keep_dates(milestone, today, by=by)
    audit.record("reach" if actual_on else "reopen", milestone, by=by, on=today.isoformat())
    request_recompute(milestone.engagement_id)


def _keep_dates(milestone: Milestone, today: date, *, by: User) -> None:
    ForecastChange.objects.create(
        milestone=milestone,
        changed_on=today,
        forecast_on=milestone.forecast_on,
        actual_on=milestone.actual_on,
        changed_by=by,
    )
