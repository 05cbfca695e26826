"""Computes health for each closing day and stores it; the band is replayed over the days before.

Each day keeps the facts and the version of the weights it was judged by. A new version judges the last twelve
weeks again, from the facts stored then; older days stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from engagements.metrics.bands import ClosingScore, Memory, band_of, replay_from
from engagements.metrics.definitions import DEFINITION_VERSION, Family
from engagements.metrics.health import ComponentScore, Contribution, assess, contributions
from engagements.metrics.health_facts import HealthFacts, Reason
from engagements.metrics.health_inputs import facts_from_json, facts_to_json
from engagements.metrics.periods import days_between
from engagements.metrics.rounding import round_half_up
from engagements.models import Engagement, HealthModelVersion, HealthSnapshot, Recompute
from engagements.selectors.attention_signs import SignsHistory
from engagements.selectors.health_facts import HealthHistory, read_history
from engagements.selectors.health_preview import JUDGED_AGAIN
from engagements.selectors.usage_facts import DeliverableUsage
from engagements.services.snapshots import missed_days, store_snapshots

MODEL_VERSION = DEFINITION_VERSION[Family.HEALTH]
Versions = dict[int, HealthModelVersion]
STORED = ("model_version", "score", "band", "coverage", "components", "reasons", "facts", "settings_version")


def refresh_health(
    engagement: Engagement,
    *,
    now: datetime,
    watermark: int,
    since: date | None = None,
    usage: list[DeliverableUsage] | None = None,
    signs: SignsHistory | None = None,
    keep: Callable[[], object] = lambda: None,
) -> None:
    """Store the health of the local today and of each day missed since the newest one, at most 120.

    The newest stored day is computed again, because it was stored before its close; so are stored days
    from `since` on. Every day is judged by what was known at its own close. `usage` and `signs` are what was read
    already; `keep` is called after each day.
    """
    history = read_history(engagement, now=now, usage=usage, signs=signs)
    versions = HealthModelVersion.known(history.organization)
    version, rows = newest(versions), []
    days = {*missed_days(HealthSnapshot.objects.filter(engagement=engagement), history.today), *_stored_days(history, since)}
    for day in days:
        rows.append(_snapshot(history, day, version))
        keep()
    rows += [_judged(row, facts_from_json(row.facts), version) for row in _of_other_versions(history, version) if row.day not in days]
    _store(engagement, rows, versions, now, watermark)


def _stored_days(history: HealthHistory, since: date | None) -> set[date]:
    """Late data changes closed days, and a new definition changes them all."""
    stored = HealthSnapshot.objects.filter(engagement=history.engagement, day__lte=history.today)
    changed = ~Q(model_version=MODEL_VERSION) if since is None else ~Q(model_version=MODEL_VERSION) | Q(day__gte=since)
    return set(stored.filter(changed).values_list("day", flat=True))


def _of_other_versions(history: HealthHistory, version: HealthModelVersion) -> list[HealthSnapshot]:
    """The days of the last twelve weeks that were judged by other numbers: the preview replays the same ones."""
    days = history.today - JUDGED_AGAIN + timedelta(days=1), history.today
    stored = HealthSnapshot.objects.filter(engagement=history.engagement, day__range=days)
    return list(stored.exclude(settings_version=version.number))


def backfill_health(engagement: Engagement, days: int, *, now: datetime) -> None:
    """Store the health of the last `days` closing days, the local today included."""
    history = read_history(engagement, now=now)
    versions = HealthModelVersion.known(history.organization)
    watermark = Recompute.objects.filter(engagement=engagement).values_list("have", flat=True).first() or 0
    first = history.today - timedelta(days=days - 1)
    rows = [_snapshot(history, day, newest(versions)) for day in days_between(first, history.today)]
    _store(engagement, rows, versions, now, watermark)


def newest(versions: Versions) -> HealthModelVersion:
    return versions[max(versions)]


def _store(engagement: Engagement, rows: list[HealthSnapshot], versions: Versions, now: datetime, watermark: int) -> None:
    for row in rows:
        row.watermark, row.computed_at = watermark, now
    _replay(engagement, rows, versions)
    store_snapshots(rows, STORED)


def _snapshot(history: HealthHistory, day: date, version: HealthModelVersion) -> HealthSnapshot:
    facts = history.facts(day)
    row = HealthSnapshot(engagement=history.engagement, day=day, model_version=MODEL_VERSION, facts=facts_to_json(facts))
    return _judged(row, facts, version)


def _judged(row: HealthSnapshot, facts: HealthFacts, version: HealthModelVersion) -> HealthSnapshot:
    """Write what `version` says of these facts into the row; its band follows from the days before."""
    health = assess(facts, row.day, version.model)
    points = {part.key: part for part in contributions(health.components)}
    row.score, row.coverage = health.stored_score, round_half_up(health.coverage, 3)
    row.components = [_component(part, points.get(part.key), version) for part in health.components]
    row.reasons = [_reason(rule) for rule in health.hard_rules]
    row.settings_version = version.number
    return row


def _component(part: ComponentScore, points: Contribution | None, version: HealthModelVersion) -> dict[str, Any]:
    return {
        "key": part.key,
        "band": band_of(part.score, version.model.bands),
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


def _replay(engagement: Engagement, rows: list[HealthSnapshot], versions: Versions) -> None:
    """Set the band of each row by replaying all closing days, stored and new, oldest first.

    Each day is judged by the bands of its own version, so that a new one does not move what is older.
    """
    stored = HealthSnapshot.objects.filter(engagement=engagement).only("day", "score", "reasons", "settings_version")
    by_day = {row.day: row for row in [*stored, *rows]}
    days = sorted(by_day)
    closings = [(closing_of(by_day[day]), versions[by_day[day].settings_version].model.bands) for day in days]
    bands = dict(zip(days, replay_from(Memory(), closings), strict=True))
    for row in rows:
        row.band = bands[row.day]


def closing_of(row: HealthSnapshot) -> ClosingScore:
    return ClosingScore(row.day, row.score, bool(row.reasons))
