"""Figures of other ranges, and bitmaps for pages."""

from datetime import date, timedelta

import pytest

from engagements.selectors.metric import activity_days, latest_metrics, metrics_for_range
from engagements.services.activity import rebuild_days
from tests.engagements.deliveries import compute, deliver, noon
from tests.factories.engagements import EngagementFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)


@pytest.fixture
def source():
    source = UsageSourceFactory(deliverable__engagement=EngagementFactory())
    deliver(source, {MONDAY + timedelta(days=n): ["ann", "ben"][: 1 + n % 2] for n in range(10)})
    compute(source.deliverable.engagement, on=MONDAY + timedelta(days=9))
    return source


def test_range_ends_with_the_headline_that_was_stored(source):
    engagement = source.deliverable.engagement

    found = metrics_for_range(engagement, now=noon(MONDAY + timedelta(days=9)))

    stored = dict(latest_metrics(engagement).values)
    assert (stored.pop("value"), stored.pop("reached")["outcomes"][0]) == (None, 15)
    assert (found.headline, found.start, found.end) == (stored, MONDAY, MONDAY + timedelta(days=9))


def test_week_of_the_range_is_whole_although_the_range_ends_within(source):
    tuesday = MONDAY + timedelta(days=1)

    found = metrics_for_range(source.deliverable.engagement, now=noon(tuesday), start=MONDAY, end=tuesday)

    assert [(row.week.wau, row.week.partial, row.events) for row in found.weeks] == [(2, True, 10)]
    assert found.headline["wau"] == 2
    assert found.habit == {1: 1, 2: 1}


def test_range_without_usage_is_empty_and_unknown():
    found = metrics_for_range(EngagementFactory(), now=noon(MONDAY))

    assert (found.headline["wau"], found.habit, [row.week.wau for row in found.weeks]) == (None, {}, [0])


def test_activity_unites_the_deliverables_named_and_no_other(source):
    engagement = source.deliverable.engagement
    other, stranger = (UsageSourceFactory(deliverable__engagement=engagement) for _ in range(2))
    for each, name in ((other, "cas"), (stranger, "dot")):
        deliver(each, {MONDAY: [name]})
        rebuild_days(each.deliverable_id, [MONDAY])

    found = activity_days([source.deliverable, other.deliverable], MONDAY, MONDAY + timedelta(days=1))

    assert {day: len(actors) for day, actors in found.items()} == {MONDAY: 2, MONDAY + timedelta(days=1): 2}
