from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from fde_portal.core import health, heartbeats, queue
from fde_portal.core.models import Heartbeat
from fde_portal.core.tasks import beat_heartbeat

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Rows(list):
    """As much of a queryset as counting needs."""

    def count(self) -> int:
        return len(self)


@dataclass
class FakeQueue:
    since: datetime | None = None
    parked_rows: int = 0
    holds_readiness: bool = True

    def oldest_waiting(self) -> datetime | None:
        return self.since

    def parked(self) -> Rows:
        return Rows(range(self.parked_rows))


@pytest.fixture(autouse=True)
def queues(monkeypatch):
    """No app's own queues, only what the test registers."""
    queues: list = []
    monkeypatch.setattr(queue, "_queues", queues)
    return queues


@pytest.fixture
def healthy(db):
    heartbeats.beat("worker", now=timezone.now())


def test_healthz_answers_without_the_database(client):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@time_machine.travel("2026-03-02 09:00Z", tick=False)
def test_readyz_names_each_fact_of_a_healthy_installation(client, db):
    heartbeats.beat("worker", now=timezone.now())

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {
            "database": {"ok": True, "seconds": None},
            "migrations": {"ok": True, "seconds": None},
            "worker": {"ok": True, "seconds": 0},
            "backlog": {"ok": True, "seconds": None},
            "parked": {"ok": True, "seconds": None, "count": 0},
        },
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_fails_before_the_first_heartbeat(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["worker"] == {"ok": False, "seconds": None}


@pytest.mark.django_db
def test_readyz_fails_when_work_waits_too_long(client, healthy, queues):
    queues.append(FakeQueue(timezone.now() - timedelta(hours=1)))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["backlog"] == {"ok": False, "seconds": 3600}


def test_readyz_says_when_the_database_is_away(client, monkeypatch):
    def away() -> bool:
        raise DatabaseError("away: secret address")

    monkeypatch.setattr(health, "pending_migrations", away)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"] == {"database": {"ok": False, "seconds": None}}
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_readyz_fails_while_migrations_wait(client, healthy, monkeypatch):
    monkeypatch.setattr(health, "pending_migrations", lambda: True)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert list(response.json()["checks"]) == ["database", "migrations"]


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "ok"), [(0, True), (120, True), (121, False)])
def test_worker_is_well_for_two_minutes_after_its_heartbeat(seconds, ok):
    heartbeats.beat("worker", now=NOW - timedelta(seconds=seconds))

    assert health.worker(now=NOW) == health.Finding("worker", ok=ok, seconds=seconds)


@pytest.mark.django_db
def test_heartbeat_task_keeps_one_row_and_leaves_others_alone():
    heartbeats.beat("other", now=NOW)
    beat_heartbeat()
    beat_heartbeat()

    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker", "other"}
    assert heartbeats.age("other", now=NOW) == timedelta(0)
    assert heartbeats.age("worker", now=timezone.now()) < timedelta(seconds=10)


@pytest.mark.parametrize(("minutes", "ok"), [(15, True), (16, False)])
def test_oldest_of_all_queues_decides(queues, minutes, ok):
    for since in (None, NOW - timedelta(minutes=1), NOW - timedelta(minutes=minutes)):
        queue.register_queue(FakeQueue(since))

    assert health.backlog(now=NOW) == health.Finding("backlog", ok=ok, seconds=minutes * 60)


def test_mail_that_waits_for_its_server_takes_no_web_server_out_of_service(queues):
    queue.register_queue(FakeQueue(NOW - timedelta(days=1), holds_readiness=False))

    assert health.backlog(now=NOW) == health.Finding("backlog", ok=True)


def test_readyz_counts_parked_work_and_stays_ready(client, healthy, queues):
    queues += [FakeQueue(parked_rows=2), FakeQueue(parked_rows=1, holds_readiness=False)]

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["checks"]["parked"] == {"ok": True, "seconds": None, "count": 3}


def test_a_queue_registers_once(queues):
    one = FakeQueue()
    queue.register_queue(one)
    queue.register_queue(one)

    assert queue.queues() == (one,)


def test_ready_command_prints_each_fact_and_succeeds(healthy, capsys):
    call_command("ready")

    assert capsys.readouterr().out == "database: ok\nmigrations: ok\nworker: ok (0 s)\nbacklog: ok\nparked: ok (0)\n"


@pytest.mark.django_db
def test_ready_command_fails_without_a_worker(capsys):
    with pytest.raises(SystemExit, match="1"):
        call_command("ready")

    assert "worker: not ok\n" in capsys.readouterr().out
