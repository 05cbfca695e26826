"""Large deliveries: received in chunks, loaded by the worker a part at a time, counted only when whole.

The rows of a batch that is still loading count for nothing, so each part is a transaction of its own
and a killed worker begins again. `UsageLoad` is the queue (core/queue.py).
"""

from __future__ import annotations

import hashlib
import json
import logging
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from engagements import tasks
from engagements.intake.files import NotJson, rows_in
from engagements.intake.rows import MOST_ERRORS, Numbered, RowError, RowReader, RowsRejected, UsageLine
from engagements.models import UsageBatch, UsageChunk, UsageEvent, UsageLoad, UsageRow, UsageSource
from engagements.selectors.usage import row_reader
from engagements.services.actors import hashes_of, keep_people, number_actors
from engagements.services.usages import (
    Receipt,
    days_of,
    have_counted,
    next_sequence,
    record_batch,
    replay,
    store_rows,
)
from fde_portal.accounts.models import User
from fde_portal.core.queue import Claim, LeaseLost, Queue, error_text

logger = logging.getLogger(__name__)

# A large delivery waits while it loads: no reason to take web servers out of service.
LOADS = Queue(name="usage", model=UsageLoad, waiting=Q(parked_at=None), lease=timedelta(seconds=60), holds_readiness=False)
CHUNK = 1024 * 1024
ROWS_AT_ONCE = 20_000
# Remembered between parts; beyond that they are looked up again.
MOST_ACTORS = 200_000
# What arrived in part and was never finished.
ABANDONED_AFTER = timedelta(days=1)

State = UsageBatch.State
Content, Refused = UsageChunk.Kind.CONTENT, UsageChunk.Kind.REFUSED


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
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
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
    """Load one delivery that waits; say whether it came to an end, accepted or refused.

    Killed anywhere it is loaded again from the start, and ends the same.
    """
    claim = LOADS.claim(now=now, batch_id=batch_id)
    if claim is None:
        return False
    loading = Loading(UsageBatch.objects.select_related("source__deliverable__engagement").get(pk=batch_id), claim, now)
    try:
        loading.run()
    except LeaseLost:
        loading.batch.refresh_from_db(fields=["state"])
        if loading.batch.state == State.CANCELLED:
            discard_rows(loading.batch)
        return False
    except (RowsRejected, NotJson) as fault:
        loading.refuse(fault.errors if isinstance(fault, RowsRejected) else [RowError(None, "", str(fault))])
    except Exception as fault:  # whatever it was: the row must say so and be tried again
        logger.exception("Loading batch %s failed", batch_id)
        claim.give_back(error_text(fault), now=now)
        return False
    return True


@dataclass
class Loading:
    """One attempt to load a batch."""

    batch: UsageBatch
    claim: Claim
    now: datetime
    actors: dict[str, int] = field(default_factory=dict)
    erasures: int = 0
    days: set[date] = field(default_factory=set)
    rows: int = 0
    repeated: int = 0
    refused: int = 0
    kept: int = 0
    errors: list[RowError] = field(default_factory=list)

    def run(self) -> None:
        """Store all parts, then have the batch counted. Raises RowsRejected, NotJson, LeaseLost."""
        discard_rows(self.batch)
        reader, takes_parts = row_reader(self.batch.source, self.now), self.batch.takes_parts
        rows = rows_in(
            self.content(), self.batch.format, reader, encoding=self.batch.encoding, columns=self.batch.columns
        )
        while part := list(islice(rows, ROWS_AT_ONCE)):
            lines = self.valid(reader, part)
            # With a fault the rest is read for its faults only.
            if takes_parts or not reader.errors:
                self.store(lines)
            if takes_parts:
                self.keep_refused(reader)
            elif reader.is_full:
                break
        if reader.errors:
            raise RowsRejected(reader.in_order())
        if not self.rows:
            raise RowsRejected(self.errors or [RowError(None, "", _("There are no rows."))])
        self.accept()

    def content(self) -> Iterator[bytes]:
        """The pieces in their order, one in memory at a time."""
        read = 0
        numbers = UsageChunk.objects.filter(batch=self.batch, kind=Content).order_by("number").values_list("number", flat=True)
        for number in list(numbers):
            chunk = UsageChunk.objects.values_list("content", flat=True).get(batch=self.batch, kind=Content, number=number)
            content = zlib.decompress(bytes(chunk))
            yield content
            read += len(content)
            UsageBatch.objects.filter(pk=self.batch.pk).update(read_size=read)

    def valid(self, reader: RowReader, part: Sequence[Numbered]) -> list[UsageLine]:
        """Return the rows that can be stored; the reader holds what is wrong with the others."""
        lines = reader.read(part)
        good = [line for line in lines if line]
        self.refused += len(lines) - len(good)
        return good

    def store(self, lines: list[UsageLine]) -> None:
        """Write one part in a transaction of its own, and keep the lease."""
        source = self.batch.source
        customer_id = source.deliverable.engagement.customer_id
        with transaction.atomic():
            erasures = keep_people(customer_id)
            # Of those remembered, some may have been erased since the last part.
            if erasures != self.erasures or len(self.actors) > MOST_ACTORS:
                self.actors.clear()
            self.erasures = erasures
            unknown = {line.actor for line in lines} - self.actors.keys()
            if unknown:
                hashes = hashes_of(customer_id, unknown)
                self.actors |= number_actors(customer_id, hashes, keep_names=source.keeps_names)
            self.repeated += store_rows(self.batch, lines, self.actors)
        self.rows += len(lines)
        self.days |= {line.day for line in lines}
        self.claim.renew()

    def keep_refused(self, reader: RowReader) -> None:
        """Keep the faults of a part for the list and for the file of refused rows."""
        if not reader.errors:
            return
        errors = reader.in_order()
        self.errors += errors[: MOST_ERRORS - len(self.errors)]
        text = "\n".join(json.dumps(error) for error in errors)
        self.kept += 1
        UsageChunk.objects.create(batch=self.batch, kind=Refused, number=self.kept, content=zlib.compress(text.encode()))
        reader.errors.clear()

    def accept(self) -> None:
        """Let the batch count, if it was not cancelled meanwhile. What was kept of its text is not needed any more."""
        values = {
            "row_count": self.rows, "refused_count": self.refused, "repeated_count": self.repeated,
            "first_day": min(self.days), "last_day": max(self.days), "errors": plain(self.errors),
        }  # fmt: skip
        with transaction.atomic():
            if not self.claim.row.delete()[0]:
                raise LeaseLost
            UsageBatch.objects.filter(pk=self.batch.pk).update(state=State.ACCEPTED, **values)
            UsageChunk.objects.filter(batch=self.batch, kind=Content).delete()
            have_counted(self.batch, days_of(self.batch) if self.repeated else self.days)

    def refuse(self, errors: list[RowError]) -> None:
        """Say what is wrong; nothing of the batch stays but its faults."""
        with transaction.atomic():
            if not self.claim.row.delete()[0]:
                return
            values = {"state": State.FAILED, "errors": plain(errors[:MOST_ERRORS]), "row_count": self.rows}
            UsageBatch.objects.filter(pk=self.batch.pk).update(**values)
        self.batch.state = State.FAILED
        discard_rows(self.batch)


def plain(errors: Iterable[RowError]) -> list[Mapping[str, object]]:
    """Return faults as they are kept and sent."""
    return [error._asdict() for error in errors]


def discard_rows(batch: UsageBatch) -> None:
    """Remove what an attempt wrote. An event that another batch repeated stays: it counts through that one."""
    UsageRow.objects.filter(batch=batch)._raw_delete(using=UsageRow.objects.db)
    UsageEvent.objects.filter(batch=batch, repeats=None).delete()
    kept = [Content] if batch.state == State.LOADING else []
    UsageChunk.objects.filter(batch=batch).exclude(kind__in=kept).delete()


def sweep_loads(*, now: datetime) -> list[int]:
    """Return the deliveries that wait and that nobody loads; forget those that broke off a day ago."""
    UsageBatch.objects.filter(state=State.RECEIVING, received_at__lt=now - ABANDONED_AFTER).delete()
    return list(LOADS.sweep(now=now).values_list("batch_id", flat=True))
