"""Milestones on a calendar: what was planned, what is expected now, and the slip between them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from fde_portal.core.charts.scales import percent

# Longer spans name fewer months, so that the names never touch.
MONTH_STEPS = ((10, 1), (20, 2), (30, 3), (60, 6))
# How far, in percent, the name of a month must begin before and after today: in a wide and a narrow timeline.
WIDE_CLEARANCE = (5.0, 2.5)
NARROW_CLEARANCE = (16.0, 7.0)
EDGE_SHARE = 0.03


@dataclass(frozen=True)
class MilestoneRow:
    """`baseline` is the first promise, `date` the forecast or, when `state` is done, the actual day.

    `start` is when work on it began; without one it is the baseline of the row before.
    """

    name: str
    baseline: dt.date
    date: dt.date
    state: Literal["done", "running", "planned"]
    url: str = ""
    hint: str = ""
    start: dt.date | None = None

    @property
    def slip(self) -> int:
        """Days late; negative is early."""
        return (self.date - self.baseline).days


@dataclass(frozen=True)
class PlacedRow:
    """Positions in percent. `x` to `end` is the bar up to the smaller of promise and date; `slip` follows it."""

    row: MilestoneRow
    start: str
    baseline: str
    bar: str
    slip: str
    slip_width: str
    style: str


@dataclass(frozen=True)
class Month:
    first: dt.date
    position: str
    named: bool
    minor: bool


@dataclass(frozen=True)
class MilestoneTimeline:
    """Rows in the order given, usually by date. `begin` is the start of the engagement."""

    id: str
    title: str
    finding: str
    rows: tuple[MilestoneRow, ...]
    today: dt.date
    begin: dt.date | None = None
    caption: str = ""

    @property
    def is_drawable(self) -> bool:
        return bool(self.rows)

    @cached_property
    def _span(self) -> tuple[dt.date, dt.date]:
        days = [day for row in self.rows for day in (row.start, row.baseline, row.date) if day]
        days += [day for day in (self.begin, self.today) if day]
        return min(days), max(days)

    def _x(self, day: dt.date) -> float:
        """A margin at both edges keeps the marks of the first and last day whole."""
        first, last = self._span
        share = (day - first).days / max(1, (last - first).days)
        return (EDGE_SHARE + share * (1 - 2 * EDGE_SHARE)) * 100

    @property
    def today_position(self) -> str:
        return percent(self._x(self.today))

    @property
    def months(self) -> tuple[Month, ...]:
        firsts = month_starts(*self._span)
        step = next((step for most, step in MONTH_STEPS if len(firsts) <= most), 12)
        shown = [day for day in firsts if (day.month - 1) % step == 0]
        return tuple(self._month(day, order) for order, day in enumerate(shown))

    def _month(self, day: dt.date, order: int) -> Month:
        x = self._x(day)
        distance = x - self._x(self.today)
        return Month(
            first=day,
            position=percent(x),
            named=not is_near(distance, WIDE_CLEARANCE) and x < 97,
            minor=order % 2 == 1 or is_near(distance, NARROW_CLEARANCE),
        )

    @property
    def placed(self) -> tuple[PlacedRow, ...]:
        starts = [row.start or before for row, before in zip(self.rows, self._starts_before, strict=True)]
        return tuple(self._place(row, start) for row, start in zip(self.rows, starts, strict=True))

    @property
    def _starts_before(self) -> list[dt.date]:
        first = self.begin or self._span[0]
        return [first, *(row.baseline for row in self.rows[:-1])]

    def _place(self, row: MilestoneRow, start: dt.date) -> PlacedRow:
        start = min(start, row.baseline, row.date)
        left, promised, now = self._x(start), self._x(row.baseline), self._x(row.date)
        return PlacedRow(
            row=row,
            start=percent(left),
            baseline=percent(promised),
            bar=percent(min(promised, now) - left),
            slip=percent(promised),
            slip_width=percent(max(0.0, now - promised)),
            style={"done": "g-done", "running": "g-run", "planned": "g-plan"}[row.state],
        )


def is_near(distance: float, clearance: tuple[float, float]) -> bool:
    before, after = clearance
    return -before < distance < after


def month_starts(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first days of the months that begin within [first, last]."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    starts = [dt.date(index // 12, index % 12 + 1, 1) for index in months]
    return [day for day in starts if first <= day <= last]
