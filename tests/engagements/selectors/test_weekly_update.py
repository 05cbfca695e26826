"""Weeks, and the queue of the sitting."""

from datetime import UTC, date, datetime

import pytest

from engagements.models import Ask
from engagements.selectors.week_queue import Progress, queue_of
from engagements.selectors.weekly_update import Week, carried_asks, week_state
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import AskFactory, EngagementFactory, WeeklyUpdateFactory
from tests.factories.people import ManagerFactory, UserFactory

W47 = Week(2026, 47)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PUBLISHED = {"iso_week": 47, "state": "published", "published_at": NOON}


def test_a_year_with_53_weeks():
    last = Week.parse("2026-W53")
    assert (last.monday, last.sunday, last.next, Week(2027, 1).previous) == (
        date(2026, 12, 28), date(2027, 1, 3), Week(2027, 1), last
    )
    assert Week.of(date(2027, 1, 1)) == last


@pytest.mark.parametrize("text", ["2025-W53", "2026-W00", "2026-W5", "2026-47", "W47", "2026-W54", "x-Wy", ""])
def test_a_week_that_does_not_exist_is_refused(text):
    with pytest.raises(ValueError):
        Week.parse(text)


@pytest.mark.django_db
def test_the_queue_holds_my_live_engagements_with_their_state():
    me = UserFactory()
    late, early = (EngagementFactory(lead=me, customer__name=name) for name in ("Zeta", "Alpha"))
    backup = EngagementFactory(backup=me, customer__name="Beta")
    WeeklyUpdateFactory(engagement=late, **PUBLISHED)
    WeeklyUpdateFactory(engagement=backup, iso_week=47)
    EngagementFactory()
    EngagementFactory(lead=me, status="paused")
    EngagementFactory(lead=me, archived_at=NOON)
    EngagementFactory(lead=me, started_on=date(2026, 11, 23))
    assert [(item.slug, item.progress) for item in queue_of(me, W47)] == [
        (late.slug, Progress.PUBLISHED), (early.slug, Progress.PREFILLED), (backup.slug, Progress.WRITING)
    ]


@pytest.mark.django_db
def test_a_correction_in_progress_is_being_written_again():
    engagement = EngagementFactory()
    WeeklyUpdateFactory(engagement=engagement, **PUBLISHED)
    WeeklyUpdateFactory(engagement=engagement, iso_week=47, revision=2)
    assert [item.progress for item in queue_of(engagement.lead, W47)] == [Progress.WRITING]


@pytest.mark.django_db
def test_a_manager_logs_only_where_they_are_named():
    manager = ManagerFactory()
    EngagementFactory()
    own = EngagementFactory(backup=manager)
    assert [item.slug for item in queue_of(manager, W47)] == [own.slug]


@pytest.mark.django_db
def test_engagements_of_one_customer_are_told_apart():
    me, customer = UserFactory(), CustomerFactory(name="Alpha")
    EngagementFactory.create_batch(2, lead=me, customer=customer)
    EngagementFactory(lead=me, customer__name="Beta")
    assert [item.shows_name for item in queue_of(me, W47)] == [True, True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
def test_the_queue_takes_four_queries(count, django_assert_num_queries):
    me = UserFactory()
    for engagement in EngagementFactory.create_batch(count, lead=me):
        WeeklyUpdateFactory(engagement=engagement, **PUBLISHED)
    with django_assert_num_queries(4):
        assert len(queue_of(me, W47)) == count


@pytest.mark.django_db
def test_a_form_knows_which_revision_it_would_write():
    engagement = EngagementFactory()
    assert week_state(engagement, W47).seen == (1, 1)
    WeeklyUpdateFactory(engagement=engagement, **PUBLISHED)
    assert week_state(engagement, W47).seen == (2, 1)
    WeeklyUpdateFactory(engagement=engagement, iso_week=47, revision=2, version=5)
    assert week_state(engagement, W47).seen == (2, 5)


@pytest.mark.django_db
def test_carried_asks_are_open_or_were_closed_this_week():
    engagement = EngagementFactory()
    AskFactory(engagement=engagement, text="Open")
    AskFactory(engagement=engagement, text="Done now", state=Ask.State.DONE, closed_on=date(2026, 11, 17))
    AskFactory(engagement=engagement, text="Done before", state=Ask.State.DONE, closed_on=date(2026, 11, 13))
    AskFactory(engagement=engagement, text="Drafted", raised_in=WeeklyUpdateFactory(engagement=engagement, iso_week=47))
    AskFactory(text="Another engagement")
    assert [ask.text for ask in carried_asks(engagement, W47)] == ["Open", "Done now"]
