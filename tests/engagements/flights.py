"""The public flight log of tests/data, received through the real intake: aircraft stand for users."""

from datetime import UTC, date, datetime

from django.test import Client

from engagements.intake.files import read_csv
from engagements.models import Deliverable, UsageSource
from engagements.services.recomputes import run_recompute, waits
from engagements.services.usages import receive_usage_batch
from tests.engagements.metrics.published import DATA
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.usage import UsageSourceFactory, UsageTokenFactory

FLOWN = DATA / "logs/flights/events.csv"
AFTER_THE_LAST = datetime(2014, 1, 1, 12, tzinfo=UTC)


def receive_flights(*, now: datetime = AFTER_THE_LAST, over_http: bool = False) -> Deliverable:
    """Store the whole log unshifted as usage of a new deliverable, and compute its engagement."""
    engagement = EngagementFactory(slug="flights", time_zone="America/New_York", started_on=date(2012, 12, 31))
    deliverable = DeliverableFactory(engagement=engagement, name="Planner")
    source = UsageSourceFactory(deliverable=deliverable)
    if over_http:
        send_flights(source)
    else:
        rows = read_csv(FLOWN.read_bytes(), zone=engagement.zone, today=now.date())
        receive_usage_batch(source=source, rows=rows, key="flights", content_hash="0" * 64, by=None, now=now)
    while run_recompute(engagement.pk, now=now):  # a year of days takes several turns
        pass
    assert not waits(engagement.pk)
    return deliverable


def send_flights(source: UsageSource) -> None:
    """Send the file as a program would."""
    headers = {"Authorization": f"Bearer {UsageTokenFactory(source=source).secret}", "Idempotency-Key": "flights"}
    answer = Client().generic("POST", "/api/v1/usage/batches", FLOWN.read_bytes(), content_type="text/csv", headers=headers)
    assert answer.status_code == 201, answer.content
