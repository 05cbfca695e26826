"""Small records as facts of a week."""

from datetime import UTC, date, datetime

import pytest

from engagements.selectors.drafting.records import asks_done, blockers_cleared, decisions, trainings
from tests.factories.concerns import BlockerFactory
from tests.factories.engagements import AskFactory, WeeklyUpdateFactory
from tests.factories.log import DecisionFactory, TrainingFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 17)


def test_trainings_and_decisions_of_the_week_stay_with_us(engagement, stranger, told):
    night = TrainingFactory(engagement=engagement, text="Night shift.", noted_on=DAY, people=19)
    open_door = TrainingFactory(engagement=engagement, text="Open door", noted_on=DAY)
    named = DecisionFactory(engagement=engagement, text="Keep the queue", decided_by="Pieter Bakker", noted_on=DAY)
    for factory in (TrainingFactory, DecisionFactory):
        factory(engagement=engagement, noted_on=date(2026, 11, 15))
        factory(engagement=stranger, noted_on=DAY)
    assert told(trainings) == [
        (f"training-{night.pk}", "Training on 17 November with 19 people: Night shift.", False),
        (f"training-{open_door.pk}", "Training on 17 November: Open door.", False),
    ]
    assert told(decisions) == [(f"decision-{named.pk}", "Decided by Pieter Bakker: Keep the queue.", False)]


def test_a_cleared_blocker_is_shared_only_in_the_words_the_customer_knows(engagement, stranger, told):
    cleared = {"state": "cleared", "cleared_on": DAY, "opened_on": date(2026, 11, 7)}
    ours = BlockerFactory(engagement=engagement, text="Their IT is slow", **cleared)
    shared = BlockerFactory(engagement=engagement, text="Pieter stalls", shared_wording="The review date", **cleared)
    BlockerFactory(engagement=stranger, **cleared)
    assert told(blockers_cleared) == [
        (f"blocker-{ours.pk}-cleared", "No longer in the way, after 10 days: Their IT is slow.", False),
        (f"blocker-{shared.pk}-cleared", "No longer in the way, after 10 days: The review date.", True),
    ]


def test_an_ask_that_is_done_is_told_when_the_customer_could_read_it(engagement, stranger, told):
    done = {"state": "done", "closed_on": DAY}
    published = WeeklyUpdateFactory(engagement=engagement, iso_week=46, state="published", published_at=datetime(2026, 11, 13, tzinfo=UTC))
    given = AskFactory(engagement=engagement, raised_in=published, text="Name a reviewer", **done)
    AskFactory(engagement=engagement, raised_in=WeeklyUpdateFactory(engagement=engagement, iso_week=47), **done)
    AskFactory(engagement=engagement, raised_in=published, state="withdrawn", closed_on=DAY)
    AskFactory(engagement=stranger, **done)
    assert told(asks_done) == [(f"ask-{given.pk}-done", "Done on your side: Name a reviewer.", True)]
