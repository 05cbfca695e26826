"""Kinds about who was active and who came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engagements.conformance.events import WEEKDAYS, by_day, log_of, periods_of, range_of
from engagements.metrics import adoption, lifecycle, retention
from engagements.metrics.periods import Interval, periods_apart

Case = Mapping[str, Any]
Found = Mapping[str, Any]


def rolling_active(case: Case) -> Found:
    periods = periods_of(case)
    first, last = periods[0].start, periods[-1].last_day
    series = adoption.rolling_active(log_of(case).days, first, last, case["params"]["window_days"])
    return {"series": by_day(series, case["expected"]["series"])}


def period_active(case: Case) -> Found:
    series = adoption.period_active(log_of(case).days, periods_of(case))
    return {"series": by_day(series, case["expected"]["series"])}


def period_events(case: Case) -> Found:
    series = adoption.period_totals(log_of(case).totals, *range_of(case), periods_of(case))
    return {"series": by_day(series, case["expected"]["series"])}


def stickiness(case: Case) -> Found:
    histogram = adoption.stickiness_histogram(log_of(case).days, periods_of(case))
    return {"histogram": {str(k): actors for k, actors in histogram.items()}, "total": sum(histogram.values())}


def lness(case: Case) -> Found:
    log, params = log_of(case), case["params"]
    found = adoption.l_ness(log.days, date.fromisoformat(params["as_of"]), params["n"])
    asserted = case["expected"].get("per_actor", log.ordinals)
    return {"per_actor": {actor: found.get(log.ordinals.get(actor, -1), 0) for actor in asserted}}


def growth_classes(case: Case) -> Found:
    table = lifecycle.lifecycle(log_of(case).days, periods_of(case))
    classes = ("new", "returning", "resurrecting", "dormant")
    found: dict[str, Any] = {key: [getattr(row, key) for row in table] for key in classes}
    return found | {"periods": [row.period.start.isoformat() for row in table]}


def cohorts(case: Case) -> Found:
    triangle = triangle_of(case)
    found: dict[str, Any] = {
        "periods": [cohort.period.start.isoformat() for cohort in triangle.cohorts],
        "matrix": triangle.matrix,
    }
    return found | {"row0_percent": _percent(triangle.cohorts[0])}


def _percent(cohort: retention.Cohort) -> list[Decimal | None]:
    shares = [cohort.share(offset) for offset in range(len(cohort.cells))]
    return [None if share is None else 100 * share for share in shares]


def triangle_of(case: Case) -> retention.Triangle:
    """Return the triangle under every option of a case."""
    params, periods = case["params"], periods_of(case)
    returns = log_of(case, params.get("return_event"))
    least = params.get("min_return_events") or 1
    return retention.retention(
        log_of(case, params.get("start_event")).days,
        periods,
        as_of=periods[-1].last_day,
        kind=params["mode"],
        mode=retention.Mode.UNBOUNDED if params.get("unbounded") else retention.Mode.ON,
        returns=returns.days if least == 1 else retention.active_enough(returns.counts, periods, least),
    )


def return_index(case: Case) -> Found:
    """How many calendar periods lie between the first two active days, or 0 within one."""
    log = log_of(case)
    stamps = sorted(log.day_of(stamp) for _, stamp, *_ in case["events"])
    first_weekday = WEEKDAYS[case["week_start"]]
    return {f"calendar_{interval}": periods_apart(*stamps[:2], interval, first_weekday) for interval in Interval}


KINDS = {
    "rolling_active": rolling_active,
    "period_active": period_active,
    "period_events": period_events,
    "stickiness": stickiness,
    "lness": lness,
    "lifecycle": growth_classes,
    "retention": cohorts,
    "return_index": return_index,
}
_ROLLING = "usage arrives per day, so periods are calendar periods"
LEFT_OUT_KEYS = {"return_index": {"rolling_24h_day": _ROLLING, "rolling_7d_week": _ROLLING}}
