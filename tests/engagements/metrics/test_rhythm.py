"""When a feed that delivers by the hour is called silent."""

from datetime import UTC, datetime, timedelta

import pytest

from engagements.metrics.rhythm import Rhythm, Silence, rhythm

TUESDAY = datetime(2026, 3, 3, 14, 5, tzinfo=UTC)


def silence(arrivals: list[datetime], now: datetime) -> Silence | None:
    found = rhythm(arrivals)
    return found and found.silence(now)


def hourly(count: int, every: int = 1) -> list[datetime]:
    """So many arrivals, the last one on Tuesday at 14:05."""
    return [TUESDAY - timedelta(hours=every * n) for n in range(count)]


@pytest.mark.parametrize(("hours", "is_silent"), [(1, False), (3, False), (4, True), (90, True)])
def test_an_hourly_feed_is_silent_after_three_pauses(hours: int, is_silent: bool) -> None:
    found = silence(hourly(24), TUESDAY + timedelta(hours=hours))
    assert found == (Silence(TUESDAY, 1) if is_silent else None)


def test_a_feed_of_every_fourth_hour_may_be_silent_for_longer() -> None:
    assert silence(hourly(24, every=4), TUESDAY + timedelta(hours=12)) is None
    assert silence(hourly(24, every=4), TUESDAY + timedelta(hours=14)) == Silence(TUESDAY, 4)


def test_a_night_and_a_weekend_that_were_there_before_are_no_silence() -> None:
    friday = [datetime(2026, 2, 27, hour, tzinfo=UTC) for hour in range(8, 19)]
    monday = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in range(8, 19)]
    assert silence([*friday, *monday], datetime(2026, 3, 5, 6, tzinfo=UTC)) is None
    assert silence([*friday, *monday], datetime(2026, 3, 5, 12, tzinfo=UTC)) == Silence(monday[-1], 1)


@pytest.mark.parametrize("arrivals", [[], hourly(5), hourly(20, every=24), [TUESDAY - timedelta(seconds=n) for n in range(50)]])
def test_few_deliveries_daily_ones_and_many_at_once_have_no_rhythm_by_the_hour(arrivals: list[datetime]) -> None:
    assert silence(arrivals, TUESDAY + timedelta(days=3)) is None


def test_the_rhythm_says_until_when_a_pause_is_usual() -> None:
    last_quiet = TUESDAY.replace(hour=18, minute=0)
    found = rhythm(hourly(24))
    assert found == Rhythm(TUESDAY, 1, last_quiet)
    assert (found.silence(last_quiet), found.silence(last_quiet + timedelta(seconds=1))) == (None, Silence(TUESDAY, 1))
