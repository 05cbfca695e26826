"""One engagement and a stranger's, in ISO week 47 of 2026: 16 to 22 November."""

from datetime import date

import pytest

from engagements.selectors.drafting import DraftWeek
from engagements.selectors.weekly_update import Week
from tests.factories.engagements import EngagementFactory

WEEK = Week(2026, 47)


@pytest.fixture
def engagement():
    return EngagementFactory(customer__name="Harbourline")


@pytest.fixture
def stranger():
    return EngagementFactory(customer__name="Meridian")


@pytest.fixture
def told(engagement):
    """What a source says of the week, as (key, sentence, whether the customer may read it)."""

    def ask(source):
        facts = source(DraftWeek(engagement, WEEK, date(2026, 11, 16)))
        return [(fact.key, fact.say(), fact.is_shared) for fact in facts]

    return ask
