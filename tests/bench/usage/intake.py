"""10,000 rows over HTTP, against a staging table and INSERT … ON CONFLICT into one with the same columns and indexes."""

from __future__ import annotations

import random
import statistics
import time
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection

from engagements.models import UsageBatch, UsageEvent, UsageRow, UsageSource
from engagements.services.actors import hashes_of, number_actors
from engagements.services.sources import create_usage_token
from tests.bench.usage import bare
from tests.factories.people import UserFactory
from tests.factories.usage import UsageBatchFactory, UsageSourceFactory

ROWS, ACTORS, DAYS = 10_000, 1_000, 300
FIRST = date(2025, 1, 1)
Line = tuple[int, int, str]


def measure(kind: str, port: int, *, table: int, batches: int) -> tuple[str, float, float, float]:
    """Return name, median milliseconds of ours and of the reference, and ours as a share of the reference's speed."""
    source = UsageSourceFactory(kind=kind)
    truth = UsageRow if kind == UsageSource.Kind.DAILY else UsageEvent
    actors = actors_of(source)
    old = UsageBatchFactory(source=source, sequence=99_999)
    fill(truth, source, old, actors, table)
    __, secret = create_usage_token(source=source, name="bench", by=UserFactory())
    ours, reference = [], []
    for number in range(batches):
        lines = rows_of(random.Random(number))
        batch = UsageBatchFactory(source=source, sequence=100_000 + number)
        rows = stored_rows(truth, batch, actors, lines)
        reference.append(timed(lambda rows=rows: bare.load(truth, bare.prepared(rows))))
        request = request_of(port, secret, kind, number, lines)
        ours.append(timed(lambda request=request: send(request)))
    ratio = statistics.median(b / o for o, b in zip(ours, reference, strict=True))
    return f"{ROWS} rows over HTTP, {kind}, table of {table}: speed / bare", statistics.median(ours), statistics.median(reference), ratio


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


def fill(truth: bare.Truth, source: UsageSource, batch: UsageBatch, actors: list[int], count: int) -> None:
    """Rows of a batch that came before, made in the database, in our table and in its twin."""
    table, twin, names = truth._meta.db_table, bare.twin_of(truth), ", ".join(bare.COLUMNS[truth])
    first, people = min(actors), len(actors)
    place = f"{source.pk}, CAST(n AS varchar(20)), " if truth is UsageEvent else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE {bare.numbers('s', 1, count)} INSERT INTO {table} ({names}) "
            f"SELECT {place}{batch.pk}, {source.deliverable_id}, {bare.day_after(date(2023, 1, 1), 'n / 5000')}, "
            f"{first} + n % {people}, 'f' || (n / {people} % 5), '', 1, 60, 1, 0, 0, 0 FROM s"
        )
        cursor.execute(f"INSERT INTO {twin} ({names}) SELECT {names} FROM {table} WHERE batch_id = {batch.pk}")
        cursor.execute(f"ANALYZE {table}")
        cursor.execute(f"ANALYZE {twin}")


def rows_of(chance: random.Random) -> list[Line]:
    keys = {(chance.randrange(ACTORS), chance.randrange(DAYS), f"f{chance.randrange(5)}") for __ in range(ROWS)}
    return sorted(keys, key=lambda _: chance.random())


def stored_rows(truth: bare.Truth, batch: UsageBatch, actors: list[int], lines: list[Line]) -> Iterator[tuple[object, ...]]:
    for number, (actor, day, feature) in enumerate(lines):
        event = (batch.source_id, f"e{batch.pk}-{number}") if truth is UsageEvent else ()
        day = str(FIRST + timedelta(days=day))
        yield *event, batch.pk, batch.source.deliverable_id, day, actors[actor], feature, "", 3, 60, 1, 1, 0, 0


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
