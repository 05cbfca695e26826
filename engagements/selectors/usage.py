"""What was delivered as usage: the rows that count, and what the pages about data show."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, Min, Q, QuerySet
from pyroaring import BitMap

from engagements.intake.rows import RowReader
from engagements.metrics.periods import local_day
from engagements.metrics.rhythm import Silence
from engagements.models import ClosedPeriod, Engagement, TargetPopulation, UsageBatch, UsageChunk, UsageSource
from engagements.selectors.feed_watch import rhythms_of, silence_sentence
from engagements.selectors.usage_facts import Delivery, Feed
from fde_portal.accounts.models import User


class Counted(NamedTuple):
    """What counts of one local day, feature and release: who was active, and the sums of counted people."""

    day: date
    feature: str
    release: str
    actors: BitMap
    sums: tuple[int, ...]  # in the order of SUMS


SUMS = ("events", "seconds_saved", "accepted", "edited", "rejected", "failed")

# By hand, because the aggregation stands on a window function over a union: the database groups a
# million rows in a tenth of the time that they take to arrive here.
_COUNTED = """
WITH delivered AS (
    SELECT r.day, r.feature, r.release, r.actor_id, {sums},
           ROW_NUMBER() OVER (PARTITION BY b.source_id, r.actor_id, r.day, r.feature, r.release ORDER BY b.sequence DESC) AS place
    FROM engagements_usagerow r JOIN engagements_usagebatch b ON b.id = r.batch_id AND b.state = 'accepted'
    WHERE r.deliverable_id = %s AND r.day IN ({days})
    UNION ALL
    SELECT r.day, r.feature, r.release, r.actor_id, {sums}, 1
    FROM engagements_usageevent r JOIN engagements_usagebatch b ON b.id = r.batch_id
    WHERE r.deliverable_id = %s AND r.day IN ({days}) AND (b.state = 'accepted' OR EXISTS (
        SELECT 1 FROM engagements_usagerepeat p JOIN engagements_usagebatch o ON o.id = p.batch_id
        WHERE p.event_id = r.id AND o.state = 'accepted'))
), people AS (
    SELECT d.*, COALESCE(behind.ordinal, a.ordinal) AS ordinal, COALESCE(behind.kind, a.kind) = 'person' AS counts
    FROM delivered d JOIN engagements_actor a ON a.id = d.actor_id
    LEFT JOIN engagements_actor behind ON behind.id = a.alias_of_id
    WHERE d.place = 1
)
SELECT day, feature, release, {gathered}(ordinal) FILTER (WHERE counts AND events > 0), {totals}
FROM people GROUP BY day, feature, release
"""
_TOTALS = ", ".join(f"COALESCE(SUM({name}) FILTER (WHERE counts), 0)" for name in SUMS)


def counted(deliverable_id: int, days: Collection[date]) -> Iterator[Counted]:
    """Yield what counts on these local days: of several accepted batches of a source, the highest sequence
    gives the row of a key (day, actor, feature, release), and an event counts once. Different sources add up.

    An alias is the person behind it, in number and in kind. A group of which only staff and robots were
    part is there with nobody in it: the day was measured.
    """
    days = list(days)
    if not days:
        return
    statement = _COUNTED.format(
        sums=", ".join(f"r.{name}" for name in SUMS),
        days=", ".join(["%s"] * len(days)),
        gathered="ARRAY_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT",
        totals=_TOTALS,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [deliverable_id, *days, deliverable_id, *days])
        for day, feature, release, ordinals, *sums in cursor.fetchall():
            yield Counted(_as_day(day), feature, release, _bitmap(ordinals), tuple(map(int, sums)))


def _as_day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _bitmap(ordinals: list[int] | str | None) -> BitMap:
    if not ordinals:
        return BitMap()
    return BitMap(map(int, ordinals.split(",")) if isinstance(ordinals, str) else ordinals)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as the list shows it. `state` is a band: unknown before the first delivery."""

    source: UsageSource
    state: str
    silence: Silence | None = None

    @property
    def silence_sentence(self) -> str:
        return silence_sentence(self.silence)


def sources_of(engagement: Engagement, user: User) -> QuerySet[UsageSource]:
    """Return the engagement's sources that the user sees, archived ones too, with what they delivered."""
    accepted = Q(batches__state=UsageBatch.State.ACCEPTED)
    return (
        UsageSource.objects.visible_to(user)
        .filter(deliverable__engagement=engagement)
        .select_related("deliverable__engagement")
        .annotate(
            first_day=Min("batches__first_day", filter=accepted),
            last_day=Max("batches__last_day", filter=accepted),
            last_received=Max("batches__received_at", filter=accepted),
        )
        .order_by("deliverable__name", "name")
    )


def source_lines(sources: Iterable[UsageSource], *, today: date, now: datetime) -> list[SourceLine]:
    """Judge rows of `sources_of` as of the engagement's local day, feeds by the hour as of `now`."""
    sources = list(sources)
    rhythms = rhythms_of(sources, now)
    silences = {source_id: rhythm.silence(now) for source_id, rhythm in rhythms.items()}
    return [_source_line(source, silences.get(source.pk), today) for source in sources]


def _source_line(source: UsageSource, unusual: Silence | None, today: date) -> SourceLine:
    if source.last_day is None:
        return SourceLine(source, "unknown")
    covered = Delivery(source.first_day, source.last_day, source.last_received)
    stopped = unusual or Feed(source.cadence_days, [covered]).has_stopped(today)
    return SourceLine(source, "watch" if stopped else "on_track", unusual)


def row_reader(source: UsageSource, now: datetime) -> RowReader:
    """Return what reads rows for a source: its zone, its kind, the last day it may bring, the days that are closed."""
    zone = source.deliverable.engagement.zone
    closed = ClosedPeriod.objects.filter(source=source).values_list("until", flat=True).first()
    return RowReader(zone, local_day(now, zone), with_ids=source.kind == UsageSource.Kind.EVENTS, closed_until=closed)


def refused_rows(batch: UsageBatch) -> Iterator[tuple[int | None, str, str]]:
    """Yield row, column and fault of each refused row of a batch that took parts, else of its first hundred faults."""
    refused = UsageChunk.objects.filter(batch=batch, kind=UsageChunk.Kind.REFUSED).order_by("number")
    found = False
    for content in refused.values_list("content", flat=True).iterator(chunk_size=1):
        found = True
        yield from map(tuple, map(json.loads, zlib.decompress(bytes(content)).decode().splitlines()))
    if not found:
        yield from ((error["row"], error["column"], error["message"]) for error in batch.errors)


def batches_of(engagement: Engagement, user: User) -> QuerySet[UsageBatch]:
    """Return the engagement's batches that the user sees, the last received first."""
    batches = UsageBatch.objects.visible_to(user).filter(source__deliverable__engagement=engagement)
    batches = batches.exclude(state=UsageBatch.State.RECEIVING)  # these are seen by who uploads them
    return batches.select_related("source__deliverable", "received_by").order_by("-received_at", "-pk")


def targets_of(engagement: Engagement, user: User) -> QuerySet[TargetPopulation]:
    """Return who is meant to use the engagement's deliverables, as far as the user sees it, archived ones too."""
    targets = TargetPopulation.objects.visible_to(user).filter(deliverable__engagement=engagement)
    return targets.select_related("deliverable", "actor").order_by("deliverable__name", "starts_on", "pk")
