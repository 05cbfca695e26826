"""Receiving usage: batches taken whole or not at all, recognised when sent again, rolled back by state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from engagements.intake.rows import UsageLine
from engagements.models import ClosedPeriod, UsageBatch, UsageEvent, UsageRow, UsageSource
from engagements.services.activity import mark_days
from engagements.services.actors import hashes_of, number_actors
from engagements.services.recomputes import request_recompute
from engagements.services.usage_storing import store_events, store_totals, summed
from fde_portal.accounts import audit
from fde_portal.accounts.models import User


class BatchKeyReused(Exception):
    """The key was used before, for other content. Nothing was stored."""


class PeriodClosed(Exception):
    """The batch holds days of a closed period. Nothing changed."""

    def __init__(self, until: date) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a delivery. `row_count` counts the rows sent; the days are local, both included.

    The days are None until a large delivery is loaded, and when it was refused.
    """

    batch: UsageBatch
    replayed: bool

    @property
    def row_count(self) -> int:
        return self.batch.row_count

    @property
    def first_day(self) -> date | None:
        return self.batch.first_day

    @property
    def last_day(self) -> date | None:
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
    known = replay(source, key, content_hash)
    if known:
        return known
    hashes = hashes_of(source.deliverable.engagement.customer_id, (line.actor for line in rows))
    batch = _batch(source, rows, key=key, content_hash=content_hash, received_by=by, received_at=now)
    try:
        _store(batch, rows, hashes, by=by, label=label)
    except IntegrityError:
        # The same key arrived twice at once: the unique constraint let one of them pass.
        known = replay(source, key, content_hash)
        if not known:
            raise
        return known
    return Receipt(batch, replayed=False)


def replay(source: UsageSource, key: str, content_hash: str) -> Receipt | None:
    """Return the first answer under a key, None when the key is new. Raises BatchKeyReused."""
    batch = UsageBatch.objects.filter(source=source, key=key).first()
    if batch is None:
        return None
    if batch.content_hash != content_hash:
        raise BatchKeyReused(key)
    return Receipt(batch, replayed=True)


def _batch(source: UsageSource, rows: Sequence[UsageLine], **fields: object) -> UsageBatch:
    days = [line.day for line in rows]
    return UsageBatch(source=source, row_count=len(rows), first_day=min(days), last_day=max(days), **fields)


@transaction.atomic
def _store(batch: UsageBatch, rows: Sequence[UsageLine], hashes: dict[str, str], *, by: User | None, label: str) -> None:
    source = batch.source
    batch.sequence = next_sequence(source)
    batch.save()
    actors = number_actors(source.deliverable.engagement.customer_id, hashes, keep_names=source.keeps_names)
    batch.repeated_count = store_rows(batch, rows, actors)
    if batch.repeated_count:
        batch.save(update_fields=["repeated_count"])
    have_counted(batch, {line.day for line in rows} if not batch.repeated_count else days_of(batch))
    record_batch("receive", batch, by=by, label=label)


def next_sequence(source: UsageSource) -> int:
    """Return the next number within the source. One UPDATE, so that nobody else gets the same."""
    row = UsageSource.objects.filter(pk=source.pk)
    row.update(last_sequence=F("last_sequence") + 1)
    return row.values_list("last_sequence", flat=True).get()


def store_rows(batch: UsageBatch, rows: Sequence[UsageLine], actors: dict[str, int]) -> int:
    """Write rows as the kind of the source wants it; return how many events were known before. In a transaction."""
    if batch.source.kind == UsageSource.Kind.EVENTS:
        return store_events(batch, rows, actors)
    store_totals(batch, summed(rows), actors)
    return 0


def have_counted(batch: UsageBatch, days: Iterable[date]) -> None:
    """Have these days and all that follows from them computed again. In the transaction of the change."""
    mark_days(batch.source.deliverable_id, days)
    request_recompute(batch.source.deliverable.engagement_id)


def roll_back_batch(*, batch: UsageBatch, by: User) -> None:
    """Take a batch out of all figures. Its rows stay; what it had restated counts again. Twice changes nothing.

    Raises PeriodClosed.
    """
    _change_state(batch, UsageBatch.State.ACCEPTED, UsageBatch.State.ROLLED_BACK, "roll_back", by=by)


def take_back_in(*, batch: UsageBatch, by: User) -> None:
    """Undo a roll-back: the batch counts again, in its old place of the order. Twice changes nothing.

    Raises PeriodClosed.
    """
    _change_state(batch, UsageBatch.State.ROLLED_BACK, UsageBatch.State.ACCEPTED, "take_back_in", by=by)


@transaction.atomic
def _change_state(
    batch: UsageBatch, before: UsageBatch.State, state: UsageBatch.State, verb: str, *, by: User
) -> None:
    closed = ClosedPeriod.objects.filter(source=batch.source_id, until__gte=batch.first_day).first()
    if closed:
        raise PeriodClosed(closed.until)
    if not UsageBatch.objects.filter(pk=batch.pk, state=before).update(state=state):
        return
    batch.state = state
    have_counted(batch, days_of(batch))
    record_batch(verb, batch, by=by)


def days_of(batch: UsageBatch) -> set[date]:
    """Return the local days that depend on a batch."""
    if batch.source.kind == UsageSource.Kind.DAILY:
        rows = [UsageRow.objects.filter(batch=batch)]
    else:
        rows = [UsageEvent.objects.filter(batch=batch), UsageEvent.objects.filter(repeats__batch=batch)]
    return {day for found in rows for day in found.values_list("day", flat=True).distinct()}


def record_batch(verb: str, batch: UsageBatch, *, by: User | None, label: str = "") -> None:
    """Write an act on a batch into the trail."""
    engagement = batch.source.deliverable.engagement
    audit.record(
        verb,
        batch,
        by=by,
        label=label,
        customer_id=engagement.customer_id,
        engagement_id=engagement.pk,
        rows=batch.row_count,
        first_day=batch.first_day and batch.first_day.isoformat(),
        last_day=batch.last_day and batch.last_day.isoformat(),
    )
