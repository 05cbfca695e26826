"""Computes health for each closing day and stores it; the band is replayed over all stored days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Q

from engagements.metrics.bands import Bands, ClosingScore, replay_bands
from engagements.metrics.definitions import DEFINITION_VERSION, Family
from engagements.metrics.health import ComponentScore, Contribution, assess, contributions
from engagements.metrics.health_facts import Reason
from engagements.metrics.periods import days_between
from engagements.metrics.rounding import round_half_up
from engagements.models import Engagement, HealthSnapshot, Recompute
from engagements.selectors.health_facts import HealthHistory, read_history
from engagements.services.snapshots import store_snapshots

MODEL_VERSION = DEFINITION_VERSION[Family.HEALTH]
LONGEST_GAP = timedelta(days=120)
STORED = ("model_version", "score", "band", "coverage", "components", "reasons")


def refresh_health(engagement: Engagement, *, now: datetime, watermark: int, since: date | None = None) -> None:
    """Store the health of the local today and of each day missed since the newest one, at most 120.

    The newest stored day is computed again, because it was stored before its close; so are stored days
    from `since` on. Every day is judged by what was known at its own close.
    """
    history = read_history(engagement, now=now)
    _store(history, sorted(_missed_days(history) | _stored_days(history, since)), now, watermark)


def _missed_days(history: HealthHistory) -> set[date]:
    """Return the newest stored day and all after it, up to today."""
    stored = HealthSnapshot.objects.filter(engagement=history.engagement, day__lte=history.today)
    newest = stored.values_list("day", flat=True).first() or history.today
    return set(days_between(max(newest, history.today - LONGEST_GAP), history.today))


def _stored_days(history: HealthHistory, since: date | None) -> set[date]:
    """Late data changes closed days, and a new model changes them all."""
    stored = HealthSnapshot.objects.filter(engagement=history.engagement, day__lte=history.today)
    changed = ~Q(model_version=MODEL_VERSION) if since is None else ~Q(model_version=MODEL_VERSION) | Q(day__gte=since)
    return set(stored.filter(changed).values_list("day", flat=True))


def backfill_health(engagement: Engagement, days: int, *, now: datetime) -> None:
    """Store the health of the last `days` closing days, the local today included."""
    history = read_history(engagement, now=now)
    watermark = Recompute.objects.filter(engagement=engagement).values_list("have", flat=True).first() or 0
    first = history.today - timedelta(days=days - 1)
    _store(history, list(days_between(first, history.today)), now, watermark)


def _store(history: HealthHistory, days: Iterable[date], now: datetime, watermark: int) -> None:
    rows = [_snapshot(history, day) for day in days]
    for row in rows:
        row.watermark, row.computed_at = watermark, now
    _replay(history, rows)
    store_snapshots(rows, STORED)


def _snapshot(history: HealthHistory, day: date) -> HealthSnapshot:
    health = assess(history.facts(day), day)
    points = {part.key: part for part in contributions(health.components)}
    return HealthSnapshot(
        engagement=history.engagement,
        day=day,
        model_version=MODEL_VERSION,
        score=_one_place(health.closing_score),
        coverage=round_half_up(health.coverage, 3),
        components=[_component(part, points.get(part.key)) for part in health.components],
        reasons=[_reason(rule) for rule in health.hard_rules],
    )


def _one_place(score: Decimal | None) -> Decimal | None:
    # Cut, not rounded: the whole number people see is rounded from this, and twice would be once too often.
    return None if score is None else score.quantize(Decimal("0.1"), rounding=ROUND_DOWN)


def _component(part: ComponentScore, points: Contribution | None) -> dict[str, Any]:
    return {
        "key": part.key,
        "weight": _number(part.weight),
        "full_weight": part.full_weight,
        "score": _number(part.score),
        "contribution": _number(points.points if points else None),
        "age_days": part.age_days,
        "reason": _reason(part.reason),
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(round_half_up(value, 1))


def _reason(reason: Reason) -> list[Any]:
    return [reason.code, {name: _plain(value) for name, value in reason.params.items()}]


def _plain(value: object) -> object:
    """Return a parameter as JSON holds it: days in ISO form, decimals as numbers."""
    if isinstance(value, date):
        return value.isoformat()
    return _number(value) if isinstance(value, Decimal) else value


def _replay(history: HealthHistory, rows: list[HealthSnapshot]) -> None:
    """Set the band of each row by replaying all closing days, stored and new, oldest first."""
    stored = HealthSnapshot.objects.filter(engagement=history.engagement).values_list("day", "score", "reasons")
    closings = {day: ClosingScore(day, score, bool(reasons)) for day, score, reasons in stored}
    closings |= {row.day: ClosingScore(row.day, row.score, bool(row.reasons)) for row in rows}
    days = sorted(closings)
    limits = Bands(on_track=history.organization.on_track_from, watch=history.organization.watch_from)
    bands = dict(zip(days, replay_bands((closings[day] for day in days), limits), strict=True))
    for row in rows:
        row.band = bands[row.day]
