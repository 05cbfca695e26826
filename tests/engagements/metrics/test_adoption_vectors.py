"""Active users, stickiness, lifecycle and retention as other analytics projects publish them."""

from datetime import date
from decimal import Decimal

import pytest

from engagements.metrics import adoption, lifecycle, retention
from engagements.metrics.periods import periods_apart
from tests.engagements.metrics.published import (
    Log,
    case_days,
    case_id,
    case_periods,
    case_range,
    cases,
)

ADOPTION = "adoption.json"


def by_day(series: dict[date, int], expected: dict[str, int]) -> dict[str, int]:
    """Return the figures of the days that the case asserts."""
    return {day: series[date.fromisoformat(day)] for day in expected}


@pytest.mark.parametrize("case", cases(ADOPTION, "rolling_active"), ids=case_id)
def test_rolling_windows_equal_the_published_series(case):
    series = adoption.rolling_active(case_days(case), *case_range(case), case["params"]["window_days"])

    assert by_day(series, case["expected"]["series"]) == case["expected"]["series"]


@pytest.mark.parametrize("case", cases(ADOPTION, "period_active"), ids=case_id)
def test_calendar_periods_equal_the_published_series(case):
    series = adoption.period_active(case_days(case), case_periods(case))

    assert {day.isoformat(): count for day, count in series.items()} == case["expected"]["series"]


@pytest.mark.parametrize("case", cases(ADOPTION, "period_events"), ids=case_id)
def test_events_outside_the_range_are_left_out_of_their_week(case):
    totals: dict[date, int] = {}
    for _, stamp in case["events"]:
        day = date.fromisoformat(stamp[:10])
        totals[day] = totals.get(day, 0) + 1

    series = adoption.period_totals(totals, *case_range(case), case_periods(case))

    assert {day.isoformat(): count for day, count in series.items()} == case["expected"]["series"]


@pytest.mark.parametrize("case", cases(ADOPTION, "stickiness"), ids=case_id)
def test_stickiness_histogram_equals_the_published_one(case):
    histogram = adoption.stickiness_histogram(case_days(case), case_periods(case))

    assert {str(k): actors for k, actors in histogram.items()} == case["expected"]["histogram"]
    assert sum(histogram.values()) == case["expected"]["total"]


@pytest.mark.parametrize("case", cases(ADOPTION, "lness"), ids=case_id)
def test_active_days_of_each_actor_equal_the_published_ones(case):
    log = Log(case["timezone"])
    for actor, stamp in case["events"]:
        log.add(actor, stamp)

    found = adoption.l_ness(log.days, date.fromisoformat(case["params"]["as_of"]), case["params"]["n"])

    assert {actor: found[log.ordinals[actor]] for actor in log.ordinals} == case["expected"]["per_actor"]


@pytest.mark.parametrize("case", cases(ADOPTION, "lifecycle"), ids=case_id)
def test_lifecycle_equals_the_published_classes(case):
    table = lifecycle.lifecycle(case_days(case), case_periods(case))

    found = {key: [getattr(row, key) for row in table] for key in ("new", "returning", "resurrecting", "dormant")}
    found["periods"] = [row.period.start.isoformat() for row in table]
    assert {key: found[key] for key in case["expected"]} == case["expected"]


@pytest.mark.parametrize("case", cases(ADOPTION, "retention"), ids=case_id)
def test_retention_equals_the_published_matrix(case):
    triangle = published_triangle(case)

    found = {
        "periods": [cohort.period.start.isoformat() for cohort in triangle.cohorts],
        "matrix": triangle.matrix,
        "row0_percent": first_row_percent(triangle) if "row0_percent" in case["expected"] else None,
    }
    assert {key: found[key] for key in case["expected"]} == case["expected"]


def first_row_percent(triangle: retention.Triangle) -> list[Decimal]:
    return [100 * triangle.cohorts[0].share(offset) for offset in range(len(triangle.cohorts))]


def published_triangle(case: dict) -> retention.Triangle:
    params, periods = case["params"], case_periods(case)
    return retention.retention(
        case_days(case, params.get("start_event")),
        periods,
        as_of=periods[-1].last_day,
        kind=params["mode"],
        mode="unbounded" if params.get("unbounded") else "on",
        returns=case_days(case, params.get("return_event")),
    )


@pytest.mark.parametrize("case", cases(ADOPTION, "return_index"), ids=case_id)
def test_calendar_return_index_equals_the_published_one(case):
    """The rolling index of these cases is left out: usage arrives per day, so periods are calendar."""
    earlier, later = sorted(case_days(case))
    found = {
        "calendar_day": periods_apart(earlier, later, "day"),
        "calendar_week": periods_apart(earlier, later, "week"),
    }

    calendar = {key: value for key, value in case["expected"].items() if key in found}
    assert calendar
    assert {key: found[key] for key in calendar} == calendar


def test_every_kind_of_case_is_asserted_above():
    asserted = {
        "rolling_active",
        "period_active",
        "period_events",
        "stickiness",
        "lness",
        "lifecycle",
        "retention",
        "return_index",
    }

    assert {case["kind"] for case in cases(ADOPTION)} == asserted
