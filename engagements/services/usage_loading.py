"""One turn of loading a large delivery: some parts of it, from the place where the last turn ended.

The rows of a batch that is still loading count for nothing. Each part is one transaction with the place after it,
so a worker that is killed loses the part in hand and nothing else, and no part is ever stored twice.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.intake.files import BEGIN, NotJson, Place, RowStream
from engagements.intake.rows import MOST_ERRORS, Numbered, RowError, RowReader, RowsRejected, UsageLine
from engagements.models import UsageBatch, UsageChunk, UsageEvent, UsageLoad, UsageRow
from engagements.selectors.usage import row_reader
from engagements.services.actors import hashes_of, keep_people, number_actors
from engagements.services.usages import days_of, have_counted, store_rows
from fde_portal.core.queue import Claim, LeaseLost

# Every piece of a delivery but the last has this size: a load finds its place by it.
CHUNK = 1024 * 1024
ROWS_AT_ONCE = 20_000
# A turn: a few seconds, and what it takes to find the place again is little beside it.
PARTS_AT_ONCE = 8
# Remembered between parts; beyond that they are looked up again.
MOST_ACTORS = 200_000

State = UsageBatch.State
Content, Refused = UsageChunk.Kind.CONTENT, UsageChunk.Kind.REFUSED


@dataclass
class Progress:
    """How far a load has come, as `UsageLoad.progress` keeps it."""

    place: Place = BEGIN
    rows: int = 0
    repeated: int = 0
    refused: int = 0
    kept: int = 0
    days: set[date] = field(default_factory=set)
    errors: list[RowError] = field(default_factory=list)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Progress:
        if not stored:
            return cls()
        days, errors = set(map(date.fromisoformat, stored["days"])), [RowError(*error) for error in stored["errors"]]
        return cls(**{**stored, "place": Place(*stored["place"]), "days": days, "errors": errors})

    def stored(self) -> dict[str, Any]:
        return vars(self) | {"days": sorted(day.isoformat() for day in self.days)}

    def note(self, errors: Sequence[RowError]) -> None:
        self.errors += errors[: MOST_ERRORS - len(self.errors)]


@dataclass
class Loading:
    """One turn of loading a batch."""

    batch: UsageBatch
    claim: Claim
    now: datetime
    done: Progress
    actors: dict[str, int] = field(default_factory=dict)
    erasures: int = 0

    @classmethod
    def of(cls, batch: UsageBatch, claim: Claim, now: datetime) -> Loading:
        return cls(batch, claim, now, Progress.of(UsageLoad.objects.values_list("progress", flat=True).get(batch=batch)))

    def take_turn(self) -> bool:
        """Load some parts; say whether the load is over, and the batch accepted or refused. Raises LeaseLost."""
        try:
            return self.run()
        except RowsRejected as fault:
            self.refuse(fault.errors)
        except NotJson as fault:
            self.refuse([RowError(None, "", str(fault))])
        return True

    def run(self) -> bool:
        """Store some parts; after the last one have the batch counted. Raises RowsRejected, NotJson, LeaseLost."""
        if self.done.place == BEGIN:
            discard_rows(self.batch)  # of a worker that kept no place
        batch, reader = self.batch, row_reader(self.batch.source, self.now)
        stream = RowStream(
            self.content(self.done.place.offset), batch.format, reader,
            encoding=batch.encoding, columns=batch.columns, place=self.done.place,
        )  # fmt: skip
        rows = stream.rows()
        for __ in range(PARTS_AT_ONCE):
            part = list(islice(rows, ROWS_AT_ONCE))
            if part:
                self.take(reader, part, stream)
            if len(part) < ROWS_AT_ONCE or self.is_refused_already():
                self.end()
                return True
        return False

    def content(self, offset: int) -> Iterator[bytes]:
        """The content from a byte on, one piece in memory at a time."""
        first, before = divmod(offset, CHUNK)
        pieces = UsageChunk.objects.filter(batch=self.batch, kind=Content)
        for number in list(pieces.filter(number__gte=first).order_by("number").values_list("number", flat=True)):
            piece = zlib.decompress(bytes(pieces.values_list("content", flat=True).get(number=number)))
            yield piece[before:] if number == first else piece

    def take(self, reader: RowReader, part: Sequence[Numbered], stream: RowStream) -> None:
        """Store the valid rows of a part, its faults and the place after it in one transaction, and keep the lease."""
        found = reader.read(part)
        lines = [line for line in found if line]
        errors, reader.errors = reader.in_order(), []
        done = self.done
        done.refused += len(found) - len(lines)
        done.note(errors)
        with transaction.atomic():
            # With a fault the rest is read for its faults only.
            if lines and (self.batch.takes_parts or not done.errors):
                self.store(lines)
            if errors and self.batch.takes_parts:
                self.keep_refused(errors)
            done.place = stream.place_after(part[-1][0])
            UsageBatch.objects.filter(pk=self.batch.pk).update(read_size=done.place.offset)
            self.claim.renew(progress=done.stored())

    def store(self, lines: list[UsageLine]) -> None:
        """Write rows, in a transaction."""
        source = self.batch.source
        customer_id = source.deliverable.engagement.customer_id
        erasures = keep_people(customer_id)
        # Of those remembered, some may have been erased since the last part.
        if erasures != self.erasures or len(self.actors) > MOST_ACTORS:
            self.actors.clear()
        self.erasures = erasures
        unknown = {line.actor for line in lines} - self.actors.keys()
        if unknown:
            hashes = hashes_of(customer_id, unknown)
            self.actors |= number_actors(customer_id, hashes, keep_names=source.keeps_names)
        self.done.repeated += store_rows(self.batch, lines, self.actors)
        self.done.rows += len(lines)
        self.done.days |= {line.day for line in lines}

    def keep_refused(self, errors: Sequence[RowError]) -> None:
        """Keep the faults of a part for the file of refused rows."""
        text = "\n".join(json.dumps(error) for error in errors)
        self.done.kept += 1
        UsageChunk.objects.create(batch=self.batch, kind=Refused, number=self.done.kept, content=zlib.compress(text.encode()))

    def is_refused_already(self) -> bool:
        """Whether there are faults enough to read no further."""
        return not self.batch.takes_parts and len(self.done.errors) >= MOST_ERRORS

    def end(self) -> None:
        """Have the batch counted, or refused for its faults. Raises RowsRejected, LeaseLost."""
        if self.done.errors and not self.batch.takes_parts:
            raise RowsRejected(self.done.errors)
        if not self.done.rows:
            raise RowsRejected(self.done.errors or [RowError(None, "", _("There are no rows."))])
        self.accept()

    def accept(self) -> None:
        """Let the batch count, if it was not cancelled meanwhile. What was kept of its text is not needed any more."""
        done = self.done
        values = {
            "row_count": done.rows, "refused_count": done.refused, "repeated_count": done.repeated, "read_size": self.batch.size,
            "first_day": min(done.days), "last_day": max(done.days), "errors": plain(done.errors),
        }  # fmt: skip
        with transaction.atomic():
            self.close(State.ACCEPTED, values)
            UsageChunk.objects.filter(batch=self.batch, kind=Content).delete()
            have_counted(self.batch, days_of(self.batch) if done.repeated else done.days)

    def refuse(self, errors: list[RowError]) -> None:
        """Say what is wrong; nothing of the batch stays but its faults."""
        with transaction.atomic():
            self.close(State.FAILED, {"errors": plain(errors[:MOST_ERRORS]), "row_count": self.done.rows})
        discard_rows(self.batch)

    def close(self, state: UsageBatch.State, values: Mapping[str, object]) -> None:
        """Write how it ended, if nobody cancelled it meanwhile. Raises LeaseLost."""
        # The batch before its load, as whoever cancels it does: neither waits for the other.
        UsageBatch.objects.filter(pk=self.batch.pk).update(state=state, **values)
        if not self.claim.row.delete()[0]:
            raise LeaseLost
        self.batch.state = state


def plain(errors: Iterable[RowError]) -> list[Mapping[str, object]]:
    """Return faults as they are kept and sent."""
    return [error._asdict() for error in errors]


def discard_rows(batch: UsageBatch) -> None:
    """Remove what was stored of a batch. An event that another batch repeated stays: it counts through that one."""
    UsageRow.objects.filter(batch=batch)._raw_delete(using=UsageRow.objects.db)
    UsageEvent.objects.filter(batch=batch, repeats=None).delete()
    kept = [Content] if batch.state == State.LOADING else []
    UsageChunk.objects.filter(batch=batch).exclude(kind__in=kept).delete()
