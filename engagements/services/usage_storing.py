"""Writes rows of usage in bulk: COPY on PostgreSQL, one statement for many rows on SQLite.

Building a model instance per row takes four to seven times as long, a staging table before the table
half as much again (docs/performance.md).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import IntegrityError, connection, transaction

from engagements.intake.rows import COUNTS, UsageLine
from engagements.models import UsageBatch, UsageEvent, UsageRepeat, UsageRow
from engagements.services.actors import in_parts

Key = tuple[str, date, str, str]
Totals = Mapping[Key, Sequence[int]]

ROW_COLUMNS = ("batch_id", "deliverable_id", "day", "actor_id", "feature", "release", *COUNTS)
EVENT_COLUMNS = ("source_id", "event_id", *ROW_COLUMNS)
_ROW_KEY = ("batch_id", "day", "actor_id", "feature", "release")


def summed(rows: Iterable[UsageLine]) -> dict[Key, Sequence[int]]:
    """Return the numbers by actor, day, feature and release; rows of the same key are added up."""
    totals: dict[Key, Sequence[int]] = {}
    for line in rows:
        key, numbers = line[:4], line[4:10]
        known = totals.get(key)
        totals[key] = [a + b for a, b in zip(known, numbers, strict=True)] if known else numbers
    return totals


def store_totals(batch: UsageBatch, totals: Totals, actors: Mapping[str, int]) -> None:
    """Write the rows of a daily source; what an earlier part of the same batch wrote is added up. In a transaction.

    Whoever calls it keeps the actors from being erased meanwhile (`actors.keep_people`).
    """
    deliverable_id = batch.source.deliverable_id
    # In the order of their key: neighbours in the table are neighbours in its indexes.
    rows = sorted(
        (batch.pk, deliverable_id, day, actors[actor], feature, release, *numbers)
        for (actor, day, feature, release), numbers in totals.items()
    )
    table = UsageRow._meta.db_table
    if not copy_new(table, ROW_COLUMNS, rows):
        added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in COUNTS)
        insert(table, ROW_COLUMNS, rows, f"ON CONFLICT ({', '.join(_ROW_KEY)}) DO UPDATE SET {added}")


def store_events(batch: UsageBatch, lines: Sequence[UsageLine], actors: Mapping[str, int]) -> int:
    """Write the events of a batch; return how many were known from another one. In a transaction.

    An event that is known stays as it was; that this batch holds it too is noted. The actors are kept as above.
    """
    source_id, batch_id, deliverable_id = batch.source_id, batch.pk, batch.source.deliverable_id
    events = {line.event_id: line for line in reversed(lines)}  # of equal ones the first
    # In the order of their ids, so that two batches at once do not wait for each other.
    rows = sorted(
        (source_id, event_id, batch_id, deliverable_id, line.day, actors[line.actor], *line[2:10])
        for event_id, line in events.items()
    )
    table = UsageEvent._meta.db_table
    if copy_new(table, EVENT_COLUMNS, rows):
        return 0
    written = insert(table, EVENT_COLUMNS, rows, "ON CONFLICT (source_id, event_id) DO NOTHING")
    return _note_repeats(batch, list(events)) if written < len(rows) else 0


def _note_repeats(batch: UsageBatch, event_ids: list[str]) -> int:
    found = 0
    for part in in_parts(event_ids):
        known = UsageEvent.objects.filter(source=batch.source_id, event_id__in=part).exclude(batch=batch)
        repeats = [UsageRepeat(event_id=pk, batch=batch) for pk in known.values_list("pk", flat=True)]
        UsageRepeat.objects.bulk_create(repeats, ignore_conflicts=True)
        found += len(repeats)
    return found


def copy_new(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bool:
    """COPY rows straight into `table`; False, with nothing written, on SQLite or when a row exists already."""
    if connection.vendor != "postgresql":
        return False
    try:
        with transaction.atomic():
            _copy(table, columns, rows)
    except IntegrityError:
        return False
    return True


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], conflict: str) -> int:
    """Insert rows under an ON CONFLICT clause; return how many were written."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Dropped by name: of one transaction several parts may come.
            cursor.execute(f"CREATE TEMP TABLE arriving ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")
            _copy("arriving", columns, rows)
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM arriving {conflict}")
            written = cursor.rowcount
            cursor.execute("DROP TABLE arriving")
            return written
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places}) {conflict}", rows)
        return cursor.rowcount


def _copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    line = "\t".join(["%s"] * len(columns)).__mod__
    # Control characters are refused at intake: a backslash is all that COPY would take for something else.
    text = "\n".join(map(line, rows)).replace("\\", "\\\\")
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.BytesIO(text.encode()))
