"""What ends a manager's judgement of health without anybody: its last day, or worse news."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models

from engagements.metrics.overrides import override_end, severity
from engagements.models import Engagement, HealthModelVersion, HealthOverride, HealthSnapshot


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
        computed=computed_then(standing, since.first()),
        closings=list(since.values_list("day", "band")),
        today=now.astimezone(engagement.zone).date(),
    )
    if end:
        # A judgement that replaced it meanwhile has days of its own.
        _end(HealthOverride.objects.filter(pk=standing.pk), on=end[0], because=end[1])


def computed_then(standing: HealthOverride, closing: HealthSnapshot | None) -> str:
    """The band beside which it was set: as the numbers in force judge that day now, where they were changed since.

    `closing` is the first day from then on. Numbers that judge more strictly are no worse news from the customer.
    """
    if closing is None or closing.day != standing.set_on:
        return standing.computed_band
    known_then = HealthModelVersion.objects.filter(created_at__lte=standing.created_at).order_by("-number").first()
    is_judged_anew = closing.settings_version > (known_then.number if known_then else 1)
    return max(standing.computed_band, closing.band, key=severity) if is_judged_anew else standing.computed_band


def _end(rows: models.QuerySet[HealthOverride], *, on: date, because: str) -> None:
    rows.filter(ended_on=None).update(ended_on=on, ended_because=because)
