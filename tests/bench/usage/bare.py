"""What a careful person would write by hand for usage, on PostgreSQL and on SQLite."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection, transaction

from engagements.models import UsageEvent, UsageRow
from engagements.services.usage_storing import EVENT_COLUMNS, ROW_COLUMNS

Rows = Iterable[Sequence[object]]
Truth = type[UsageRow] | type[UsageEvent]
COLUMNS = {UsageRow: ROW_COLUMNS, UsageEvent: EVENT_COLUMNS}
UPSERT = {
    UsageRow: "(batch_id, day, actor_id, feature, release) DO UPDATE SET events = excluded.events",
    UsageEvent: "(source_id, event_id) DO NOTHING",
}


def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def numbers(name: str, first: int, last: int) -> str:
    """A common table of the numbers from `first` to `last`, for WITH RECURSIVE: `name`(n)."""
    return f"{name}(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM {name} WHERE n < {last})"


def day_after(start: date, days: str) -> str:
    """The day that lies `days`, an expression, after `start`."""
    return f"DATE '{start}' + CAST({days} AS integer)" if on_postgresql() else f"date('{start}', ({days}) || ' days')"


def twin_of(truth: Truth) -> str:
    """Create an empty table with the columns and indexes of the product's, without checks of keys; return its name."""
    table, name = truth._meta.db_table, f"bare_{truth._meta.db_table}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        if on_postgresql():
            cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING ALL)")
            return name
        cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL ORDER BY type DESC", [table])
        for (statement,) in cursor.fetchall():
            without_keys = re.sub(r' REFERENCES "\w+" \("\w+"\) DEFERRABLE INITIALLY DEFERRED', "", statement)
            cursor.execute(re.sub(r'INDEX "', 'INDEX "bare_', without_keys).replace(f'"{table}"', f'"{name}"', 1))
    return name


def prepared(rows: Rows) -> io.StringIO | list[Sequence[object]]:
    """Rows as `load` takes them: what COPY reads, or what a statement for many rows takes."""
    if not on_postgresql():
        return list(rows)
    return io.StringIO("".join("\t".join(map(str, row)) + "\n" for row in rows))


def load(truth: Truth, rows: io.StringIO | list[Sequence[object]]) -> None:
    """Put rows into a staging table and from there into the twin, in one transaction."""
    table, names = f"bare_{truth._meta.db_table}", ", ".join(COLUMNS[truth])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE staging AS SELECT {names} FROM {table} WHERE 1 = 0")
        if isinstance(rows, list):
            cursor.executemany(f"INSERT INTO staging VALUES ({', '.join(['%s'] * len(COLUMNS[truth]))})", rows)
        else:
            cursor.copy_expert(f"COPY staging ({names}) FROM STDIN", rows)
        # The condition tells SQLite that no join follows.
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM staging WHERE 1 = 1 ON CONFLICT {UPSERT[truth]}")
        cursor.execute("DROP TABLE staging")
