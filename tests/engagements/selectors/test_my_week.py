"""Each kind of need: what it finds for one person, and that a stranger's stays out."""

from datetime import UTC, date, datetime

import pytest

from engagements.models import LineKind, SharedLine, ValueCase
from engagements.selectors import my_week
from engagements.selectors.my_week.customer import asks_overdue
from engagements.selectors.my_week.numbers import feeds_stopped, values_stale
from engagements.selectors.my_week.promises import deliverables_due, milestones_due, promises_made, updates_due
from engagements.selectors.my_week.trouble import risks_to_review
from tests.factories.concerns import RiskFactory
from tests.factories.engagements import (
    AskFactory,
    DeliverableFactory,
    EngagementFactory,
    MilestoneFactory,
    WeeklyUpdateFactory,
)
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.value import ValueCaseFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 11)  # a Wednesday, week 11
NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)


@pytest.fixture
def engagement():
    return EngagementFactory(customer__name="Kestrel")


@pytest.fixture
def stranger():
    return EngagementFactory(customer__name="Stranger")


def work(engagement, today=TODAY):
    return my_week.work_of(engagement.lead, today)


def found(needs):
    return [(need.title, need.detail, need.band, need.due_on) for need in needs]


def test_one_need_for_all_updates_that_are_not_published(engagement, stranger):
    begun = EngagementFactory(customer__name="Orchard", lead=engagement.lead)
    done = EngagementFactory(customer__name="Solvay", lead=engagement.lead)
    WeeklyUpdateFactory(engagement=begun, iso_week=11)
    WeeklyUpdateFactory(engagement=done, iso_week=11, state="published", published_at=NOON)

    (need,) = updates_due(work(engagement))
    assert (need.title, need.detail) == ("2 weekly updates left", "Begun: Orchard. Not begun: Kestrel.")
    assert (need.action, need.band, need.due_on) == ("Continue", "", date(2026, 3, 13))
    assert updates_due(work(engagement, date(2026, 3, 13)))[0].band == "watch"


def test_a_skipped_week_and_one_that_somebody_covers_are_not_owed(engagement, stranger):
    covered = EngagementFactory(lead=engagement.lead)
    engagement.skipped_weeks.create(iso_year=2026, iso_week=11)
    covered.covers.create(person=engagement.lead, cover=stranger.lead, first_on="2026-03-09", last_on="2026-03-09")
    assert updates_due(work(engagement)) == []


def test_what_the_customer_reads_as_next_is_a_promise_until_the_week_is_published(engagement, stranger):
    for where in (engagement, stranger):
        update = WeeklyUpdateFactory(engagement=where, iso_week=10, state="published", published_at=NOON)
        for position, text in enumerate(["Train the night shift", "Agree a date"]):
            SharedLine.objects.create(update=update, kind=LineKind.NEXT, text=text, position=position)
        SharedLine.objects.create(update=update, kind=LineKind.PROGRESS, text="Done already")
    assert found(promises_made(work(engagement))) == [
        ("Kestrel: 2 things promised for this week", "Train the night shift · Agree a date", "", date(2026, 3, 13))
    ]
    WeeklyUpdateFactory(engagement=engagement, iso_week=11, state="published", published_at=NOON)
    assert promises_made(work(engagement)) == []


def test_a_plan_of_an_older_week_is_no_promise_for_this_one(engagement):
    update = WeeklyUpdateFactory(engagement=engagement, iso_week=9, state="published", published_at=NOON)
    SharedLine.objects.create(update=update, kind=LineKind.NEXT, text="Long ago")
    assert promises_made(work(engagement)) == []


def test_milestones_within_seven_days_and_past_ones(engagement, stranger):
    MilestoneFactory(engagement=stranger, baseline_on=TODAY)
    for title, day in (("Past", 10), ("Today", 11), ("In a week", 18), ("Later", 19)):
        MilestoneFactory(engagement=engagement, title=title, baseline_on=date(2026, 3, day))
    MilestoneFactory(engagement=engagement, title="Reached", baseline_on=TODAY, actual_on=TODAY)
    MilestoneFactory(engagement=engagement, title="Moved", baseline_on=TODAY, forecast_on=date(2026, 5, 1))
    assert [(need.title, need.band) for need in milestones_due(work(engagement))] == [
        ("Kestrel: Past", "at_risk"), ("Kestrel: Today", ""), ("Kestrel: In a week", "")
    ]


def test_deliverables_the_person_must_hand_over(engagement, stranger):
    DeliverableFactory(engagement=stranger, planned_on=TODAY)
    for name, fields in {
        "Late": {"planned_on": date(2026, 3, 2)},
        "Mine": {"planned_on": date(2026, 3, 2), "forecast_on": date(2026, 3, 18), "owner": engagement.lead},
        "Later": {"planned_on": date(2026, 3, 19)},
        "Undated": {},
        "Theirs": {"planned_on": TODAY, "owner": stranger.lead},
        "Handed over": {"planned_on": TODAY, "state": "submitted"},
        "Away": {"planned_on": TODAY, "archived_at": NOON},
    }.items():
        DeliverableFactory(engagement=engagement, name=name, **fields)
    assert sorted(found(deliverables_due(work(engagement)))) == [
        ("Kestrel: Late", "To be handed over. It is planned.", "watch", date(2026, 3, 2)),
        ("Kestrel: Mine", "To be handed over. It is planned.", "", date(2026, 3, 18)),
    ]


def test_asks_that_wait_over_their_date(engagement, stranger):
    AskFactory(engagement=stranger, due_on=TODAY)
    AskFactory(engagement=engagement, text="Today", due_on=TODAY)
    AskFactory(engagement=engagement, text="Tomorrow", due_on=date(2026, 3, 12))
    AskFactory(engagement=engagement, text="No hurry")
    assert [(need.title, need.detail) for need in asks_overdue(work(engagement))] == [
        ("Kestrel: Today", "Waiting for Kestrel, due today.")
    ]


def test_risks_the_person_owns_whose_review_has_come(engagement, stranger):
    RiskFactory(engagement=stranger, owner=stranger.lead, review_on=TODAY)
    for text, fields in {
        "Due": {"owner": engagement.lead, "review_on": TODAY},
        "Later": {"owner": engagement.lead, "review_on": date(2026, 3, 12)},
        "Closed": {"owner": engagement.lead, "review_on": TODAY, "state": "closed"},
        "Theirs": {"owner": stranger.lead, "review_on": TODAY},
    }.items():
        RiskFactory(engagement=engagement, text=text, **fields)
    assert [need.title for need in risks_to_review(work(engagement))] == ["Kestrel: Due"]


def test_usage_that_stopped_arriving(engagement, stranger):
    for where in (engagement, stranger):
        PortfolioRowFactory(engagement=where, feed_stopped=True)
    assert [need.title for need in feeds_stopped(work(engagement))] == ["Kestrel: usage has stopped arriving"]


def test_value_cases_nobody_looked_over_for_a_quarter(engagement, stranger):
    backup = EngagementFactory(backup=engagement.lead)
    for where in (engagement, stranger, backup):
        old = ValueCaseFactory(engagement=where, title="Old")
        ValueCase.objects.filter(pk=old.pk).update(updated_at=datetime(2025, 12, 9, 12, tzinfo=UTC))
        fresh = ValueCaseFactory(engagement=where, title="Fresh")
        ValueCase.objects.filter(pk=fresh.pk).update(updated_at=datetime(2025, 12, 10, 12, tzinfo=UTC))
    assert [(need.title, need.detail) for need in values_stale(work(engagement))] == [
        ("Kestrel: Old", "Its figures are 92 days old. Save it again when they still hold.")
    ]


def test_urgent_needs_come_first_then_the_earlier_date(engagement):
    MilestoneFactory(engagement=engagement, title="Soon", baseline_on=TODAY)
    MilestoneFactory(engagement=engagement, title="Past", baseline_on=date(2026, 3, 2))
    AskFactory(engagement=engagement, text="Waiting", due_on=TODAY)
    titles = [need.title for need in my_week.needs(work(engagement))]
    assert titles == ["Kestrel: Past", "Kestrel: Waiting", "Kestrel: Soon", "1 weekly update left"]
