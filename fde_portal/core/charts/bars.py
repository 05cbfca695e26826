"""Stacked columns: counts that add up above the axis, and what was lost below it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Literal

from django.utils.translation import gettext

from fde_portal.core.charts.axes import Axes
from fde_portal.core.charts.scales import (
    DataTable,
    Format,
    Tick,
    Value,
    data_table,
    known,
    label_ticks,
    nice_ticks,
    percent,
    plain,
    value_ticks,
)

BAR_SHARE = 0.64


@dataclass(frozen=True)
class BarSeries:
    """Counts of zero or more, one for each label, None where it is too early to tell. `fill` names a chart colour: f1 to f4, f0 is grey."""

    name: str
    values: tuple[Value, ...]
    fill: Literal["f0", "f1", "f2", "f3", "f4"]


@dataclass(frozen=True)
class PlacedBar:
    fill: str
    x: str
    width: str
    y: str
    height: str


@dataclass(frozen=True)
class StackedBars(Axes):
    """`up` is stacked from the axis upwards in its order, `down` downwards.

    For a weekly lifecycle: up returning (f3), new (f1), resurrected (f2); down gone dormant (f0).
    `is_running` says that the last label's period is not over: its column is hatched.
    """

    id: str
    title: str
    finding: str
    labels: tuple[str, ...]
    up: tuple[BarSeries, ...]
    down: tuple[BarSeries, ...] = ()
    caption: str = ""
    label_heading: str = ""
    write: Format = plain
    height: int = 110
    is_running: bool = False

    @property
    def series(self) -> tuple[BarSeries, ...]:
        return self.up + self.down

    @cached_property
    def is_drawable(self) -> bool:
        return any(known(series.values) and any(series.values) for series in self.series)

    @cached_property
    def _ticks(self) -> tuple[float, ...]:
        highest = max(self._totals(self.up), default=0.0)
        lowest = -max(self._totals(self.down), default=0.0)
        ticks = nice_ticks(0, highest, intervals=2, whole=True)
        return ticks if lowest == 0 else (lowest, *ticks)

    def _totals(self, stack: tuple[BarSeries, ...]) -> list[float]:
        return [float(sum(known(values))) for values in zip(*(series.values for series in stack), strict=True)]

    @cached_property
    def _positions(self) -> list[float]:
        """Columns have width: the first stands half a column in."""
        return [(index + 0.5) / len(self.labels) * 100 for index in range(len(self.labels))]

    @property
    def y_ticks(self) -> tuple[Tick, ...]:
        """Labels only from zero up: below the axis the room is as large as the largest loss."""
        return value_ticks([tick for tick in self._ticks if tick >= 0], self._scale, self.write)

    @property
    def x_ticks(self) -> tuple[Tick, ...]:
        return label_ticks(self.labels, self._positions, most=9)

    @property
    def bars(self) -> tuple[PlacedBar, ...]:
        return tuple(
            bar
            for index in range(len(self.labels))
            for bar in (*self._stack(index, self.up, 1), *self._stack(index, self.down, -1))
        )

    def _stack(self, index: int, stack: tuple[BarSeries, ...], sign: int) -> list[PlacedBar]:
        edges = accumulate((sign * float(series.values[index] or 0) for series in stack), initial=0.0)
        return [
            self._bar(index, series.fill, *sorted(edge, reverse=True))
            for series, edge in zip(stack, pairwise(edges), strict=True)
            if edge[0] != edge[1]
        ]

    def _bar(self, index: int, fill: str, top: float, bottom: float) -> PlacedBar:
        width = 100 / len(self.labels) * BAR_SHARE
        y = self._scale.at(top)
        left = self._positions[index] - width / 2
        return PlacedBar(fill, percent(left), percent(width), percent(y), percent(self._scale.at(bottom) - y))

    @property
    def hatch(self) -> PlacedBar | None:
        """What lies over the last column while its period runs."""
        if not self.is_running:
            return None
        down = self._totals(self.down) if self.down else [0.0]
        return self._bar(len(self.labels) - 1, "hatch", self._totals(self.up)[-1], -down[-1])

    @property
    def table(self) -> DataTable:
        columns, labels = (self.label_heading, *(series.name for series in self.series)), self.labels
        if self.is_running:
            labels = (*labels[:-1], gettext("%(period)s so far") % {"period": labels[-1]})
        return data_table(self.title, columns, labels, [series.values for series in self.series], self.write)
