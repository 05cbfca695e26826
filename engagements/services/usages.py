"""Receiving usage: batches taken whole or not at all, recognised when sent again, rolled back by state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from engagements.intake.rows import UsageLine
from engagements.models import UsageBatch, UsageRow, UsageSource
from engagements.services.activity import mark_days
from engagements.services.actors import hashes_of, number_actors
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User

Key = tuple[str, date, str, str]


class BatchKeyReused(Exception):
    """The key was used before, for other content. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a delivery. `row_count` counts the rows sent; the days are local, both included."""

    batch: UsageBatch
    replayed: bool

    @property
    def row_count(self) -> int:
        return self.batch.row_count

    @property
    def first_day(self) -> date:
        return self.batch.first_day

    @property
    def last_day(self) -> date:
        return self.batch.last_day


def receive_usage_batch(
    *,
    source: UsageSource,
    rows: Sequence[UsageLine],
    key: str,
    content_hash: str,
    by: User | None,
    now: datetime,
    label: str = "",
) -> Receipt:
    """Store one delivery of at least one valid row, and have the figures computed again.

    The same key with the same content gets the first answer again and changes nothing, also after a
    roll-back. `by` is None for a token, which `label` then names. Raises BatchKeyReused.
    """
    known = _replay(source, key, content_hash)
    if known:
        return known
    hashes = hashes_of(source.deliverable.engagement.customer_id, (line.actor for line in rows))
    batch = _batch(source, rows, key=key, content_hash=content_hash, received_by=by, received_at=now)
    try:
        _store(batch, summed(rows), hashes, by=by, label=label)
    except IntegrityError:
        # The same key arrived twice at once: the unique constraint let one of them pass.
        known = _replay(source, key, content_hash)
        if not known:
            raise
        return known
    return Receipt(batch, replayed=False)


def _replay(source: UsageSource, key: str, content_hash: str) -> Receipt | None:
    batch = UsageBatch.objects.filter(source=source, key=key).first()
    if batch is None:
        return None
    if batch.content_hash != content_hash:
        raise BatchKeyReused(key)
    return Receipt(batch, replayed=True)


def _batch(source: UsageSource, rows: Sequence[UsageLine], **fields: object) -> UsageBatch:
    days = [line.day for line in rows]
    return UsageBatch(source=source, row_count=len(rows), first_day=min(days), last_day=max(days), **fields)


def summed(rows: Iterable[UsageLine]) -> dict[Key, Sequence[int]]:
    """Return the numbers by actor, day, feature and release; rows of the same key are added up."""
    totals: dict[Key, Sequence[int]] = {}
    for line in rows:
        key, numbers = line[:4], line[4:]
        known = totals.get(key)
        totals[key] = [a + b for a, b in zip(known, numbers, strict=True)] if known else numbers
    return totals


@transaction.atomic
def _store(batch: UsageBatch, totals: dict[Key, Sequence[int]], hashes: dict[str, str], *, by: User | None, label: str) -> None:
    source = batch.source
    engagement = source.deliverable.engagement
    batch.sequence = _next_sequence(source)
    batch.save()
    actors = number_actors(engagement.customer_id, hashes, keep_names=source.keeps_names)
    UsageRow.objects.bulk_create(_usage_rows(batch, totals, actors))
    mark_days(source.deliverable_id, (day for __, day, *__ in totals))
    request_recompute(engagement.pk)
    _record("receive", batch, by=by, label=label)


def _next_sequence(source: UsageSource) -> int:
    row = UsageSource.objects.filter(pk=source.pk)
    row.update(last_sequence=F("last_sequence") + 1)
    return row.values_list("last_sequence", flat=True).get()


def _usage_rows(batch: UsageBatch, totals: dict[Key, Sequence[int]], actors: dict[str, int]) -> list[UsageRow]:
    deliverable_id = batch.source.deliverable_id
    # By position, in the order of the model's fields: naming thirteen of them doubles the time.
    return [
        UsageRow(None, batch.pk, deliverable_id, day, actors[actor], feature, release, *numbers)
        for (actor, day, feature, release), numbers in totals.items()
    ]


def roll_back_batch(*, batch: UsageBatch, by: User) -> None:
    """Take a batch out of all figures. Its rows stay; what it had restated counts again. Twice changes nothing."""
    _change_state(batch, UsageBatch.State.ROLLED_BACK, "roll_back", by=by)


def take_back_in(*, batch: UsageBatch, by: User) -> None:
    """Undo a roll-back: the batch counts again, in its old place of the order. Twice changes nothing."""
    _change_state(batch, UsageBatch.State.ACCEPTED, "take_back_in", by=by)


@transaction.atomic
def _change_state(batch: UsageBatch, state: UsageBatch.State, verb: str, *, by: User) -> None:
    if not UsageBatch.objects.filter(pk=batch.pk).exclude(state=state).update(state=state):
        return
    batch.state = state
    mark_days(batch.source.deliverable_id, _days_of(batch))
    request_recompute(batch.source.deliverable.engagement_id)
    _record(verb, batch, by=by)


def _days_of(batch: UsageBatch) -> QuerySet:
    return UsageRow.objects.filter(batch=batch).values_list("day", flat=True).distinct()


def _record(verb: str, batch: UsageBatch, *, by: User | None, label: str = "") -> None:
    engagement = batch.source.deliverable.engagement
    audit.record(
        verb,
        batch,
        by=by,
        label=label,
        customer_id=engagement.customer_id,
        engagement_id=engagement.pk,
        rows=batch.row_count,
        first_day=batch.first_day.isoformat(),
        last_day=batch.last_day.isoformat(),
    )
