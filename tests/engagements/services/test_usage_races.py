"""Several programs at once: every batch counted once, every day right, whoever came first."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from engagements.intake.rows import UsageLine
from engagements.models import Actor, DirtyDay, UsageBatch, UsageSource
from engagements.services.activity import rebuild_days
from tests.engagements.services.test_usages import MONDAY, activity, send
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = [MONDAY + timedelta(days=n) for n in range(3)]


def at_once(*acts: Callable[[], object]) -> None:
    """Run the acts in threads of their own. A failure of one fails the test."""
    faults: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as fault:  # whatever it was, the main thread tells it
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []


def rebuild(source: UsageSource) -> None:
    for __ in range(6):
        rebuild_days(source.deliverable_id, list(DirtyDay.objects.values_list("day", flat=True)))


def test_batches_and_rebuilds_at_once_lose_nothing() -> None:
    first = UsageSourceFactory()
    second = UsageSourceFactory(deliverable=first.deliverable)

    def deliver(source: UsageSource, actors: list[str], days: list) -> None:
        for number in range(5):
            rows = [UsageLine(actor, day, events=number + 1) for actor in actors for day in days]
            send(source, *rows, key=f"{actors[0]} {number}")

    at_once(
        lambda: deliver(first, ["ann", "bob"], DAYS),
        lambda: deliver(first, ["cem", "ann"], DAYS[::-1]),
        lambda: deliver(second, ["ann", "dee"], DAYS),
        lambda: rebuild(first),
        lambda: rebuild(first),
    )

    assert set(UsageBatch.objects.filter(source=first).values_list("sequence", flat=True)) == set(range(1, 11))
    assert sorted(Actor.objects.values_list("ordinal", flat=True))[0] == 0
    everybody = set(Actor.objects.values_list("ordinal", flat=True))
    assert len(everybody) == 4
    found = activity(first)
    assert {day: actors for day, (actors, __) in found.items()} == dict.fromkeys(DAYS, everybody)
    # bob, cem and dee end at 5, ann at 5 in the second source; in the first the last batch decides, and both end at 5.
    assert {events for __, events in found.values()} == {25}


def test_one_batch_sent_twice_at_once_is_stored_once() -> None:
    source = UsageSourceFactory()
    receipts = []
    at_once(*[lambda: receipts.append(send(source, UsageLine("ann", MONDAY), key="same"))] * 4)
    assert sorted(receipt.replayed for receipt in receipts) == [False, True, True, True]
    assert activity(source) == {MONDAY: ({0}, 1)}
