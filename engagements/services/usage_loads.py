"""Large deliveries: received in chunks, loaded by the worker some parts at a turn, counted only when whole.

Between two turns others have theirs: their computations and mails do not wait until a million rows are in.
`UsageLoad` is the queue (core/queue.py), services/usage_loading.py what is done at a turn.
"""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q

from engagements import tasks
from engagements.models import UsageBatch, UsageChunk, UsageLoad, UsageSource
from engagements.services import usage_loading
from engagements.services.usage_loading import Loading, Progress, discard_rows
from engagements.services.usages import Receipt, next_sequence, record_batch, replay
from fde_portal.accounts.models import User
from fde_portal.core.queue import LeaseLost, Queue, error_text

logger = logging.getLogger(__name__)

# A large delivery waits while it loads: no reason to take web servers out of service.
LOADS = Queue(name="usage", model=UsageLoad, waiting=Q(parked_at=None), lease=timedelta(seconds=60), holds_readiness=False)
# What arrived in part and was never finished.
ABANDONED_AFTER = timedelta(days=1)

State = UsageBatch.State


def receive_in_chunks(
    pieces: Iterable[bytes],
    *,
    source: UsageSource,
    key: str,
    by: User | None,
    now: datetime,
    label: str = "",
    **fields: object,
) -> Receipt:
    """Keep a delivery of any size and have it loaded. `fields`: format, encoding, takes_parts.

    Nothing of it is judged yet. The same key and bytes get the first answer again; what `pieces` raises
    leaves nothing behind. Raises BatchKeyReused.
    """
    batch, digest = keep_chunks(pieces, source=source, received_by=by, received_at=now, **fields)
    try:
        known = replay(source, key, digest)
        if not known:
            begin_load(batch, key=key, by=by, label=label, now=now)
    except IntegrityError:  # the same key arrived twice at once
        known = replay(source, key, digest)
        if not known:
            raise
    finally:
        # Still only arriving: it came before, or its key is another content's.
        UsageBatch.objects.filter(pk=batch.pk, state=State.RECEIVING).delete()
    return known or Receipt(batch, replayed=False)


def keep_chunks(pieces: Iterable[bytes], *, source: UsageSource, **fields: object) -> tuple[UsageBatch, str]:
    """Store the pieces of a delivery under a batch that is arriving; return it with the hash of its bytes."""
    # A key of its own until all is there: an attempt that breaks off must not occupy the sender's.
    batch = UsageBatch.objects.create(source=source, sequence=next_sequence(source), key=f"…{uuid4()}", state=State.RECEIVING, **fields)
    digest = hashlib.sha256()
    try:
        for number, chunk in enumerate(_chunks(pieces)):
            digest.update(chunk)
            batch.size += len(chunk)
            UsageChunk.objects.create(batch=batch, number=number, content=zlib.compress(chunk, 1))
    except BaseException:
        batch.delete()
        raise
    batch.content_hash = digest.hexdigest()
    batch.save(update_fields=["size", "content_hash"])
    return batch, batch.content_hash


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held, size = bytearray(), usage_loading.CHUNK
    for piece in pieces:
        held += piece
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)


@transaction.atomic
def begin_load(batch: UsageBatch, *, key: str, by: User | None, now: datetime, label: str = "") -> None:
    """Hand a delivery that has arrived to the worker, under the sender's key. Raises IntegrityError for a used key."""
    batch.key, batch.state = key, State.LOADING
    batch.save(update_fields=["key", "state", "columns", "takes_parts", "encoding"])
    UsageLoad.objects.create(batch=batch, wanted_at=now)
    record_batch("receive", batch, by=by, label=label)
    transaction.on_commit(lambda: tasks.load_usage.delay(batch.pk), robust=True)


@transaction.atomic
def retry_load(load: UsageLoad, *, by: User) -> None:
    """Give a parked delivery all its tries again, at once."""
    LOADS.retry(load)
    record_batch("retry", load.batch, by=by)
    transaction.on_commit(lambda: tasks.load_usage.delay(load.batch_id), robust=True)


@transaction.atomic
def cancel_load(*, batch: UsageBatch, by: User) -> bool:
    """Stop a delivery that is still loading; say whether there was anything to stop."""
    if not UsageBatch.objects.filter(pk=batch.pk, state=State.LOADING).update(state=State.CANCELLED):
        return False
    UsageLoad.objects.filter(batch=batch).delete()
    batch.state = State.CANCELLED
    record_batch("cancel", batch, by=by)
    transaction.on_commit(lambda: discard_rows(batch), robust=True)
    return True


def load_usage(batch_id: int, *, now: datetime) -> bool:
    """Load some parts of a delivery that waits; say whether it was done; `next_turn` says whether there is more.

    Killed anywhere, the next one goes on after the last part that was stored, and it ends the same.
    """
    claim = LOADS.claim(now=now, batch_id=batch_id)
    if claim is None:
        return False
    loading = Loading.of(UsageBatch.objects.select_related("source__deliverable__engagement").get(pk=batch_id), claim, now)
    try:
        if not loading.take_turn():
            claim.finish()
    except LeaseLost:
        loading.batch.refresh_from_db(fields=["state"])
        if loading.batch.state == State.CANCELLED:
            discard_rows(loading.batch)
        return False
    except Exception as fault:  # whatever it was: the row must say so and be tried again
        logger.exception("Loading batch %s failed", batch_id)
        claim.give_back(error_text(fault), now=now)
        return False
    return True


def next_turn(batch_id: int) -> int | None:
    """Return the number of the row after which the next turn begins; None when nothing of the delivery waits."""
    row = LOADS.rows().filter(LOADS.waiting, batch=batch_id).first()
    return None if row is None else Progress.of(row.progress).place.row


def sweep_loads(*, now: datetime) -> list[int]:
    """Return the deliveries that wait and that nobody loads; forget those that broke off a day ago."""
    UsageBatch.objects.filter(state=State.RECEIVING, received_at__lt=now - ABANDONED_AFTER).delete()
    return list(LOADS.sweep(now=now).values_list("batch_id", flat=True))
