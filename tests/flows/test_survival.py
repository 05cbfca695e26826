"""What is killed with SIGKILL is taken up again: after the restarts no number is wrong or missing."""

import json
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from pyroaring import BitMap

from engagements.metrics.periods import local_day
from engagements.models import (
    ActivityDay,
    DirtyDay,
    HealthSnapshot,
    MetricSnapshot,
    Recompute,
    UsageBatch,
    UsageRow,
    UsageSource,
)
from engagements.services.activity import mark_days
from engagements.services.recomputes import LEASE, WAITING, request_recompute, run_recompute
from fde_portal.celery import app
from tests.conftest import PROJECT, end_group
from tests.engagements.deliveries import compute
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.usage import TargetPopulationFactory, UsageSourceFactory

pytestmark = pytest.mark.django_db(transaction=True)

SEED = 20260302
PEOPLE = [f"person-{n}" for n in range(40)]
HISTORY_DAYS = 60
CLOSED_DAYS = 15
BATCHES = 24
LATE_BATCHES = 4
ROWS = 60


@pytest.fixture
def sources():
    """Two engagements with two measured deliverables each, and snapshots of days that are closed."""
    engagements = [EngagementFactory(time_zone=zone_where_it_is_noon()) for _ in range(2)]
    sources = [UsageSourceFactory(deliverable=DeliverableFactory(engagement=one)) for one in engagements * 2]
    TargetPopulationFactory(deliverable=sources[0].deliverable, licences=30, starts_on=date(2020, 1, 6))
    for engagement in engagements:
        for back in range(CLOSED_DAYS, 0, -1):
            compute(engagement, on=timezone.now().date() - timedelta(days=back))
    return sources


def zone_where_it_is_noon() -> str:
    """So that no midnight falls into the test."""
    return f"Etc/GMT{timezone.now().hour - 12:+d}"


@pytest.fixture
def plan(sources) -> list[dict]:
    """Batches of random people and days, the days of later ones often long closed."""
    draw = random.Random(SEED)
    today = local_day(timezone.now(), sources[0].deliverable.engagement.zone)
    return [
        {
            "source": draw.choice(sources).pk,
            "key": f"batch-{number}",
            "rows": [
                [draw.choice(PEOPLE), str(today - timedelta(days=draw.randrange(HISTORY_DAYS))), draw.randrange(3)]
                for _ in range(ROWS)
            ],
        }
        for number in range(BATCHES + LATE_BATCHES)
    ]


@pytest.fixture
def start_import(process_environment, tmp_path) -> Iterator[Callable[[list[dict]], subprocess.Popen]]:
    """A function that starts the import of some batches in a process of its own."""
    started: list[subprocess.Popen] = []

    def start(batches: list[dict]) -> subprocess.Popen:
        path = tmp_path / "plan.json"
        path.write_text(json.dumps(batches))
        command = [sys.executable, "-m", "tests.flows.importer", str(path)]
        started.append(subprocess.Popen(command, cwd=PROJECT, env=process_environment, start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        end_group(process)


def kill(process: subprocess.Popen) -> None:
    end_group(process)
    process.wait(timeout=10)


def wait_until(true: Callable[[], object], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what} did not happen in {seconds} s"
        time.sleep(0.005)


def computing(since: datetime) -> list[int]:
    """Engagements with a claim made after `since`; the claims of killed workers are older."""
    claimed = Recompute.objects.filter(lease_until__gt=since + LEASE)
    return list(claimed.values_list("engagement_id", flat=True))


def has_rebuilt_days(since: datetime) -> bool:
    """Whether a computation has left its days behind it and still has figures before it."""
    dirty = set(DirtyDay.objects.values_list("deliverable__engagement", flat=True))
    return not dirty.issuperset(computing(since))


def nothing_waits() -> bool:
    return not Recompute.objects.filter(WAITING).exists()


def empty_broker() -> None:
    """Take away what waits in the broker of this run, as a Redis that restarts without its file does."""
    if settings.REDIS_URL:
        import redis  # only on servers

        client = redis.Redis.from_url(settings.REDIS_URL)
        for key in client.scan_iter(f"{settings.RUN}*"):
            client.delete(key)
    for message in Path(settings.SCRATCH, "queue").glob("*.msg"):
        message.unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("kills", "patient"), [(2, False), pytest.param(4, True, marks=pytest.mark.slow)], ids=["hurried", "patient"]
)
def test_no_number_is_wrong_or_missing_after_kills(sources, plan, start_worker, start_import, kills, patient):
    pass_time = wait_for_nothing if patient else make_time_pass
    first = plan[:BATCHES]
    begin = timezone.now()
    worker, importer = start_worker(), start_import(first)
    for number in range(1, kills + 1):
        wait_until(lambda goal=number * BATCHES // (kills + 1): UsageBatch.objects.count() >= goal, "the import")
        wait_until(lambda since=begin: computing(since), "a computation")
        kill(worker)
        kill(importer)
        empty_broker()
        pass_time()
        begin = timezone.now()
        worker, importer = start_worker(), start_import(first)
    assert importer.wait(timeout=60) == 0
    pass_time()
    wait_until(nothing_waits, "the last computation", seconds=120)
    assert_headlines_follow_from(first)
    kill(worker)

    # Late batches without a worker and without a message: only the sweep knows. It is killed half-way.
    assert start_import(plan).wait(timeout=60) == 0
    empty_broker()
    begin = timezone.now()
    worker = start_worker()
    wait_until(lambda: has_rebuilt_days(begin) or nothing_waits(), "the rebuilding of the days")
    kill(worker)
    empty_broker()
    start_worker()
    pass_time()
    wait_until(nothing_waits, "the last computation", seconds=120)

    assert_headlines_follow_from(plan)
    assert_a_fresh_computation_ends_the_same(sources)


def wait_for_nothing() -> None:
    """Leases and sweeps come by themselves."""


def make_time_pass() -> None:
    """Let the leases of killed workers run out and the next sweep come now."""
    Recompute.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now())
    app.send_task("engagements.tasks.sweep")


def assert_headlines_follow_from(batches: list[dict]) -> None:
    """Count the people of each stored figure once more, from the plan and with plain sets."""
    active = people_by_source_and_day(batches)
    snapshots = list(MetricSnapshot.objects.all())
    assert len(snapshots) >= 2 * 3 * CLOSED_DAYS
    for snapshot in snapshots:
        mine = [days for source, days in active.items() if belongs(source, snapshot)]
        found = [snapshot.values[key] or 0 for key in ("dau", "wau", "mau28")]
        assert found == [len(people(mine, snapshot.day, length)) for length in (1, 7, 28)], str(snapshot)


def people_by_source_and_day(batches: list[dict]) -> dict[UsageSource, dict[date, set[str]]]:
    """Equal rows of a batch are added up; of several batches the last one counts."""
    events: dict[tuple, int] = {}
    for batch in batches:
        sums: Counter = Counter()
        for actor, day, amount in batch["rows"]:
            sums[batch["source"], date.fromisoformat(day), actor] += amount
        events |= sums
    result: dict = {source: defaultdict(set) for source in UsageSource.objects.select_related("deliverable")}
    by_id = {source.pk: days for source, days in result.items()}
    for (source_id, day, actor), amount in events.items():
        if amount:
            by_id[source_id][day].add(actor)
    return result


def belongs(source: UsageSource, snapshot: MetricSnapshot) -> bool:
    if snapshot.deliverable_id:
        return source.deliverable_id == snapshot.deliverable_id
    return source.deliverable.engagement_id == snapshot.engagement_id


def people(sources: list[dict[date, set[str]]], last: date, length: int) -> set[str]:
    return set().union(*(days[last - timedelta(days=back)] for days in sources for back in range(length)))


def assert_a_fresh_computation_ends_the_same(sources: list[UsageSource]) -> None:
    """Compute everything again from the rows, in peace, and compare all that is stored."""
    stored = contents()
    ActivityDay.objects.all().delete()
    for source in sources:
        mark_days(source.deliverable_id, UsageRow.objects.filter(batch__source=source).values_list("day", flat=True))
    for engagement in {source.deliverable.engagement for source in sources}:
        request_recompute(engagement.pk)
        run_recompute(engagement.pk, now=timezone.now())
    wait_until(nothing_waits, "the fresh computation")
    assert contents() == stored
    assert not DirtyDay.objects.exists()


def contents() -> dict:
    """Everything derived, except when and for which version it was computed."""
    figures = MetricSnapshot.objects.values_list("engagement", "deliverable", "day", "values", "series")
    judged = ("score", "band", "coverage", "components", "reasons")
    health = HealthSnapshot.objects.values_list("engagement", "day", *judged)
    days = ActivityDay.objects.values_list("deliverable", "day", "dimension", "name", "actors", "events")
    return {
        "figures": {row[:3]: row[3:] for row in figures},
        "health": {row[:2]: row[2:] for row in health},
        "days": {row[:4]: (BitMap.deserialize(bytes(row[4])), row[5]) for row in days},
    }
