"""Loading by the worker: killed, tried again, cancelled, and always the same end."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from engagements.models import DirtyDay, UsageBatch, UsageChunk, UsageEvent, UsageLoad, UsageRow, UsageSource
from engagements.services import usage_loading
from engagements.services.usage_loads import (
    ABANDONED_AFTER,
    cancel_load,
    keep_chunks,
    load_usage,
    next_turn,
    receive_in_chunks,
    sweep_loads,
)
from fde_portal.accounts.models import AuditEvent
from tests.engagements.services.test_usages import MONDAY, NOW, TUESDAY, UsageLine, counted, send
from tests.factories.people import UserFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db

ROWS = "".join(f"user{n % 5},2026-03-0{2 + n % 2},1\n" for n in range(40))
CONTENT = f"actor,date,events\n{ROWS}".encode()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(usage_loading, "ROWS_AT_ONCE", 10)
    monkeypatch.setattr(usage_loading, "PARTS_AT_ONCE", 3)
    monkeypatch.setattr(usage_loading, "CHUNK", 100)


@pytest.fixture(params=[UsageSource.Kind.DAILY, UsageSource.Kind.EVENTS])
def source(request) -> UsageSource:
    return UsageSourceFactory(kind=request.param)


def content_for(source: UsageSource) -> bytes:
    if source.kind == UsageSource.Kind.DAILY:
        return CONTENT
    lines = CONTENT.decode().splitlines()
    return "\n".join([f"{lines[0]},event_id", *(f"{line},e{n}" for n, line in enumerate(lines[1:]))]).encode()


def receive(source: UsageSource, content: bytes | None = None, key: str = "k", **fields) -> UsageBatch:
    pieces = [content or content_for(source)]
    return receive_in_chunks(pieces, source=source, key=key, by=None, now=NOW, label="job", format="csv", **fields).batch


def load(batch: UsageBatch, *, now: datetime = NOW) -> bool:
    """Take all turns that a delivery needs; say whether the last one was done."""
    while (done := load_usage(batch.pk, now=now)) and next_turn(batch.pk) is not None:
        pass
    return done


def test_a_delivery_waits_whole_and_counts_when_it_is_loaded(source: UsageSource) -> None:
    batch = receive(source)
    assert (batch.state, batch.chunks.count() > 3, counted(source)) == ("loading", True, {})
    assert load(batch)

    batch.refresh_from_db()
    assert (batch.state, batch.row_count, batch.first_day, batch.last_day, batch.progress) == ("accepted", 40, MONDAY, TUESDAY, 100)
    assert set(DirtyDay.objects.values_list("day", flat=True)) == {MONDAY, TUESDAY}
    assert counted(source) == {MONDAY: (5, 20), TUESDAY: (5, 20)}
    assert not UsageLoad.objects.exists()
    assert not load(batch)
    assert list(AuditEvent.objects.values_list("verb", "actor_label")) == [("receive", "job")]


@pytest.mark.parametrize("dies_at", [0, 1, 3])
def test_a_worker_that_dies_in_the_middle_leaves_nothing_that_counts_and_the_next_one_goes_on_from_there(
    source: UsageSource, monkeypatch, dies_at: int
) -> None:
    batch, parts = receive(source), []

    def note(self, lines, store=usage_loading.Loading.store):
        store(self, lines)
        parts.append(len(lines))
        if len(parts) == dies_at + 1:
            raise SystemExit(9)

    monkeypatch.setattr(usage_loading.Loading, "store", note)
    with pytest.raises(SystemExit):
        load(batch)
    assert counted(source) == {}
    assert sweep_loads(now=NOW) == []  # its lease still runs

    later = timezone.now() + timedelta(minutes=5)  # a lease is renewed by the clock itself
    assert sweep_loads(now=later) == [batch.pk]
    assert load(batch, now=later)
    assert counted(source) == {MONDAY: (5, 20), TUESDAY: (5, 20)}
    assert parts == [10] * 5  # the part in hand alone was stored again


def test_a_turn_stores_some_parts_and_leaves_the_rest_to_the_next(source: UsageSource) -> None:
    batch, rows = receive(source), UsageRow if source.kind == UsageSource.Kind.DAILY else UsageEvent
    assert load_usage(batch.pk, now=NOW)
    batch.refresh_from_db()
    assert (next_turn(batch.pk), batch.state, 50 < batch.progress < 100, counted(source)) == (31, "loading", True, {})
    assert rows.objects.aggregate(total=Sum("events"))["total"] == 30
    assert UsageLoad.objects.values_list("lease_until", "attempts").get() == (None, 0)

    assert load_usage(batch.pk, now=NOW)
    assert (next_turn(batch.pk), counted(source)) == (None, {MONDAY: (5, 20), TUESDAY: (5, 20)})


def test_a_worker_whose_lease_went_to_another_stores_nothing(source: UsageSource, monkeypatch) -> None:
    batch, others = receive(source), NOW + timedelta(hours=1)

    def lose(self, lines, store=usage_loading.Loading.store):
        store(self, lines)
        UsageLoad.objects.update(lease_until=others)

    monkeypatch.setattr(usage_loading.Loading, "store", lose)
    assert not load_usage(batch.pk, now=NOW)
    assert not (UsageRow.objects.exists() or source.events.exists())


def test_a_passing_failure_is_tried_again_and_named(source: UsageSource, monkeypatch) -> None:
    batch = receive(source)
    monkeypatch.setattr(usage_loading.Loading, "store", lambda self, lines: 1 / 0)
    assert not load(batch)
    assert "division by zero" in UsageLoad.objects.get().error
    monkeypatch.undo()
    assert load(batch, now=NOW + timedelta(minutes=5))
    assert counted(source)[MONDAY] == (5, 20)


def test_cancelling_while_it_loads_leaves_no_rows(source: UsageSource, monkeypatch, django_capture_on_commit_callbacks) -> None:
    batch, by = receive(source), UserFactory()

    def cancel_first(*args, take=usage_loading.Loading.take):
        with transaction.atomic():
            cancel_load(batch=UsageBatch.objects.get(pk=batch.pk), by=by)
        take(*args)

    monkeypatch.setattr(usage_loading.Loading, "take", cancel_first)
    assert not load(batch)
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    assert not (UsageRow.objects.exists() or source.events.exists() or UsageChunk.objects.exists())
    assert not cancel_load(batch=batch, by=by)


def test_a_refused_delivery_leaves_what_other_batches_brought() -> None:
    source = UsageSourceFactory(kind=UsageSource.Kind.EVENTS)
    bad = receive(source, content_for(source) + b"\nuser1,2026-03-02,x,e99")
    later = send(source, UsageLine("user0", MONDAY, event_id="e0"), key="later").batch
    load(bad)
    bad.refresh_from_db()
    assert (bad.state, bad.errors[0]["row"], bad.errors[0]["column"]) == ("failed", 42, "events")
    assert list(source.events.values_list("event_id", "batch")) == [("e0", later.pk)]


def test_an_attempt_that_breaks_off_leaves_nothing(source: UsageSource) -> None:
    def broken():
        yield content_for(source)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        receive_in_chunks(broken(), source=source, key="k", by=None, now=NOW, format="csv")
    assert not UsageBatch.objects.exists()
    assert receive(source).state == "loading"  # the key is free


def test_what_never_came_whole_is_forgotten_after_a_day(source: UsageSource) -> None:
    batch, _ = keep_chunks([CONTENT], source=source, received_at=NOW)
    sweep_loads(now=NOW + ABANDONED_AFTER)
    assert UsageBatch.objects.filter(pk=batch.pk).exists()
    sweep_loads(now=NOW + ABANDONED_AFTER + timedelta(seconds=1))
    assert not UsageBatch.objects.exists()
