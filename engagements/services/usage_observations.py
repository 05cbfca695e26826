"""Observations that follow from usage: one for each complete week."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from engagements.models import Confidence, Engagement, Observation, OutcomeAgreement
from engagements.selectors.metric import latest_metrics
from engagements.services.outcome_states import State, begin_measuring

LAST_DAY = timedelta(days=6)


@transaction.atomic
def derive_observations(engagement: Engagement, *, today: date) -> int:
    """Write one observation for each complete week of use since an agreement that takes its figures from there.

    Called after the figures are stored. A week that changed later is corrected until it is confirmed; say
    how many were written or changed.
    """
    agreements = OutcomeAgreement.objects.running().filter(engagement=engagement).exclude(usage_figure="")
    if not agreements:
        return 0
    metrics = latest_metrics(engagement)
    weeks = [week for week in metrics.series.get("weeks", ()) if not week["partial"]] if metrics else []
    written = 0
    for agreement in agreements:
        begun = agreement.baseline_on
        mine = [week for week in weeks if begun is None or date.fromisoformat(week["start"]) > begun]
        written += sum(_write_week(agreement, week, today) for week in mine)
        if mine and agreement.state == State.AGREED:
            begin_measuring(agreement, today=today, by=None)
    return written


def _write_week(agreement: OutcomeAgreement, week: dict[str, Any], today: date) -> bool:
    if week["wau"] is None:  # not measured is not zero
        return False
    users, start = Decimal(week["wau"]), date.fromisoformat(week["start"])
    end = start + LAST_DAY
    row = Observation.objects.current().filter(agreement=agreement, period_from=start, period_to=end).first()
    if row is None:
        Observation.objects.create(
            agreement=agreement, period_from=start, period_to=end, numerator=users, origin=Observation.Origin.USAGE,
            confidence=Confidence.OBSERVED, recorded_on=today,
        )
        return True
    can_change = row.origin == Observation.Origin.USAGE and row.state == Observation.State.PROVISIONAL
    if not can_change or row.numerator == users:
        return False
    Observation.objects.filter(pk=row.pk).update(numerator=users, version=models.F("version") + 1)
    return True
