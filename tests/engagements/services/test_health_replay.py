"""Bands over many days: twice, in portions, with days missed and caught up, the result is the same."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.metrics.bands import Bands, ClosingScore, Memory, memory_of, replay_bands, replay_from
from engagements.models import HealthSnapshot
from engagements.services.health import refresh_health
from tests.engagements.health_world import healthy, slip

START = date(2025, 9, 1)
SCORES = st.one_of(st.none(), st.decimals(0, 100, places=1))
DAYS = st.lists(st.tuples(SCORES, st.sampled_from([False, False, False, True])), min_size=1, max_size=60)
BANDS = st.sampled_from([Bands(), Bands(80, 50), Bands(60, 20)])


def closings(days: list[tuple[Decimal | None, bool]]) -> list[ClosingScore]:
    return [ClosingScore(START + timedelta(days=number), score, hard) for number, (score, hard) in enumerate(days)]


@given(DAYS, BANDS, st.data())
def test_going_on_from_a_stored_day_equals_a_replay_from_the_beginning(days, bands, data):
    """The preview rests on this: band, score and hard rule of the day before tell all that is remembered."""
    whole = closings(days)
    cut = data.draw(st.integers(0, len(whole)))
    expected = replay_bands(whole, bands)
    memory = memory_of(expected[cut - 1], whole[cut - 1], bands) if cut else Memory()

    assert replay_from(memory, [(closing, bands) for closing in whole[cut:]]) == expected[cut:]


@given(DAYS, BANDS, BANDS, st.data())
def test_days_keep_the_bands_of_their_own_time(days, before, after, data):
    """Other bounds from a day on never move the days before it."""
    whole = closings(days)
    cut = data.draw(st.integers(0, len(whole)))
    mixed = replay_from(Memory(), [(closing, before if number < cut else after) for number, closing in enumerate(whole)])

    assert mixed[:cut] == replay_bands(whole[:cut], before)


@pytest.fixture
def world():
    """A year and two months of one engagement, with slips, silence and a sponsor who goes; and a stranger's."""
    end = START + timedelta(days=425)
    engagement = healthy(end, days=425, time_zone="America/Los_Angeles")
    for back, by in ((400, 3), (380, 25), (300, 40), (290, 44), (220, 0), (90, 18), (60, 60), (20, 10)):
        slip(engagement, by=by, on=end - timedelta(days=back))
    engagement.weekly_updates.filter(published_at__range=[instant(end, 200), instant(end, 150)]).delete()
    engagement.customer.stakeholders.filter(role="sponsor").update(left_on=end - timedelta(days=30))
    healthy(end, days=30)
    return engagement, end


def instant(end: date, back: int) -> datetime:
    return datetime.combine(end - timedelta(days=back), datetime.min.time(), UTC)


def stored(engagement) -> list[tuple]:
    rows = HealthSnapshot.objects.filter(engagement=engagement).order_by("day")
    return list(rows.values_list("day", "score", "band", "coverage"))


def run(engagement, day: date, watermark: int) -> None:
    refresh_health(engagement, now=datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=20), watermark=watermark)


@pytest.mark.slow
@pytest.mark.django_db
def test_fourteen_months_end_alike_each_day_once_twice_or_with_days_missed(world):
    engagement, end = world
    days = [end - timedelta(days=back) for back in range(420, -1, -1)]
    for number, day in enumerate(days):
        run(engagement, day, number + 1)
    once = stored(engagement)
    run(engagement, days[-1], len(days) + 1)
    assert stored(engagement) == once
    assert len(once) == len(days)
    assert {band for __, __, band, __ in once} >= {"on_track", "watch", "at_risk"}

    HealthSnapshot.objects.filter(engagement=engagement).delete()
    # The worker comes when it likes: gaps of up to three months, some days twice.
    visits = [days[0], *days[5:40:7], days[40], days[40], days[130], days[131], days[250], days[251], days[333], days[-1], days[-1]]
    for number, day in enumerate(visits):
        run(engagement, day, number + 1)

    assert stored(engagement) == once
