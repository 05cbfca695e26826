"""Many engagements and several workers: each is computed once, and costs the same among many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import Engagement, Recompute
from engagements.services.recomputes import request_due, run_recompute
from tests.engagements.services.test_usage_races import at_once
from tests.engagements.services.test_usages import MONDAY, NOW, UsageLine, send
from tests.factories.usage import UsageSourceFactory


def in_use(count: int) -> list[int]:
    sources = [UsageSourceFactory() for __ in range(count)]
    for source in sources:
        send(source, UsageLine("ann", MONDAY))
    return [source.deliverable.engagement_id for source in sources]


def work_off() -> list[int]:
    """Go through all that waits; the engagements whose computation was ours."""
    return [pk for pk in Engagement.objects.order_by("pk").values_list("pk", flat=True) if run_recompute(pk, now=NOW)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_go_the_same_way_compute_each_engagement_once() -> None:
    engagements, done = in_use(8), []
    request_due(now=NOW)
    at_once(lambda: done.extend(work_off()), lambda: done.extend(work_off()))
    assert sorted(done) == engagements
    assert set(Recompute.objects.values_list("attempts", "lease_until")) == {(0, None)}


@pytest.mark.django_db
def test_an_engagement_costs_the_same_statements_among_few_and_among_many() -> None:
    def statements(engagement: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert run_recompute(engagement, now=NOW)
        return len(seen)

    alone = statements(in_use(1)[0])
    assert [statements(pk) for pk in in_use(12)] == [alone] * 12
