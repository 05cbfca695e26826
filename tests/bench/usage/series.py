"""Two years of four deliverables: every weekly series and the whole triangle, from bitmaps and by SQL over rows."""

from __future__ import annotations

import csv
import statistics
import tempfile
from datetime import date, timedelta

import duckdb
from django.db import connection

from engagements.metrics.periods import Interval, iter_periods
from engagements.metrics.retention import retention
from engagements.metrics.series import week_table
from engagements.models import DirtyDay, Engagement
from engagements.selectors.usage_facts import Usage, usage_of
from engagements.services.activity import rebuild_days
from engagements.services.usage_storing import ROW_COLUMNS
from tests.bench.usage import bare
from tests.bench.usage.intake import timed
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.usage import UsageBatchFactory, UsageSourceFactory

WEEKS, ACTORS, DELIVERABLES, TIMES = 104, 5000, 4, 5
MONDAY = date(2024, 1, 1)
LAST = MONDAY + timedelta(weeks=WEEKS, days=-1)
Measured = tuple[str, float, float, float]
# Of each series, number of people by week and offset.
Series = dict[str, dict[tuple[int, int], int]]

# One statement: users by week, users of 28 days, the four classes, and who of each cohort came back when.
REFERENCE = """
WITH seen AS MATERIALIZED (
    SELECT DISTINCT r.actor_id, {week} AS week
    FROM engagements_usagerow r JOIN engagements_usagebatch b ON b.id = r.batch_id AND b.state = 'accepted'
    JOIN engagements_actor a ON a.id = r.actor_id AND a.kind = 'person'
    WHERE r.deliverable_id IN ({ids}) AND r.events > 0
), placed AS (
    SELECT actor_id, week, LAG(week) OVER w AS before, MIN(week) OVER (PARTITION BY actor_id) AS cohort,
           LEAD(week) OVER w AS after FROM seen WINDOW w AS (PARTITION BY actor_id ORDER BY week)
)
SELECT 'wau', week, 0, COUNT(*) FROM placed GROUP BY week
UNION ALL SELECT 'new', week, 0, COUNT(*) FROM placed WHERE before IS NULL GROUP BY week
UNION ALL SELECT 'returning', week, 0, COUNT(*) FROM placed WHERE before = week - 1 GROUP BY week
UNION ALL SELECT 'resurrecting', week, 0, COUNT(*) FROM placed WHERE before < week - 1 GROUP BY week
UNION ALL SELECT 'dormant', week + 1, 0, COUNT(*) FROM placed WHERE after IS NULL OR after > week + 1 GROUP BY week
UNION ALL SELECT 'retained', cohort, week - cohort, COUNT(*) FROM placed GROUP BY cohort, week - cohort
UNION ALL SELECT 'mau', week, 0, COUNT(*) FROM (
    SELECT DISTINCT actor_id, week + later AS week
    FROM seen CROSS JOIN (SELECT 0 AS later UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) AS span
) AS within WHERE week < 104 GROUP BY week
UNION ALL SELECT 'days', week, 0, COUNT(*) FROM (
    SELECT DISTINCT r.actor_id, r.day, {week} AS week FROM engagements_usagerow r WHERE r.deliverable_id IN ({ids}) AND r.events > 0
) AS used GROUP BY week
"""
# The week of a row, counted from the first Monday. DuckDB divides whole numbers by another sign.
WEEK = {
    "postgresql": "(r.day - DATE '2024-01-01') / 7",
    "sqlite": "CAST(julianday(r.day) - julianday('2024-01-01') AS integer) / 7",
    "duckdb": "(r.day - DATE '2024-01-01') // 7",
}


# Of each table what the statement reads.
READ = {
    "engagements_usagerow": "batch_id, deliverable_id, day, actor_id, events",
    "engagements_usagebatch": "id, state",
    "engagements_actor": "id, kind",
}


def measure(*, actor_days: int) -> list[Measured]:
    """Return the full computation and one more day, each against the SQL over all rows."""
    ids = fill(actor_days)
    first = timed(lambda: [rebuild_days(pk, marked(pk)) for pk in ids])
    ours = [timed(lambda: computed(ids)) for __ in range(TIMES)]
    sql = [timed(lambda: by_sql(ids)) for __ in range(TIMES)]
    duck = in_memory()
    beside = [timed(lambda: by_duckdb(duck, ids)) for __ in range(TIMES)]
    check(ids, by_sql(ids))
    check(ids, by_duckdb(duck, ids))
    day = [timed(lambda: rebuild_days(ids[0], [LAST])) for __ in range(TIMES)]
    whole, bare, one, memory = map(statistics.median, (ours, sql, day, beside))
    name = f"{WEEKS} weeks, {ACTORS} people, {DELIVERABLES} deliverables, {actor_days} actor-days"
    return [
        (f"{name}: all series and the triangle from bitmaps / SQL", whole, bare, whole / bare),
        (f"{name}: the same / DuckDB in memory", whole, memory, whole / memory),
        (f"{name}: one more day rebuilt / all series from bitmaps", one, whole, one / whole),
        (f"{name}: bitmaps of all days from rows / SQL", first, bare, first / bare),
    ]


def fill(actor_days: int) -> list[int]:
    """Rows made in the database: people start over the first year, and most are there on some days of a week."""
    engagement: Engagement = EngagementFactory(customer=CustomerFactory(), started_on=MONDAY)
    ids = []
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE {bare.numbers('s', 1, ACTORS)} INSERT INTO engagements_actor (customer_id, key_hash, name, ordinal, kind) "
            f"SELECT {engagement.customer_id}, 'key' || n, '', n, 'person' FROM s"
        )
        for number in range(DELIVERABLES):
            deliverable = DeliverableFactory(engagement=engagement)
            batch = UsageBatchFactory(source=UsageSourceFactory(deliverable=deliverable), first_day=MONDAY, last_day=LAST)
            # Who is there on which day looks like chance, and is the same in every run.
            cursor.execute(
                f"""WITH RECURSIVE {bare.numbers('d', 0, 7 * WEEKS - 1)}
                    INSERT INTO engagements_usagerow ({', '.join(ROW_COLUMNS)})
                    SELECT {batch.pk}, {deliverable.pk}, {bare.day_after(MONDAY, 'd.n')}, a.id, '', '', 1, 60, 0, 0, 0, 0
                    FROM d CROSS JOIN engagements_actor a WHERE a.customer_id = {engagement.customer_id} AND d.n >= a.ordinal % 360
                        AND (a.ordinal * 7919 + d.n * 104729 + {number} * 15485863) * CAST(1103515245 AS bigint)
                            % 2147483648 / 65536 % 1000 < {share(actor_days)}"""
            )
            ids.append(deliverable.pk)
        cursor.execute("ANALYZE")  # of all tables, or the reference is planned as if there were no people
    for pk in ids:
        DirtyDay.objects.bulk_create([DirtyDay(deliverable_id=pk, day=MONDAY + timedelta(days=n)) for n in range(7 * WEEKS)])
    return ids


def share(actor_days: int) -> int:
    """Of a thousand possible days of a person and a deliverable, how many are days of use."""
    possible = DELIVERABLES * ACTORS * (7 * WEEKS - 180)
    return max(1, round(1000 * actor_days / possible))


def marked(pk: int) -> list[date]:
    return list(DirtyDay.objects.filter(deliverable=pk).values_list("day", flat=True))


def computed(ids: list[int]):
    """What a page does for this range: read the bitmaps, then every series and the triangle."""
    usage = Usage.of(usage_of(ids), LAST)
    weeks = list(iter_periods(MONDAY, LAST, Interval.WEEK))
    table = week_table(usage.days, weeks, as_of=LAST, measured_until=LAST)
    return table, retention(usage.days, weeks, as_of=LAST)


def reference(database: str, ids: list[int]) -> str:
    return REFERENCE.format(week=WEEK[database], ids=", ".join(map(str, ids)))


def by_sql(ids: list[int]) -> Series:
    with connection.cursor() as cursor:
        cursor.execute(reference(connection.vendor, ids))
        return by_series(cursor.fetchall())


def in_memory() -> duckdb.DuckDBPyConnection:
    """The same rows in a DuckDB that holds them in memory."""
    duck = duckdb.connect(":memory:")
    for table, columns in READ.items():
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file, connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table}")
            writer = csv.writer(file)
            writer.writerow(columns.split(", "))
            writer.writerows(cursor)
            file.flush()
            duck.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{file.name}')")
    return duck


def by_duckdb(duck: duckdb.DuckDBPyConnection, ids: list[int]) -> Series:
    return by_series(duck.execute(reference("duckdb", ids)).fetchall())


def by_series(rows: list[tuple[str, int, int, int]]) -> Series:
    found: Series = {}
    for series, week, offset, count in rows:
        found.setdefault(series, {})[week, offset] = count
    return found


def check(ids: list[int], found: Series) -> None:
    """All ways must say the same, or the ratio means nothing."""
    table, triangle = computed(ids)
    for number, week in enumerate(table):
        for key, value in (("wau", week.wau), ("new", week.growth.new), ("dormant", week.growth.dormant), ("mau", week.mau28)):
            assert found[key].get((number, 0), 0) == value, (key, number)
    for number, cohort in enumerate(triangle.cohorts):
        for offset, cell in enumerate(cohort.cells):
            assert found["retained"].get((number, offset), 0) == cell, (number, offset)
