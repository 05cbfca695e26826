from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from fde_portal.core import backlog, health, heartbeats
from fde_portal.core.models import Heartbeat
from fde_portal.core.tasks import beat_heartbeat

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sources(monkeypatch):
    """No app's own backlog, only what the test registers."""
    sources: list = []
    monkeypatch.setattr(backlog, "_sources", sources)
    return sources


@pytest.fixture
def healthy(db):
    heartbeats.beat("worker", now=timezone.now())


def test_healthz_answers_without_the_database(client):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_readyz_names_each_fact_of_a_healthy_installation(client, healthy):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {
            "database": {"ok": True, "seconds": None},
            "migrations": {"ok": True, "seconds": None},
            "worker": {"ok": True, "seconds": 0},
            "backlog": {"ok": True, "seconds": None},
        },
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_fails_before_the_first_heartbeat(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["worker"] == {"ok": False, "seconds": None}


@pytest.mark.django_db
def test_readyz_fails_when_work_waits_too_long(client, healthy, sources):
    since = timezone.now() - timedelta(hours=1)
    sources.append(lambda: since)

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
def test_oldest_of_all_sources_decides(sources, minutes, ok):
    for since in (None, NOW - timedelta(minutes=1), NOW - timedelta(minutes=minutes)):
        backlog.register_backlog(lambda since=since: since)

    assert health.backlog(now=NOW) == health.Finding("backlog", ok=ok, seconds=minutes * 60)


def test_a_source_registers_once(sources):
    def source():
        return None

    backlog.register_backlog(source)
    backlog.register_backlog(source)

    assert sources == [source]
    assert backlog.oldest_waiting() is None


def test_ready_command_prints_each_fact_and_succeeds(healthy, capsys):
    call_command("ready")

    assert capsys.readouterr().out == "database: ok\nmigrations: ok\nworker: ok (0 s)\nbacklog: ok\n"


@pytest.mark.django_db
def test_ready_command_fails_without_a_worker(capsys):
    with pytest.raises(SystemExit, match="1"):
        call_command("ready")

    assert "worker: not ok\n" in capsys.readouterr().out
