"""Cumulative net value: below zero while it costs, above once it has paid for itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from fde_portal.core.charts.axes import Axes
from fde_portal.core.charts.scales import (
    DataTable,
    Format,
    Value,
    data_table,
    dot_path,
    known,
    line_path,
    nice_ticks,
    percent,
    plain,
)

# Percent of the width that a label needs to stand before its point.
LABEL_ROOM = 30


@dataclass(frozen=True)
class Point:
    """A marked place: `path` is its dot, `x` and `y` place its label, which stands before or after it."""

    path: str
    x: str
    y: str
    label: str
    before: bool


@dataclass(frozen=True)
class CumulativeValue(Axes):
    """Running totals at each label, in one currency.

    `actual` ends where the known figures end and `expected` goes on from there, so the last actual
    value is also the first expected one; `low` and `high` bound the forecast. Unused stretches are `None`.
    `today` and `payback` are positions between labels: 1.5 is half-way from the second to the third.
    `names` head the table: labels, then actual, expected, low, high.
    """

    id: str
    title: str
    finding: str
    labels: tuple[str, ...]
    expected: tuple[Value, ...]
    names: tuple[str, str, str, str, str]
    actual: tuple[Value, ...] = ()
    low: tuple[Value, ...] = ()
    high: tuple[Value, ...] = ()
    today: float | None = None
    today_label: str = ""
    payback: float | None = None
    payback_label: str = ""
    end_label: str = ""
    caption: str = ""
    write: Format = plain
    height: int = 190

    @property
    def is_drawable(self) -> bool:
        return len(known(self.expected)) + len(known(self.actual)) > 1

    @cached_property
    def _ticks(self) -> tuple[float, ...]:
        values = known((*self.actual, *self.expected, *self.low, *self.high))
        return nice_ticks(min(values, default=0), max(values, default=1), intervals=4)

    @property
    def actual_path(self) -> str:
        return line_path(self._positions, self._heights(self.actual)) if self.actual else ""

    @property
    def expected_path(self) -> str:
        return line_path(self._positions, self._heights(self.expected))

    @property
    def band_path(self) -> str:
        """High forwards, low backwards, closed."""
        if not (self.low and self.high):
            return ""
        there = line_path(self._positions, self._heights(self.high))
        back = line_path(self._positions[::-1], self._heights(self.low)[::-1])
        return f"{there}L{back[1:]}Z" if there and back else ""

    def _x(self, position: float) -> float:
        return position / (len(self.labels) - 1) * 100

    @property
    def today_point(self) -> Point | None:
        """The last actual figure; without one there is nothing to stand on."""
        measured = [(index, value) for index, value in enumerate(self.actual) if value is not None]
        if not measured or self.today is None:
            return None
        index, value = measured[-1]
        return self._point(self._positions[index], self._scale.at(value), self.today_label)

    @property
    def today_line(self) -> str:
        return "" if self.today is None else percent(self._x(self.today))

    @property
    def payback_point(self) -> Point | None:
        if self.payback is None:
            return None
        return self._point(self._x(self.payback), self._scale.at(0), self.payback_label)

    def _point(self, x: float, y: float, label: str) -> Point:
        return Point(dot_path(x, y), percent(x), percent(y), label, before=x > LABEL_ROOM)

    @property
    def end_height(self) -> str:
        return percent(self._scale.at(known(self.expected)[-1]))

    @property
    def table(self) -> DataTable:
        columns = [
            (name, values)
            for name, values in zip(self.names[1:], (self.actual, self.expected, self.low, self.high), strict=True)
            if known(values)
        ]
        names = (self.names[0], *(name for name, _ in columns))
        return data_table(self.title, names, self.labels, [values for _, values in columns], self.write)
