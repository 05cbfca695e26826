"""Reads the published vectors in `tests/data`; their README there states the rules."""

import csv
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from engagements.metrics.periods import Period, iter_periods, local_day
from engagements.metrics.rounding import round_half_up

DATA = Path(__file__).parents[2] / "data"
WEEKDAYS = {"monday": 0, "sunday": 6}


def cases(file: str, kind: str | None = None) -> list[dict]:
    """Return the cases of a file; numbers are Decimals, so that money stays exact."""
    text = (DATA / file).read_text()
    found = json.loads(text, parse_float=Decimal)["cases"]
    return [case for case in found if kind in (None, case["kind"])]


def rows(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(newline="") as file:
        return list(csv.DictReader(file))


def case_id(case: dict) -> str:
    return case["id"]


class Log:
    """Days of actors named by text, with the ordinal given to each name."""

    def __init__(self, zone: str):
        self.zone = ZoneInfo(zone)
        self.ordinals: dict[str, int] = {}
        self.days: dict[date, BitMap] = {}

    def add(self, actor: str, stamp: str) -> None:
        ordinal = self.ordinals.setdefault(actor, len(self.ordinals))
        day = local_day(datetime.fromisoformat(stamp), self.zone)
        self.days.setdefault(day, BitMap()).add(ordinal)


def case_days(case: dict, event_name: str | None = None) -> dict[date, BitMap]:
    """Return the days of a case, of one kind of event when it is named."""
    log = Log(case["timezone"])
    for actor, stamp, *name in case["events"]:
        if event_name is None or name == [event_name]:
            log.add(actor, stamp)
    return log.days


def case_range(case: dict) -> tuple[date, date]:
    first, last = case["date_range"]
    return date.fromisoformat(first), date.fromisoformat(last)


def case_periods(case: dict) -> list[Period]:
    return list(iter_periods(*case_range(case), case["interval"], WEEKDAYS[case["week_start"]]))


def differences(case: dict, actual: Mapping[str, object]) -> dict[str, tuple]:
    """Return key -> (expected, actual) of every key of `actual` that misses its expected value."""
    return {
        key: (case["expected"][key], value)
        for key, value in actual.items()
        if not _matches(key, case["expected"][key], value, case.get("tolerance"))
    }


def _matches(key: str, expected, actual, tolerance) -> bool:
    if isinstance(expected, list):
        pairs = zip(expected, actual, strict=True)
        return all(_matches(key, one, other, tolerance) for one, other in pairs)
    allowed = tolerance.get(key) if isinstance(tolerance, dict) else tolerance
    actual = Decimal(str(actual))
    if allowed is not None:
        return abs(actual - expected) <= allowed
    if key.endswith("_pct"):
        return expected in (round_half_up(actual), actual.quantize(Decimal(1), ROUND_DOWN))
    return round_half_up(actual) == expected
