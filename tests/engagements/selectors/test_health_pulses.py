"""Pulses as of a day: those of its last 60 days, and none that came later."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engagements.selectors.health_facts import read_history
from tests.factories.responses import ResponseFactory
from tests.factories.shares import EditionFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_pulses_of_sixty_days_count_as_of_each_day():
    edition = EditionFactory()
    for number, days_ago in enumerate((0, 1, 59, 60, -1)):
        at = NOON - timedelta(days=days_ago)
        ResponseFactory(edition=edition, kind="pulse", item=number, score=number + 1, confirmed_at=at)
    ResponseFactory(kind="pulse", score=5, confirmed_at=NOON)
    ResponseFactory(edition=edition, kind="pulse", item=9, score=5, confirmed_at=NOON, taken_back_at=NOON)
    ResponseFactory(edition=edition, kind="pulse", item=9, score=5, confirmed_at=None)
    history = read_history(edition.engagement, now=NOON + timedelta(days=3))
    assert sorted(history.facts(DAY).relationship.pulses) == [1, 2, 3]
    assert sorted(history.facts(DAY + timedelta(days=1)).relationship.pulses) == [1, 2, 5]
