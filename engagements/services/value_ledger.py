"""Acts of the value ledger: what was realised, and what was estimated when a phase was left."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.forms import ModelForm

from engagements.metrics.rounding import round_half_up
from engagements.metrics.value_limits import fits
from engagements.models import Engagement, FrozenEstimate, Phase, RealisedValue, ValueCase
from engagements.selectors.value import year_table
from engagements.selectors.value_flow import case_flow
from engagements.services.recomputes import request_recompute
from engagements.services.verdicts import without_verdict
from fde_portal.accounts.models import User
from fde_portal.accounts.records import save_record


@transaction.atomic
def save_realised(form: ModelForm, *, by: User, today: date) -> RealisedValue:
    """Save what a line brought from a valid form; changed figures wait for the customer's verdict again.

    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    realised: RealisedValue = form.instance
    if realised.pk is None:
        realised.recorded_on, realised.recorded_by = today, by
    elif form.has_changed():
        without_verdict(realised)
    saved = save_record(form, by=by)
    request_recompute(saved.engagement_id)
    return saved


@transaction.atomic
def freeze_estimate(engagement: Engagement, *, phase: Phase, on: date) -> FrozenEstimate | None:
    """Keep what the newest case comes to as `phase` is left; None without a case, or where it comes to more than can be kept."""
    case = ValueCase.objects.current().filter(engagement=engagement).first()
    if case is None:
        return None
    flow = case_flow(case)
    if not fits(flow):
        return None
    table = year_table(case)
    lines = [[row.line.name, str(round_half_up(row.total, 2))] for row in (*table.benefits, *table.costs)]
    return FrozenEstimate.objects.create(case=case, phase=phase, frozen_on=on, npv=round_half_up(flow.npv, 2), lines=lines)
