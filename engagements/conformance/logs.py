"""A log of events with reference tables that other programs computed: each row of a table is a case."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engagements.conformance.compare import Difference, differences
from engagements.conformance.events import WEEKDAYS, Log
from engagements.metrics import adoption, retention
from engagements.metrics.periods import Interval, iter_periods
from engagements.metrics.retention import Mode
from engagements.metrics.series import Week, week_table

Row = Mapping[str, str]
Checked = tuple[str, str, list[Difference]]

MODES = {"on": Mode.ON, "on_or_after": Mode.UNBOUNDED}
# What the summary says about the log itself, not about its figures.
GIVEN = {"source", "licence", "timezone", "week_start", "retention_weeks", "l28_as_of", "other_zones"}
FULL_WINDOW = timedelta(days=adoption.MONTH_WINDOW - 1)


@dataclass(frozen=True, slots=True)
class Published:
    """A folder of a log: its events, read in any zone, and the summary that describes them."""

    folder: Path
    summary: Mapping[str, Any]

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table, none when the log has no such table."""
        path = self.folder / f"{table}.csv"
        if not path.exists():
            return []
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def read(self, zone: str) -> Log:
        log = Log(ZoneInfo(zone))
        for row in self.rows("events"):
            log.add(row["actor"], row.get("ts") or row["date"], row.get("feature") or "")
        return log


def check_log(folder: Path) -> Iterator[Checked]:
    """Yield name, table and differences of each row of each reference table in `folder`."""
    text = (folder / "summary.json").read_text(encoding="utf-8")
    published = Published(folder, json.loads(text, parse_float=Decimal))
    log = published.read(published.summary["timezone"])
    first_weekday = WEEKDAYS[published.summary.get("week_start", "monday")]
    yield from _weekly(published, log, first_weekday)
    yield from _retention(published, log, first_weekday)
    yield from _features(published, log)
    yield from _summary(published, log)


def figures(row: Row) -> dict[str, Any]:
    """Return the cells of a table as figures: an empty one does not exist, a date stays text."""
    return {key: _figure(text) for key, text in row.items()}


def _figure(text: str) -> Any:
    if text == "":
        return None
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _weekly(published: Published, log: Log, first_weekday: int) -> Iterator[Checked]:
    days, totals = log.days, log.totals
    first, last = min(days), max(days)
    weeks = list(iter_periods(first, last, Interval.WEEK, first_weekday))
    table = week_table(days, weeks, as_of=last, measured_until=weeks[-1].last_day)
    found = {week.period.start.isoformat(): _week(week, totals, first) for week in table}
    for row in published.rows("weekly"):
        name = row["week_start"]
        yield name, "weekly", differences(figures(row), found.get(name, {}))


def _week(week: Week, totals: Mapping[date, int], first: date) -> dict[str, Any]:
    growth, period = week.growth, week.period
    return {
        "week_start": period.start.isoformat(),
        "partial": int(week.partial),
        "events": sum(totals.get(day, 0) for day in period.days()),
        "wau": week.wau,
        "wau7": week.wau7,
        "mau28": week.mau28,
        "avg_dau28": week.average_daily28,
        "stickiness28": week.stickiness28,
        "window_full": int(first <= week.measured_on - FULL_WINDOW),
        "new": growth.new,
        "returning": growth.returning,
        "resurrecting": growth.resurrecting,
        "dormant": growth.dormant,
        "quick_ratio": growth.quick_ratio,
    }


def _retention(published: Published, log: Log, first_weekday: int) -> Iterator[Checked]:
    days = log.days
    for kind, rows in groupby(sorted(published.rows("retention"), key=itemgetter("type")), itemgetter("type")):
        table = list(rows)
        last = min(days) + timedelta(weeks=int(published.summary["retention_weeks"]) - 1)
        weeks = list(iter_periods(min(days), last, Interval.WEEK, first_weekday))
        triangle = retention.retention(days, weeks, as_of=weeks[-1].last_day, mode=MODES[kind])
        found = {cohort.period.start.isoformat(): cohort for cohort in triangle.cohorts}
        for row in table:
            name = row["cohort_week"]
            cells = found[name].cells + (None,) * len(weeks) if name in found else ()
            cohort = {f"w{offset}": cell for offset, cell in enumerate(cells)}
            yield f"{kind}/{name}", "retention", differences(figures(row), cohort | {"cohort_week": name, "type": kind})


def _features(published: Published, log: Log) -> Iterator[Checked]:
    adopters = Counter(feature for features in log.features.values() for feature in features)
    target = len(log.ordinals)
    for row in published.rows("features"):
        name = row["feature"]
        low, high = adoption.wilson(adopters[name], target) or (None, None)
        found = {
            "feature": name,
            "adopters": adopters[name],
            "target": target,
            "rate": adoption.ratio(adopters[name], target),
            "wilson_low": low,
            "wilson_high": high,
        }
        yield name, "features", differences(figures(row), found)


def _summary(published: Published, log: Log) -> Iterator[Checked]:
    days, summary = log.days, published.summary
    found: dict[str, Any] = {
        "first_day": min(days).isoformat(),
        "last_day": max(days).isoformat(),
        "events": sum(log.totals.values()),
        "actors": len(log.ordinals),
        "actor_days": _actor_days(log),
        "breadth_histogram": _text_keys(Counter(map(len, log.features.values()))),
        "actor_days_by_zone": {zone: _actor_days(published.read(zone)) for zone in summary.get("other_zones", ())},
    }
    if "l28_as_of" in summary:
        as_of = date.fromisoformat(summary["l28_as_of"])
        found["l28_histogram"] = _text_keys(adoption.l_ness_histogram(days, as_of, adoption.MONTH_WINDOW))
    for key, value in summary.items():
        if key not in GIVEN:
            yield key, "summary", differences({key: value}, found)


def _actor_days(log: Log) -> int:
    return sum(map(len, log.days.values()))


def _text_keys(histogram: Mapping[int, int]) -> dict[str, int]:
    return {str(key): count for key, count in histogram.items()}
