"""Skipping weeks, and who writes them during an absence."""

from datetime import UTC, datetime

import pytest

from engagements.models import WeekCover, WeekSkip
from engagements.selectors.week_duty import owed_by
from engagements.selectors.week_queue import queue_of
from engagements.selectors.weekly_update import Week
from engagements.services.week_duties import end_cover, hand_over_weeks, skip_week, unskip_week
from fde_portal.accounts.records import Conflict
from tests.factories.engagements import EngagementFactory, WeeklyUpdateFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

W47, W48, W52, W53 = Week(2026, 47), Week(2026, 48), Week(2026, 52), Week(2026, 53)
W1 = Week(2027, 1)


@pytest.fixture
def lead():
    return UserFactory(name="Maya")


@pytest.fixture
def backup():
    return UserFactory(name="Elin")


@pytest.fixture
def engagement(lead, backup):
    EngagementFactory()
    return EngagementFactory(lead=lead, backup=backup)


def queue(user, week):
    return [(item.slug, str(item.progress), item.writer, item.stands_in, item.is_owed) for item in queue_of(user, week)]


def test_the_lead_owes_the_week_and_the_backup_does_not(engagement, lead, backup):
    assert queue(lead, W47) == [(engagement.slug, "prefilled", "", False, True)]
    assert queue(backup, W47) == [(engagement.slug, "prefilled", "Maya", False, False)]
    assert (owed_by(lead, W47), owed_by(backup, W47)) == ([engagement], [])


def test_a_skipped_week_is_owed_by_nobody_until_it_is_taken_back(engagement, lead):
    skip_week(engagement=engagement, week=W47, reason=WeekSkip.Reason.CUSTOMER_AWAY, by=lead)
    skip_week(engagement=engagement, week=W47, reason=WeekSkip.Reason.HOLIDAY, note="Diwali", by=lead)
    assert [(row.reason, row.note) for row in WeekSkip.objects.all()] == [("holiday", "Diwali")]
    assert queue(lead, W47) == [(engagement.slug, "skipped", "", False, False)]
    assert (owed_by(lead, W47), owed_by(lead, W48)) == ([], [engagement])
    unskip_week(engagement=engagement, week=W47, by=lead)
    unskip_week(engagement=engagement, week=W47, by=lead)
    assert owed_by(lead, W47) == [engagement]


def test_a_published_week_is_not_skipped(engagement, lead):
    at = datetime(2026, 11, 20, tzinfo=UTC)
    WeeklyUpdateFactory(engagement=engagement, iso_week=47, state="published", published_at=at)
    with pytest.raises(Conflict):
        skip_week(engagement=engagement, week=W47, reason=WeekSkip.Reason.HOLIDAY, by=lead)
    assert WeekSkip.objects.count() == 0


def test_the_backup_writes_a_span_of_weeks_over_week_53_and_the_lead_before_and_after(engagement, lead, backup):
    hand_over_weeks(covers={engagement: backup}, first=W52, last=W1, person=lead, by=lead)
    for week in (W52, W53, W1):
        assert queue(lead, week) == [(engagement.slug, "prefilled", "Elin", False, False)]
        assert queue(backup, week) == [(engagement.slug, "prefilled", "", True, True)]
    assert owed_by(lead, W1.next) == [engagement]
    assert owed_by(lead, Week(2026, 51)) == [engagement]


def test_where_nobody_covers_the_open_weeks_are_skipped(engagement, lead):
    at = datetime(2026, 11, 20, tzinfo=UTC)
    WeeklyUpdateFactory(engagement=engagement, iso_week=53, state="published", published_at=at)
    hand_over_weeks(covers={engagement: None}, first=W52, last=W1, person=lead, by=lead)
    assert sorted((row.iso_year, row.iso_week) for row in WeekSkip.objects.all()) == [(2026, 52), (2027, 1)]


def test_of_two_covers_the_later_one_holds_and_ending_it_brings_the_first_back(engagement, lead, backup):
    other = UserFactory(name="Jonas")
    engagement.team_members.create(user=other)
    for cover in (backup, other):
        hand_over_weeks(covers={engagement: cover}, first=W47, last=W47, person=lead, by=lead)
    assert owed_by(other, W47) == [engagement]
    end_cover(WeekCover.objects.get(cover=other), by=lead)
    assert (owed_by(other, W47), owed_by(backup, W47)) == ([], [engagement])
