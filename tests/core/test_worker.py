"""A real worker with beat, on the database and broker of this run."""

import time

import pytest
from django.utils import timezone

from fde_portal.celery import app
from fde_portal.core.models import Heartbeat


def heartbeat_after(instant, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if Heartbeat.objects.filter(name="worker", at__gte=instant).exists():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.django_db(transaction=True)
def test_worker_reports_at_start_and_obeys_a_message_within_three_seconds(start_worker, client):
    start_worker()
    instant = timezone.now()

    app.send_task("core.tasks.beat_heartbeat")

    assert heartbeat_after(instant, seconds=3)
    assert client.get("/readyz").json()["checks"]["worker"]["ok"]


@pytest.mark.django_db(transaction=True)
def test_worker_killed_outright_is_replaced_by_the_next_one(start_worker):
    start_worker().kill()
    instant = timezone.now()

    start_worker()

    assert heartbeat_after(instant)


def test_schedule_names_tasks_that_exist():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
