"""What ends a manager's judgement of health without anybody: its last day, or worse news."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models

from engagements.metrics.overrides import override_end
from engagements.models import Engagement, HealthOverride, HealthSnapshot


def end_standing(engagement: Engagement, *, on: date, because: str) -> None:
    _end(HealthOverride.objects.filter(engagement=engagement), on=on, because=because)


def end_overrides(engagement: Engagement, *, now: datetime) -> None:
    """End the standing judgement whose days are over, or that the computed band got worse than. Twice changes nothing."""
    standing = HealthOverride.objects.filter(engagement=engagement, ended_on=None).first()
    if standing is None:
        return
    since = HealthSnapshot.objects.filter(engagement=engagement, day__gte=standing.set_on).order_by("day")
    end = override_end(
        until=standing.until,
        computed=standing.computed_band,
        closings=list(since.values_list("day", "band")),
        today=now.astimezone(engagement.zone).date(),
    )
    if end:
        # A judgement that replaced it meanwhile has days of its own.
        _end(HealthOverride.objects.filter(pk=standing.pk), on=end[0], because=end[1])


def _end(rows: models.QuerySet[HealthOverride], *, on: date, because: str) -> None:
    rows.filter(ended_on=None).update(ended_on=on, ended_because=because)
