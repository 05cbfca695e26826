"""Events of published cases as the days and counts that the metric functions take."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from engagements.metrics.periods import Interval, Period, iter_periods, local_day

WEEKDAYS = {day: number for number, day in enumerate(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)}  # fmt: skip


@dataclass(slots=True)
class Log:
    """Events by local day of `zone`, with the ordinal given to each actor's name.

    `counts[day][ordinal]` is how many events an actor had, `features[ordinal]` what it used.
    """

    zone: ZoneInfo
    ordinals: dict[str, int] = field(default_factory=dict)
    counts: dict[date, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    features: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, actor: str, stamp: str, feature: str = "") -> None:
        """Add an event at an instant, or on a local day. Raises ValueError for a stamp that is neither."""
        ordinal = self.ordinals.setdefault(actor, len(self.ordinals))
        self.counts[self.day_of(stamp)][ordinal] += 1
        if feature:
            self.features[ordinal].add(feature)

    def day_of(self, stamp: str) -> date:
        """Return the local day; a stamp without a zone is local already."""
        instant = datetime.fromisoformat(stamp)
        return instant.date() if instant.tzinfo is None else local_day(instant, self.zone)

    @property
    def days(self) -> dict[date, BitMap]:
        """Who was active on each day."""
        return {day: BitMap(actors) for day, actors in self.counts.items()}

    @property
    def totals(self) -> dict[date, int]:
        """How many events each day had."""
        return {day: actors.total() for day, actors in self.counts.items()}


def log_of(case: Mapping[str, Any], event_name: str | None = None) -> Log:
    """Return the log of a case, of one kind of event when it is named."""
    log = Log(ZoneInfo(case["timezone"]))
    for actor, stamp, *name in case["events"]:
        if event_name is None or name == [event_name]:
            log.add(actor, stamp)
    return log


def range_of(case: Mapping[str, Any]) -> tuple[date, date]:
    """Return the first and the last day of a case's range, as given."""
    first, last = case["date_range"]
    return date.fromisoformat(first), date.fromisoformat(last)


def periods_of(case: Mapping[str, Any], interval: Interval | None = None) -> list[Period]:
    """Return the periods of a case's range, widened to whole ones."""
    return list(iter_periods(*range_of(case), interval or case["interval"], WEEKDAYS[case["week_start"]]))


def by_day(series: Mapping[date, int], asserted: Iterable[str]) -> dict[str, int | None]:
    """Return the figures of the days that a case asserts; None for a day the series lacks."""
    return {day: series.get(date.fromisoformat(day)) for day in asserted}
