"""Local days and calendar periods."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from engagements.metrics.periods import (
    Interval,
    Period,
    is_final,
    is_partial,
    iter_periods,
    local_day,
    month_start,
    period_start,
    periods_apart,
    week_start,
)
from tests.engagements.metrics.strategies import first_weekdays, intervals, period_runs, some_day

SUNDAY = 6
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("hour", "zone", "day"),
    [
        (3, "America/Los_Angeles", date(2024, 5, 9)),
        (3, "UTC", date(2024, 5, 10)),
        (19, "Asia/Kolkata", date(2024, 5, 11)),
    ],
)
def test_one_instant_belongs_to_different_days_in_different_zones(hour, zone, day):
    assert local_day(datetime(2024, 5, 10, hour, tzinfo=UTC), ZoneInfo(zone)) == day


def test_a_fixed_offset_would_miss_the_day_after_the_clocks_change():
    winter = datetime(2024, 3, 10, 4, 30, tzinfo=UTC)
    summer = datetime(2024, 3, 11, 4, 30, tzinfo=UTC)

    assert local_day(winter, NEW_YORK) == date(2024, 3, 9)
    assert local_day(summer, NEW_YORK) == date(2024, 3, 11)


def test_an_instant_without_zone_has_no_local_day():
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2024, 5, 10, 3), NEW_YORK)


def test_weeks_start_on_the_day_of_the_setting():
    sunday = date(2024, 5, 12)

    assert week_start(sunday) == date(2024, 5, 6)
    assert week_start(sunday, SUNDAY) == sunday


def test_months_start_on_the_first():
    assert month_start(date(2024, 2, 29)) == date(2024, 2, 1)


def test_an_unknown_interval_is_refused():
    with pytest.raises(ValueError, match="quarter"):
        period_start(date(2024, 5, 12), "quarter")


def test_a_range_is_widened_to_whole_periods():
    months = list(iter_periods(date(2023, 12, 31), date(2024, 2, 1), "month"))

    assert [(month.start, month.last_day) for month in months] == [
        (date(2023, 12, 1), date(2023, 12, 31)),
        (date(2024, 1, 1), date(2024, 1, 31)),
        (date(2024, 2, 1), date(2024, 2, 29)),
    ]


def test_the_week_before_keeps_its_first_weekday():
    week = Period(date(2024, 5, 12), Interval.WEEK)

    assert week.previous == Period(date(2024, 5, 5), Interval.WEEK)


def test_a_period_is_partial_until_its_last_day_is_in_the_data():
    week = Period(date(2024, 5, 6), Interval.WEEK)

    assert is_partial(week, date(2024, 1, 1), as_of=date(2024, 5, 11))
    assert not is_partial(week, date(2024, 1, 1), as_of=date(2024, 5, 12))


def test_a_period_that_starts_before_the_data_is_partial():
    assert is_partial(Period(date(2024, 5, 6), Interval.WEEK), date(2024, 5, 7), as_of=date(2024, 6, 1))


def test_periods_apart_counts_calendar_boundaries():
    friday, monday = date(2024, 1, 5), date(2024, 1, 8)

    assert periods_apart(friday, monday, "week") == 1
    assert periods_apart(friday, monday, "week", SUNDAY) == 1
    assert periods_apart(friday, monday, "month") == 0


@given(some_day, intervals, first_weekdays)
def test_every_day_lies_in_its_own_period(day, interval, first_weekday):
    period = Period(period_start(day, interval, first_weekday), interval)

    assert period.start <= day < period.end


@given(period_runs())
def test_periods_follow_each_other_without_gap(periods):
    for earlier, later in zip(periods, periods[1:], strict=False):
        assert (earlier.end, later.previous) == (later.start, earlier)


def test_a_day_is_final_once_three_whole_days_lie_behind_it():
    sunday = date(2026, 3, 8)
    assert [is_final(sunday, date(2026, 3, day)) for day in (8, 11, 12)] == [False, False, True]
