"""Fourteen months in three zones, with two schedulers that are away now and then: every Monday once, and bands that hold still."""

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engagements.metrics.bands import MARGIN, Band, Bands, rounded
from engagements.models import Digest, HealthSnapshot
from engagements.services.digests import send_digests
from engagements.services.health import refresh_health
from fde_portal.accounts.models import User
from fde_portal.core.models import OutgoingMail
from tests.engagements.health_world import healthy, slip
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
ZONES = ("America/Los_Angeles", "Europe/Berlin", "Asia/Shanghai")
START, DAYS = date(2025, 9, 1), 426  # both changes of the clock, twice in autumn
EVERY = timedelta(hours=1)
AWAY = timedelta(hours=3)


@pytest.fixture
def people(settings):
    """An engineer with work in each zone, a manager of all, and somebody to whom there is nothing to say."""
    settings.EMAIL_BACKEND = "fde_portal.core.outbox.OutboxBackend"
    manager = ManagerFactory(time_zone=ZONES[0])
    found = [manager]
    for zone in ZONES:
        engagement = EngagementFactory(lead=UserFactory(time_zone=zone), started_on=START - timedelta(days=30))
        PortfolioRowFactory(engagement=engagement, rank=0, reason=["attention.silent", {"count": 20}])
        found.append(engagement.lead)
    UserFactory(time_zone=ZONES[2])
    # Before the first Monday morning of all zones, and after the last one of the week before.
    User.objects.update(created_at=datetime.combine(START, time(), UTC) - timedelta(hours=2))
    return found


def absences(chance: random.Random) -> list[tuple[datetime, datetime]]:
    """Three hours each: over the Monday morning of each zone by turns, and any time else."""
    found = []
    for week in range(DAYS // 7):
        zone = ZoneInfo(ZONES[week % 3])
        monday = datetime.combine(START + timedelta(weeks=week), time(6, chance.randrange(60)), zone).astimezone(UTC)
        any_time = datetime.combine(START + timedelta(weeks=week), time(), UTC) + timedelta(hours=chance.randrange(168))
        found += [(monday, monday + AWAY), (any_time, any_time + AWAY)]
    return found


def test_every_local_monday_is_mailed_once_with_two_schedulers_that_are_away_for_three_hours(people):
    chance = random.Random(8)
    away = absences(chance)
    first, end = (datetime.combine(day, time(), UTC) for day in (START, START + timedelta(days=DAYS)))
    now = first
    while now < end:
        for late in (timedelta(0), timedelta(seconds=chance.randrange(5))):  # the second scheduler
            if not any(begin <= now + late < back for begin, back in away):
                send_digests(now=now + late)
        now += EVERY

    for person in people:
        weeks = expected_weeks(person, end)
        assert Counter(Digest.objects.filter(person=person, is_sent=True).values_list("iso_year", "iso_week")) == Counter(weeks)
        assert OutgoingMail.objects.filter(recipient=person.email).count() == len(weeks)
        assert all(came_in_time(row, person) for row in Digest.objects.filter(person=person))
    assert set(OutgoingMail.objects.values_list("recipient", flat=True)) == {person.email for person in people}


def expected_weeks(person: User, end: datetime) -> list[tuple[int, int]]:
    """The ISO weeks whose Monday, seven o'clock local, lies in the span."""
    mondays = [START + timedelta(weeks=number) for number in range(DAYS // 7 + 1)]
    begun = [monday for monday in mondays if datetime.combine(monday, time(7), person.zone) < end]
    return [tuple(monday.isocalendar()[:2]) for monday in begun]


def came_in_time(row: Digest, person: User) -> bool:
    """From seven o'clock local of that Monday on, and after one or two absences at the latest."""
    monday = date.fromisocalendar(row.iso_year, row.iso_week, 1)
    seven = datetime.combine(monday, time(7), person.zone)
    return seven <= row.decided_at <= seven + 2 * AWAY + EVERY


@pytest.mark.parametrize("zone", ZONES)
def test_a_band_is_left_by_three_points_or_on_two_days_and_never_flaps(zone):
    chance = random.Random(zone)
    end = START + timedelta(days=DAYS - 1)
    engagement = healthy(end, days=DAYS, time_zone=zone)
    for back in days_with_news():
        # All else well, 24 days of slip are the last that are on track: a point either way, and now and then further.
        slip(engagement, by=chance.choice((23, 24, 24, 25, 25, 26, 30)), on=end - timedelta(days=back))
    engagement.customer.stakeholders.filter(role="sponsor").update(left_on=end - timedelta(days=20))
    stranger = healthy(end, days=30)
    for number in range(DAYS):
        noon = datetime.combine(START + timedelta(days=number), time(12), ZoneInfo(zone))
        for watermark in (2 * number + 1, 2 * number + 2)[: 2 if number % 7 == 0 else 1]:  # at times a second worker
            refresh_health(engagement, now=noon, watermark=watermark)

    rows = list(HealthSnapshot.objects.filter(engagement=engagement).order_by("day"))
    assert [row.day for row in rows] == [START + timedelta(days=number) for number in range(DAYS)]
    assert not HealthSnapshot.objects.filter(engagement=stranger).exists()
    left = [(before, row) for before, row in zip(rows, rows[1:], strict=False) if before.band != row.band]
    assert all(may_leave(before, row) for before, row in left)
    raw = [Band.UNKNOWN if row.score is None else plain(row.score) for row in rows]
    crossings = sum(1 for before, after in zip(raw, raw[1:], strict=False) if before != after)
    assert crossings > 30
    assert 0 < len(left) <= crossings * 2 / 3
    assert {"on_track", "watch", "at_risk"} <= {row.band for row in rows}


def days_with_news() -> list[int]:
    """Days before the end on which a date moves: daily for two spans of seven weeks, now and then besides."""
    return [back for back in range(DAYS - 20, 3, -1) if 300 < back < 350 or 80 < back < 130 or back % 9 == 0]


def plain(score: Decimal) -> Band:
    """The band of a score without a memory."""
    bounds = Bands()
    return Band.ON_TRACK if rounded(score) >= bounds.on_track else Band.WATCH if rounded(score) >= bounds.watch else Band.AT_RISK


def may_leave(before: HealthSnapshot, row: HealthSnapshot) -> bool:
    """Three points beyond a bound, or beyond the same bound the day before; a hard rule and the unknown at once."""
    if row.reasons or before.reasons or row.score is None or before.score is None:
        return True
    low, above = Bands().limits(Band(before.band))
    today, yesterday = rounded(row.score), rounded(before.score)
    far = today >= above + MARGIN or today <= low - MARGIN
    return far or (today >= above and yesterday >= above) or (today < low and yesterday < low)
