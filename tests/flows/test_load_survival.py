"""A worker that is killed in the middle of a large delivery: nothing of it counts, and then exactly all of it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from pyroaring import BitMap

from engagements.models import ActivityDay, UsageBatch, UsageLoad, UsageRow
from engagements.services.recomputes import request_recompute
from engagements.services.usage_loads import receive_in_chunks
from fde_portal.celery import app
from tests.factories.engagements import EngagementFactory
from tests.factories.usage import UsageSourceFactory
from tests.flows.test_survival import kill, nothing_waits, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, DAYS = 1_000, 200
FIRST = date(2026, 1, 5)
Key = tuple[int, date, str, int]


def plan(rows: int) -> Iterator[Key]:
    """Person, day, feature and events of each row; no two have the same key."""
    for number in range(rows):
        feature, rest = divmod(number, PEOPLE * DAYS)
        yield rest % PEOPLE, FIRST + timedelta(days=rest // PEOPLE), f"f{feature}", number % 3


def pieces(rows: int) -> Iterator[bytes]:
    yield b"actor,date,feature,events\n"
    for person, day, feature, events in plan(rows):
        yield f"user{person},{day},{feature},{events}\n".encode()


@pytest.mark.parametrize("rows", [100_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_a_load_that_was_killed_in_the_middle_ends_exact(start_worker, rows: int) -> None:
    source, worker = UsageSourceFactory(), start_worker()
    batch = receive_in_chunks(pieces(rows), source=source, key="large", by=None, now=timezone.now(), format="csv").batch
    is_read = UsageBatch.objects.filter(pk=batch.pk, read_size__gte=batch.size // 4)
    wait_until(lambda: is_read.exists() and UsageRow.objects.exists(), "a part of the load", seconds=300)
    kill(worker)

    batch.refresh_from_db()
    assert (batch.state, UsageRow.objects.count() < rows, ActivityDay.objects.count()) == (UsageBatch.State.LOADING, True, 0)

    UsageLoad.objects.update(lease_until=timezone.now())
    start_worker()
    app.send_task("engagements.tasks.sweep")
    wait_until(lambda: not UsageLoad.objects.exists() and nothing_waits(), "the end of the load", seconds=600)

    batch.refresh_from_db()
    assert (batch.state, batch.row_count) == (UsageBatch.State.ACCEPTED, rows)
    assert_days_follow_from(rows)


def test_small_work_is_done_while_one_worker_loads_a_large_delivery(start_worker) -> None:
    source, other = UsageSourceFactory(), EngagementFactory()
    start_worker()
    batch = receive_in_chunks(pieces(400_000), source=source, key="large", by=None, now=timezone.now(), format="csv").batch
    wait_until(lambda: UsageBatch.objects.filter(pk=batch.pk, read_size__gt=0).exists(), "a part of the load", seconds=100)

    with transaction.atomic():
        request_recompute(other.pk)
    wait_until(lambda: other.metric_snapshots.exists(), "the figures of another engagement", seconds=100)

    batch.refresh_from_db()
    assert (batch.state, batch.progress < 100) == (UsageBatch.State.LOADING, True)
    wait_until(lambda: not UsageLoad.objects.exists() and nothing_waits(), "the end of the load", seconds=600)
    assert_days_follow_from(400_000)


def assert_days_follow_from(rows: int) -> None:
    """Count people and events of each day once more, with plain sets."""
    people, events = defaultdict(set), defaultdict(int)
    for person, day, _feature, amount in plan(rows):
        events[day] += amount
        people[day] |= {person} if amount else set()
    stored = ActivityDay.objects.filter(dimension=ActivityDay.Dimension.ALL)
    found = {day: (len(BitMap.deserialize(bytes(actors))), total) for day, actors, total in stored.values_list("day", "actors", "events")}
    assert found == {day: (len(people[day]), events[day]) for day in events}
    assert UsageRow.objects.aggregate(total=Sum("events"))["total"] == sum(events.values())
