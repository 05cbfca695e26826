"""10,000 rows over HTTP, against COPY to a staging table and INSERT … ON CONFLICT into one with the same columns and indexes."""

from __future__ import annotations

import io
import random
import statistics
import time
import urllib.request
from datetime import date, timedelta

from django.db import connection

from engagements.models import UsageBatch, UsageEvent, UsageRow, UsageSource
from engagements.services.actors import hashes_of, number_actors
from engagements.services.sources import create_usage_token
from engagements.services.usage_storing import EVENT_COLUMNS, ROW_COLUMNS
from tests.factories.people import UserFactory
from tests.factories.usage import UsageBatchFactory, UsageSourceFactory

ROWS, ACTORS, DAYS = 10_000, 1_000, 300
FIRST = date(2025, 1, 1)
Line = tuple[int, int, str]


def measure(kind: str, port: int, *, table: int, batches: int) -> tuple[str, float, float, float]:
    """Return name, median milliseconds of ours and of the reference, and ours as a share of the reference's speed."""
    source = UsageSourceFactory(kind=kind)
    truth = UsageRow if kind == UsageSource.Kind.DAILY else UsageEvent
    columns = ROW_COLUMNS if truth is UsageRow else EVENT_COLUMNS
    actors = actors_of(source)
    old = UsageBatchFactory(source=source, sequence=99_999)
    fill(truth._meta.db_table, columns, source, old, actors, table)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare_{kind} (LIKE {truth._meta.db_table} INCLUDING ALL)")
        names = ", ".join(columns)
        cursor.execute(f"INSERT INTO bare_{kind} ({names}) SELECT {names} FROM {truth._meta.db_table} WHERE batch_id = {old.pk}")
        cursor.execute(f"ANALYZE bare_{kind}")
        cursor.execute(f"ANALYZE {truth._meta.db_table}")
    __, secret = create_usage_token(source=source, name="bench", by=UserFactory())
    ours, bare = [], []
    for number in range(batches):
        lines = rows_of(random.Random(number))
        batch = UsageBatchFactory(source=source, sequence=100_000 + number)
        bare.append(timed(lambda lines=lines, batch=batch: load_bare(kind, columns, source, batch, actors, lines)))
        request = request_of(port, secret, kind, number, lines)
        ours.append(timed(lambda request=request: send(request)))
    ratio = statistics.median(b / o for o, b in zip(ours, bare, strict=True))
    return f"{ROWS} rows over HTTP, {kind}, table of {table}: speed / bare", statistics.median(ours), statistics.median(bare), ratio


def timed(act) -> float:
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000


def actors_of(source: UsageSource) -> list[int]:
    """Actors that are known, as after the first days of a feed."""
    customer_id = source.deliverable.engagement.customer_id
    names = [f"user{number}" for number in range(ACTORS)]
    found = number_actors(customer_id, hashes_of(customer_id, names), keep_names=False)
    return [found[name] for name in names]


def fill(table: str, columns, source: UsageSource, batch: UsageBatch, actors: list[int], count: int) -> None:
    """Rows of a batch that came before, made in the database."""
    first, last = min(actors), max(actors)
    event = "s.n::text, " if "event_id" in columns else ""
    place = f"{source.pk}, {event}" if event else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "
            f"SELECT {place}{batch.pk}, {source.deliverable_id}, DATE '2023-01-01' + (s.n / 5000), "
            f"{first} + s.n %% {last - first + 1}, 'f' || (s.n / {last - first + 1} %% 5), '', 1, 60, 1, 0, 0, 0 FROM generate_series(1, {count}) s(n)".replace("%%", "%")
        )


def rows_of(chance: random.Random) -> list[Line]:
    keys = {(chance.randrange(ACTORS), chance.randrange(DAYS), f"f{chance.randrange(5)}") for __ in range(ROWS)}
    return sorted(keys, key=lambda _: chance.random())


def load_bare(kind: str, columns, source: UsageSource, batch: UsageBatch, actors: list[int], lines: list[Line]) -> None:
    """The statements that a careful person would write by hand, in one transaction."""
    key = "source_id, event_id" if kind == "events" else "batch_id, day, actor_id, feature, release"
    text = io.StringIO()
    for number, (actor, day, feature) in enumerate(lines):
        event = f"{source.pk}\te{batch.pk}-{number}\t" if kind == "events" else ""
        text.write(f"{event}{batch.pk}\t{source.deliverable_id}\t{FIRST + timedelta(days=day)}\t{actors[actor]}\t{feature}\t\t3\t60\t1\t1\t0\t0\n")
    text.seek(0)
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"CREATE TEMP TABLE staging ON COMMIT DROP AS SELECT {names} FROM bare_{kind} WITH NO DATA")
        cursor.copy_expert(f"COPY staging ({names}) FROM STDIN", text)
        change = "DO NOTHING" if kind == "events" else "DO UPDATE SET events = excluded.events"
        cursor.execute(f"INSERT INTO bare_{kind} ({names}) SELECT {names} FROM staging ON CONFLICT ({key}) {change}")
        cursor.execute("COMMIT")


def request_of(port: int, secret: str, kind: str, number: int, lines: list[Line]) -> urllib.request.Request:
    """What a program sends; making it is the program's time, not ours."""
    heading = "actor,date,feature,events,seconds_saved,accepted,edited" + (",event_id" if kind == "events" else "")
    body = [heading]
    for index, (actor, day, feature) in enumerate(lines):
        event = f",o{number}-{index}" if kind == "events" else ""
        body.append(f"user{actor},{FIRST + timedelta(days=day)},{feature},3,60,1,1{event}")
    return urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/usage/batches", data="\n".join(body).encode(),
        headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": f"{kind}-{number}", "Content-Type": "text/csv"},
    )  # fmt: skip


def send(request: urllib.request.Request) -> None:
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201
