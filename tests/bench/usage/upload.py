"""A million rows in one upload: what it takes of memory, what pages feel of it, and when the figures are there."""

from __future__ import annotations

import http.client
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.urls import reverse

from engagements.models import MetricSnapshot, UsageBatch, UsageRow, UsageSource
from engagements.services.sources import create_usage_token
from tests.bench.data import session_of
from tests.bench.load import Target, status_of
from tests.bench.usage import bare
from tests.bench.usage.intake import FIRST, actors_of, timed
from tests.bench.web import WebServer
from tests.factories.people import ManagerFactory
from tests.factories.usage import UsageBatchFactory, UsageSourceFactory

ACTORS = 1_000
LONGEST_WAIT = 600
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Watch:
    """Looks at the memory of processes twenty times a second. `most` are bytes above the beginning, or from nothing."""

    pids: list[int]
    most: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.done.wait(0.05):
            self.most = max(self.most, *(resident(pid) for pid in self.pids))


def resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:  # it has ended
        return 0


@contextmanager
def watched(pids: list[int]) -> Iterator[Watch]:
    watch = Watch(pids)
    thread = threading.Thread(target=watch.run)
    thread.start()
    yield watch
    watch.done.set()
    thread.join()


@contextmanager
def working(environment: dict[str, str]) -> Iterator[int]:
    """A Celery worker; its process id."""
    command = [sys.executable, "-m", "celery", "-A", "fde_portal", "worker", "--pool=solo", "-B", "--loglevel=ERROR",
               "--without-gossip", "--without-mingle", "-s", f"{environment['DATA_DIR']}/beat"]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def measure(portal: WebServer, environment: dict[str, str], *, rows: int) -> list[str]:
    """Send the rows once, and return what was seen as lines for a reader."""
    source = UsageSourceFactory()
    __, secret = create_usage_token(source=source, name="bench", by=ManagerFactory())
    bare = load_bare(source, rows)
    with tempfile.TemporaryDirectory() as folder, working(environment) as worker:
        body = Path(folder, "rows.csv")
        write_body(body, rows)
        web = Path(f"/proc/{portal.pid}/task/{portal.pid}/children").read_text().split()
        before = {int(pid): resident(int(pid)) for pid in web}
        with watched(list(before)) as of_web, watched([worker]) as of_worker, asking(page_of(portal, source)) as times:
            whole = timed(lambda: (send(portal.port, secret, body), wait_for_figures(source, rows))) / 1000
    more = of_web.most - min(before.values())
    return [
        f"{rows:,} rows in one upload: figures after {whole:.1f} s, bare load {bare:.1f} s, {whole / bare:.2f} times (goal 2.0)",
        f"memory: a web process at most +{more / 2**20:.0f} MB (goal 64), the worker at most {of_worker.most / 2**20:.0f} MB (goal 350)",
        f"meanwhile {len(times)} pages, all answered, p95 {statistics.quantiles(times, n=20)[18] * 1000:.0f} ms",
    ]


def row_of(number: int) -> tuple[int, str]:
    return number % ACTORS, str(FIRST + timedelta(days=number // ACTORS % 500))


def write_body(path: Path, rows: int) -> None:
    with path.open("w") as file:
        file.write("actor,date,feature,events,accepted\n")
        for number in range(rows):
            actor, day = row_of(number)
            file.write(f"user{actor},{day},f{number // (ACTORS * 500)},3,1\n")


def load_bare(source: UsageSource, rows: int) -> float:
    """Seconds of a staging table and INSERT … ON CONFLICT into a table with the columns and indexes of the product."""
    actors, batch = actors_of(source), UsageBatchFactory(source=source, sequence=99_999)
    bare.twin_of(UsageRow)
    prepared = bare.prepared(stored_row(batch, actors, number) for number in range(rows))
    taken = timed(lambda: bare.load(UsageRow, prepared)) / 1000
    batch.delete()
    return taken


def stored_row(batch: UsageBatch, actors: list[int], number: int) -> tuple[object, ...]:
    actor, day = row_of(number)
    return batch.pk, batch.source.deliverable_id, day, actors[actor], f"f{number // (ACTORS * 500)}", "", 3, 0, 1, 0, 0, 0


def send(port: int, secret: str, body: Path) -> None:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "upload", "Content-Type": "text/csv"}
    with body.open("rb") as file:
        client.request("POST", "/api/v1/usage/batches", body=file, headers=headers | {"Content-Length": str(body.stat().st_size)})
        answer = client.getresponse()
        assert answer.status == 202, answer.read()


def wait_for_figures(source: UsageSource, rows: int) -> None:
    """Until a snapshot holds the last day. Raises AssertionError when the batch was refused, or after ten minutes."""
    end = time.monotonic() + LONGEST_WAIT
    last = row_of(min(rows, 500 * ACTORS) - 1)[1]
    while not MetricSnapshot.objects.filter(deliverable=source.deliverable_id, values__last_usage_day=last).exists():
        assert time.monotonic() < end
        assert not UsageBatch.objects.filter(source=source, state=UsageBatch.State.FAILED).exists()
        time.sleep(0.1)


def page_of(portal: WebServer, source: UsageSource) -> Target:
    path = reverse("engagement_adoption", args=[source.deliverable.engagement.slug])
    return Target("adoption", portal, path, {"Cookie": f"sessionid={session_of(ManagerFactory())}"})


@contextmanager
def asking(target: Target) -> Iterator[list[float]]:
    """Ask for a page again and again; the seconds that each answer took. Another answer than 200 is an error."""
    times: list[float] = []
    faults: list[int] = []
    done = threading.Event()

    def ask() -> None:
        while not done.wait(0.2):
            begin = time.monotonic()
            status = status_of(target)
            times.append(time.monotonic() - begin)
            if status != 200:
                faults.append(status)

    thread = threading.Thread(target=ask)
    thread.start()
    yield times
    done.set()
    thread.join()
    assert not faults, faults
