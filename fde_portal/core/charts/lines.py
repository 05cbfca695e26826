"""A line chart: what happened, solid, against what was meant to happen, dashed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

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
    spread,
    width_of,
)

LABEL_HEIGHT = 14
CLOSE = 22.0  # percent of the width that the text of a mark takes on a phone
# More characters than this do not fit between a line's end and the edge of its panel; a Chinese one is two wide.
LABEL_ROOM = 10


@dataclass(frozen=True)
class Series:
    """One line. `values` stand beside the chart's labels; `end_label` is written where the line ends.

    A "part" is the single point of a period that is not over.
    """

    name: str
    values: tuple[Value, ...]
    style: Literal["actual", "second", "target", "part"] = "actual"
    end_label: str = ""


@dataclass(frozen=True)
class Mark:
    """An event: a dotted line across the chart at the position of a label."""

    index: int
    label: str


@dataclass(frozen=True)
class PlacedLine:
    style: str
    path: str
    dot: str


@dataclass(frozen=True)
class PlacedText:
    x: str
    y: str
    text: str
    style: str = ""
    before: bool = False
    lift: int = 8  # pixels above its place


@dataclass(frozen=True)
class LineChart(Axes):
    """Several series over the same labels.

    `finding` is the sentence a person who cannot see the chart hears; `height` is in CSS pixels;
    `whole` keeps fractions off the axis.
    """

    id: str
    title: str
    finding: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    caption: str = ""
    label_heading: str = ""
    marks: tuple[Mark, ...] = ()
    write: Format = plain
    height: int = 190
    whole: bool = True

    @cached_property
    def is_drawable(self) -> bool:
        """A line needs two measured points; fewer are told in words."""
        return any(len(known(series.values)) > 1 for series in self.series if series.style != "target")

    @cached_property
    def _ticks(self) -> tuple[float, ...]:
        values = [value for series in self.series for value in known(series.values)]
        return nice_ticks(min(values, default=0), max(values, default=1), whole=self.whole)

    def _end(self, series: Series) -> tuple[float, float] | None:
        ends = [
            (x, y) for x, y in zip(self._positions, self._heights(series.values), strict=True) if y is not None
        ]
        return ends[-1] if ends else None

    @property
    def lines(self) -> tuple[PlacedLine, ...]:
        """Targets first, so that what happened is drawn over them."""
        ordered = sorted(self.series, key=lambda series: series.style != "target")
        return tuple(self._placed(series) for series in ordered)

    def _placed(self, series: Series) -> PlacedLine:
        end = self._end(series)
        dot = dot_path(*end) if end and series.style != "target" else ""
        return PlacedLine(series.style, line_path(self._positions, self._heights(series.values)), dot)

    @property
    def end_labels(self) -> tuple[PlacedText, ...]:
        labelled = [(series, end) for series in self.series if series.end_label and (end := self._end(series))]
        heights = spread([y for _, (_, y) in labelled], LABEL_HEIGHT / self.height * 100)
        # Beside the point of a running period, not on it: a line ends one label before.
        has_part = any(series.style == "part" for series, _ in labelled)
        return tuple(
            PlacedText(percent(self._positions[-1] if has_part else x), percent(y), series.end_label, series.style)
            for (series, (x, _)), y in zip(labelled, heights, strict=True)
        )

    @property
    def has_long_ends(self) -> bool:
        """Whether the chart must leave more room at its right for what is written there."""
        return any(width_of(series.end_label) > LABEL_ROOM for series in self.series)

    @property
    def mark_labels(self) -> tuple[PlacedText, ...]:
        """The text stands on the side of the line that has room; of two that are close the second stands higher."""
        placed, last, lifted = [], -CLOSE, False
        for mark in sorted(self.marks, key=lambda mark: mark.index):
            x = self._positions[mark.index]
            lifted = not lifted and x - last < CLOSE
            placed.append(PlacedText(percent(x), "100%", mark.label, before=x > 40, lift=8 + LABEL_HEIGHT * lifted))
            last = x
        return tuple(placed)

    @property
    def table(self) -> DataTable:
        columns = (self.label_heading, *(series.name for series in self.series))
        return data_table(self.title, columns, self.labels, [series.values for series in self.series], self.write)
