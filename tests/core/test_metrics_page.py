"""What Prometheus reads: who may, and which figures."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from engagements.models import Recompute
from engagements.services.recomputes import request_recompute
from fde_portal.core import heartbeats, telemetry
from fde_portal.core.models import OutgoingMail
from tests.factories.engagements import EngagementFactory

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TOKEN = "a token of twenty letters"


def figures(text: bytes) -> dict[tuple, float]:
    """Samples by name and labels."""
    families = text_string_to_metric_families(text.decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, 404),
    ],
)
def test_without_a_token_this_machine_may_read_and_nobody_through_the_proxy(client, address, headers, status):
    assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("authorization", "status"), [(f"Bearer {TOKEN}", 200), (f"bearer {TOKEN}", 404), ("Bearer ", 404), ("Bearer größe", 404), (None, 404)]
)
def test_with_a_token_only_the_token_opens(client, settings, authorization, status):
    settings.METRICS_TOKEN = TOKEN
    headers = {"Authorization": authorization} if authorization else {}

    assert client.get("/metrics", headers=headers).status_code == status


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_status(client):
    before = figures(client.get("/metrics").content)
    client.get("/healthz")
    client.get("/s/secret-one/")
    client.get("/s/secret-two/")
    client.generic("BREW", "/nowhere/")

    after = figures(client.get("/metrics").content)

    def grown(*key: str) -> float:
        return after[key] - before.get(key, 0)

    assert grown("fde_portal_requests_total", "GET", "healthz", "200") == 1
    assert grown("fde_portal_requests_total", "GET", "shared_page", "404") == 2
    assert grown("fde_portal_request_seconds_count", "shared_page") == 2
    assert grown("fde_portal_requests_total", "other", "unknown", "404") == 1
    assert "secret-" not in str(after)  # routes may be named after secrets


@pytest.mark.django_db
def test_queues_and_worker_are_read_from_the_database():
    heartbeats.beat("worker", now=NOW - timedelta(seconds=20))
    for minutes, parked_at in ((1, None), (9, None), (99, NOW)):
        request_recompute((engagement := EngagementFactory()).pk)
        Recompute.objects.filter(engagement=engagement).update(wanted_at=NOW - timedelta(minutes=minutes), parked_at=parked_at)
    OutgoingMail.objects.create(message_id="<1>", recipient="ann@example.org", wanted_at=NOW - timedelta(minutes=2), source=b"")

    found = figures(telemetry.exposition(now=NOW))

    assert {key: value for key, value in found.items() if "request" not in key[0]} == {
        ("fde_portal_database_up",): 1,
        ("fde_portal_queue_waiting", "computations"): 2,
        ("fde_portal_queue_waiting", "mail"): 1,
        ("fde_portal_queue_waiting", "usage"): 0,
        ("fde_portal_queue_oldest_seconds", "computations"): 540,
        ("fde_portal_queue_oldest_seconds", "mail"): 120,
        ("fde_portal_queue_oldest_seconds", "usage"): 0,
        ("fde_portal_queue_parked", "computations"): 1,
        ("fde_portal_queue_parked", "mail"): 0,
        ("fde_portal_queue_parked", "usage"): 0,
        ("fde_portal_worker_heartbeat_age_seconds",): 20,
    }


@pytest.mark.django_db
def test_requests_are_told_while_the_database_is_away(client, monkeypatch):
    def away(*_args, **_kwargs):
        raise DatabaseError

    client.get("/healthz")
    monkeypatch.setattr(telemetry.heartbeats, "age", away)

    found = figures(telemetry.exposition(now=timezone.now()))

    assert found["fde_portal_database_up",] == 0
    assert found["fde_portal_requests_total", "GET", "healthz", "200"] >= 1
    assert not any(key[0].startswith("fde_portal_queue") for key in found)
