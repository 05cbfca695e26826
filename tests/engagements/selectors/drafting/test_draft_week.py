"""Which days a draft looks at, and in whose language it speaks."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from engagements.selectors.drafting import SOURCES, DraftWeek, facts_of
from engagements.selectors.weekly_update import Week
from tests.engagements.selectors.drafting.conftest import WEEK
from tests.factories.engagements import MilestoneFactory, WeeklyUpdateFactory
from tests.factories.log import DecisionFactory, TrainingFactory

pytestmark = pytest.mark.django_db


def published(engagement, week, day):
    at = datetime(2026, 11, day, 15, tzinfo=UTC)
    return WeeklyUpdateFactory(engagement=engagement, iso_week=week, state="published", published_at=at)


def test_what_happened_after_the_last_publication_belongs_to_the_next_week(engagement):
    assert DraftWeek.of(engagement, WEEK).days == (date(2026, 11, 16), date(2026, 11, 22))
    update = published(engagement, 46, 13)
    assert DraftWeek.of(engagement, WEEK).since == date(2026, 11, 14)
    update.published_at = datetime(2026, 11, 18, tzinfo=UTC)  # late: what came after is this week's own
    update.save()
    assert DraftWeek.of(engagement, WEEK).since == date(2026, 11, 16)


def test_a_week_that_was_left_out_is_not_told_in_the_next_one(engagement):
    published(engagement, 45, 8)
    assert DraftWeek.of(engagement, WEEK).since == date(2026, 11, 16)


def test_instants_are_days_of_the_engagement(engagement):
    engagement.time_zone = "Pacific/Kiritimati"
    draft = DraftWeek.of(engagement, Week(2026, 53))
    assert draft.begin == datetime(2026, 12, 27, 10, tzinfo=UTC)
    assert draft.end == datetime(2027, 1, 3, 10, tzinfo=UTC)


def test_what_the_customer_reads_is_drafted_in_their_language_and_the_rest_in_the_authors(engagement):
    shared = MilestoneFactory(engagement=engagement, title="Pilot", baseline_on=date(2026, 11, 17), actual_on=date(2026, 11, 17))
    inside = DecisionFactory(engagement=engagement, text="Keep it", noted_on=date(2026, 11, 17))
    with translation.override("en"):
        facts = facts_of(engagement, WEEK)
        lines = {key: fact.line("zh-hans").text for key, fact in facts.items()}
    assert lines == {
        f"milestone-{shared.pk}-reached": "“Pilot”已于11月17日达成。正是承诺的日期。",
        f"decision-{inside.pk}": "Decided: Keep it.",
    }


def test_a_draft_costs_the_same_for_one_fact_and_for_twenty(engagement):
    DecisionFactory(engagement=engagement, noted_on=date(2026, 11, 17))
    with CaptureQueriesContext(connection) as one:
        assert len(facts_of(engagement, WEEK)) == 1
    for factory in (DecisionFactory, TrainingFactory):
        factory.create_batch(9, engagement=engagement, noted_on=date(2026, 11, 17))
    MilestoneFactory(engagement=engagement, actual_on=date(2026, 11, 17))
    with CaptureQueriesContext(connection) as twenty:
        assert len(facts_of(engagement, WEEK)) == 20
    assert len(one) == len(twenty)


def test_what_the_update_before_told_is_not_drafted_again(engagement):
    told = DecisionFactory(engagement=engagement, noted_on=date(2026, 11, 18))
    new = DecisionFactory(engagement=engagement, noted_on=date(2026, 11, 18))
    published(engagement, 46, 16).internal_lines.create(kind="progress", text="Told", fact=f"decision-{told.pk}")
    assert list(facts_of(engagement, WEEK)) == [f"decision-{new.pk}"]


def test_every_source_is_registered_once():
    assert len(set(SOURCES)) == len(SOURCES)
