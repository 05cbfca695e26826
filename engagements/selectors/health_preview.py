"""What other numbers would make of the stored days: the same replay that saving them brings about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import OuterRef, Subquery

from engagements.metrics.bands import Bands, ClosingScore, Memory, memory_of, replay_from, rounded
from engagements.metrics.health import assess
from engagements.metrics.health_inputs import facts_from_json
from engagements.metrics.health_model import HealthModel
from engagements.metrics.periods import local_day
from engagements.models import Engagement, HealthModelVersion, HealthSnapshot
from fde_portal.accounts.models import OrganizationSettings, User

# As long as the trend people see. What is older keeps the numbers of its time.
JUDGED_AGAIN = timedelta(weeks=12)
COLUMNS = ("engagement_id", "day", "score", "band", "facts")


@dataclass(frozen=True, slots=True)
class Moved:
    """An engagement whose band would change, with scores as people see them (0 to 100, None while not judged)."""

    engagement: Engagement
    before: str
    after: str
    score_before: int | None
    score_after: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """`moved` of `total` live engagements that were judged so far."""

    moved: list[Moved]
    total: int


def preview(model: HealthModel, *, user: User, now: datetime) -> Preview:
    """Judge the last twelve weeks of the live engagements that `user` sees by `model`. Four statements, nothing is written."""
    rows = Engagement.objects.visible_to(user).live().filter(archived_at=None).select_related("customer")
    engagements = {row.pk: row for row in rows.order_by("customer__name", "name")}
    memories, found = memories_before(engagements.values(), now), {}
    since = now.date() - JUDGED_AGAIN - timedelta(days=1)
    stored = HealthSnapshot.objects.filter(engagement__in=engagements, day__gt=since)
    for pk, days in groupby(stored.order_by("engagement_id", "day").values_list(*COLUMNS).iterator(), key=itemgetter(0)):
        found[pk] = _replayed(engagements[pk], list(days), memories.get(pk, Memory()), model, now)
    moved = [found[pk] for pk in engagements if pk in found and found[pk].before != found[pk].after]
    return Preview(moved, len(found))


def _replayed(engagement: Engagement, days: list[tuple[Any, ...]], memory: Memory, model: HealthModel, now: datetime) -> Moved:
    first = again_from(engagement, now)
    closings = list(_closings((row for row in days if row[1] >= first), model))
    band = [memory.band, *replay_from(memory, ((closing, model.bands) for closing in closings))][-1]
    __, __, score, before, __ = days[-1]
    after = closings[-1].score if closings else score
    return Moved(engagement, before, str(band), _shown(score), _shown(after))


def _shown(score: Any) -> int | None:
    return None if score is None else rounded(score)


def _closings(days: Iterable[tuple[Any, ...]], model: HealthModel) -> Iterator[ClosingScore]:
    """Judge each day again. Facts rarely change from one day to the next, and reading them is what takes long."""
    raw, facts = None, None
    for __, day, __, __, data in days:
        if data != raw:
            raw, facts = data, facts_from_json(data)
        health = assess(facts, day, model)
        yield ClosingScore(day, health.stored_score, bool(health.hard_rules))


def again_from(engagement: Engagement, now: datetime) -> date:
    """The first local day that a new version judges again."""
    return local_day(now, engagement.zone) - JUDGED_AGAIN + timedelta(days=1)


def memories_before(engagements: Iterable[Engagement], now: datetime) -> dict[int, Memory]:
    """What the newest day that is not judged again leaves to the first that is, by engagement."""
    limits = {number: version.model.bands for number, version in HealthModelVersion.known(OrganizationSettings.current()).items()}
    cuts = {engagement.pk: again_from(engagement, now) for engagement in engagements}
    # Days differ by one around the world: two candidates for each, the later one that is early enough counts.
    rows: dict[int, HealthSnapshot] = {}
    for row in _newest_before({min(cuts.values()), max(cuts.values())} if cuts else set(), cuts):
        if row.day < cuts[row.engagement_id] and (row.engagement_id not in rows or rows[row.engagement_id].day < row.day):
            rows[row.engagement_id] = row
    return {pk: _memory(row, limits) for pk, row in rows.items()}


def _newest_before(days: set[date], engagements: Iterable[int]) -> Iterator[HealthSnapshot]:
    for day in days:
        earlier = HealthSnapshot.objects.filter(engagement=OuterRef("pk"), day__lt=day).order_by("-day")
        ids = Engagement.objects.filter(pk__in=list(engagements)).order_by().annotate(last=Subquery(earlier.values("pk")[:1])).values("last")
        yield from HealthSnapshot.objects.filter(pk__in=ids).defer("components", "facts")


def _memory(row: HealthSnapshot, limits: dict[int, Bands]) -> Memory:
    return memory_of(row.band, ClosingScore(row.day, row.score, bool(row.reasons)), limits[row.settings_version])
