"""The public flight log (aircraft stand for users) against tables made by other programs."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engagements.metrics import adoption, lifecycle, retention
from engagements.metrics.periods import is_partial, iter_periods
from tests.engagements.metrics.published import DATA, Log, rows

FIRST, LAST = date(2013, 1, 1), date(2013, 12, 31)
L28_AS_OF = date(2013, 3, 31)
SIX_PLACES = Decimal("0.000001")


def read_log(zone: str) -> Log:
    log = Log(zone)
    for row in rows("logs/flights/events.csv"):
        log.add(row["actor"], row["ts"])
    return log


@pytest.fixture(scope="module")
def days():
    return read_log("America/New_York").days


@pytest.fixture(scope="module")
def weekly():
    return rows("logs/flights/weekly.csv")


@pytest.fixture(scope="module")
def summary():
    return json.loads((DATA / "logs/flights/summary.json").read_text())


def six_places(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(SIX_PLACES)


def figures(table: list[dict[str, str]], *names: str) -> list[tuple[Decimal | None, ...]]:
    """Return columns as numbers; an empty cell is a figure that does not exist."""
    return [tuple(Decimal(row[name]) if row[name] else None for name in names) for row in table]


def columns(table: list[dict[str, str]], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in table]


def test_active_users_of_every_week_equal_the_reference(days, weekly):
    found = [
        (
            period.start.isoformat(),
            str(int(is_partial(period, FIRST, LAST))),
            str(len(adoption.active_within(days, period.days()))),
            str(len(adoption.active_on(days, period.last_day, 7))),
            str(len(adoption.active_on(days, period.last_day, 28))),
        )
        for period in iter_periods(FIRST, LAST, "week")
    ]

    assert found == columns(weekly, "week_start", "partial", "wau", "wau7", "mau28")


def test_average_and_stickiness_of_every_week_equal_the_reference(days, weekly):
    sundays = [period.last_day for period in iter_periods(FIRST, LAST, "week")]
    found = [
        (six_places(adoption.average_daily_active(days, sunday)), six_places(adoption.stickiness(days, sunday)))
        for sunday in sundays
    ]

    assert found == figures(weekly, "avg_dau28", "stickiness28")


def test_lifecycle_of_every_week_equals_the_reference(days, weekly):
    found = [
        (row.new, row.returning, row.resurrecting, row.dormant, six_places(row.quick_ratio))
        for row in lifecycle.lifecycle(days, iter_periods(FIRST, LAST, "week"))
    ]

    assert found == figures(weekly, "new", "returning", "resurrecting", "dormant", "quick_ratio")


def test_habit_histogram_equals_the_reference(days, summary):
    histogram = adoption.l_ness_histogram(days, L28_AS_OF, 28)

    assert {str(k): actors for k, actors in histogram.items()} == summary["l28_histogram"]


@pytest.mark.parametrize(("mode", "kind"), [("on", "on"), ("unbounded", "on_or_after")])
def test_retention_of_the_first_eight_weeks_equals_the_reference(days, mode, kind):
    weeks = list(iter_periods(FIRST, FIRST + timedelta(weeks=7), "week"))
    triangle = retention.retention(days, weeks, as_of=LAST, mode=mode)

    found = [[str(cell) for cell in line] + [""] * (8 - len(line)) for line in triangle.matrix]
    reference = [row for row in rows("logs/flights/retention.csv") if row["type"] == kind]
    assert found == [[row[f"w{offset}"] for offset in range(8)] for row in reference]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_the_zone_decides_the_day_through_both_clock_changes(zone, summary):
    actor_days = sum(len(actors) for actors in read_log(zone).days.values())

    assert actor_days == summary["actor_days_by_zone"][zone]


@pytest.mark.parametrize("row", rows("logs/flights/features.csv"), ids=lambda row: row["feature"])
def test_interval_of_each_feature_equals_the_reference(row):
    low, high = adoption.wilson(int(row["adopters"]), int(row["target"]))

    assert (f"{low:.6f}", f"{high:.6f}") == (row["wilson_low"], row["wilson_high"])
