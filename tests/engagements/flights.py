"""The public flight log of tests/data, received through the real intake: aircraft stand for users."""

from datetime import UTC, date, datetime

from engagements.intake.files import read_csv
from engagements.models import Deliverable
from engagements.services.recomputes import run_recompute
from engagements.services.usages import receive_usage_batch
from tests.engagements.metrics.published import DATA
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.usage import UsageSourceFactory

FLOWN = DATA / "logs/flights/events.csv"
AFTER_THE_LAST = datetime(2014, 1, 1, 12, tzinfo=UTC)


def receive_flights(*, now: datetime = AFTER_THE_LAST) -> Deliverable:
    """Store the whole log unshifted as usage of a new deliverable, and compute its engagement."""
    engagement = EngagementFactory(slug="flights", time_zone="America/New_York", started_on=date(2012, 12, 31))
    deliverable = DeliverableFactory(engagement=engagement, name="Planner")
    source = UsageSourceFactory(deliverable=deliverable)
    content = FLOWN.read_bytes()
    rows = read_csv(content, zone=engagement.zone, today=now.date())
    receive_usage_batch(source=source, rows=rows, key="flights", content_hash="0" * 64, by=None, now=now)
    assert run_recompute(engagement.pk, now=now)
    return deliverable
