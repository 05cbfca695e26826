"""Scales, ticks and paths that every chart shares."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = int | float | Decimal
Value = Number | None
Format = Callable[[Number], str]

NOT_MEASURED = "–"
# Percent of the width that a label takes in a narrow chart.
LABEL_CLEARANCE = 15
NICE = (1, 2, 2.5, 4, 5, 6, 10)


def plain(value: Number) -> str:
    """`1200` as "1200", `-0.5` with a real minus sign. Pages pass a format of their language instead."""
    return f"{value:g}".replace("-", "−") if isinstance(value, float) else str(value).replace("-", "−")


def coordinate(value: float) -> str:
    """A number for an SVG attribute: two decimals at most, a point in every language."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def percent(value: float) -> str:
    return coordinate(value) + "%"


def width_of(text: str) -> int:
    """Characters that a text is wide; Chinese ones count as two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def known(values: Iterable[Value]) -> list[float]:
    return [float(value) for value in values if value is not None]


# What is smaller is nothing to the eye, and its logarithm is nothing to a float.
SMALLEST_SPAN = 1e-9


def nice_step(span: float, intervals: int) -> float:
    """The smallest of NICE times a power of ten that covers `span` in `intervals` steps."""
    rough = span / intervals
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in NICE if factor * power >= rough * 0.999999)


def nice_ticks(low: float, high: float, intervals: int = 4, whole: bool = False) -> tuple[float, ...]:
    """Round values from at or below `low` to at or above `high`; zero is always among them.

    With `whole` no step is a fraction, for counts of people.
    """
    low, high = min(low, 0.0), max(high, 0.0)
    if high - low < SMALLEST_SPAN:
        high = low + 1.0
    step = nice_step(high - low, intervals)
    if whole:
        step = max(1.0, math.ceil(step))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(step * index for index in range(first, last + 1))


@dataclass(frozen=True)
class Scale:
    """Values from `low` (bottom) to `high` (top) as shares of the height, from the top, in percent."""

    low: float
    high: float

    @classmethod
    def over(cls, ticks: Sequence[float]) -> Scale:
        return cls(ticks[0], ticks[-1])

    def at(self, value: Number) -> float:
        return (self.high - float(value)) / (self.high - self.low) * 100


@dataclass(frozen=True)
class Tick:
    """A label on an axis. `minor` ones go when the chart is narrow; `zero` is drawn stronger."""

    position: str
    label: str
    minor: bool = False
    zero: bool = False


def value_ticks(ticks: Sequence[float], scale: Scale, write: Format) -> tuple[Tick, ...]:
    """Nothing is nothing in every unit: the zero is written without one."""
    return tuple(
        Tick(percent(scale.at(tick)), write(as_whole(tick)) if tick else "0", zero=tick == 0) for tick in ticks
    )


def as_whole(value: float) -> Number:
    """3.0 as 3, so that a format writes no needless decimals."""
    return int(value) if float(value).is_integer() else value


def spaced_indexes(count: int, most: int = 5) -> list[int]:
    """At most `most` of `count` positions, evenly spaced, first and last included."""
    if count <= most:
        return list(range(count))
    step = math.ceil((count - 1) / (most - 1))
    indexes = list(range(0, count - 1, step))
    if count - 1 - indexes[-1] < step * 0.75:
        indexes.pop()
    return [*indexes, count - 1]


def label_ticks(labels: Sequence[str], positions: Sequence[float], most: int = 5) -> tuple[Tick, ...]:
    """Labels under the chart. Every second one is minor, and so is one too close to the last."""
    indexes = spaced_indexes(len(labels), most)
    last = indexes[-1] if indexes else 0

    def is_minor(order: int, index: int) -> bool:
        crowds_last = order > 0 and positions[last] - positions[index] < LABEL_CLEARANCE
        return index != last and (order % 2 == 1 or crowds_last)

    return tuple(
        Tick(percent(positions[index]), labels[index], minor=is_minor(order, index))
        for order, index in enumerate(indexes)
    )


def even_positions(count: int) -> list[float]:
    """Positions in percent from edge to edge; a single one stands in the middle."""
    if count == 1:
        return [50.0]
    return [index / (count - 1) * 100 for index in range(count)]


def line_path(positions: Sequence[float], heights: Sequence[float | None]) -> str:
    """An SVG path in 1000 x 1000 units. A missing height lifts the pen."""
    parts, pen_down = [], False
    for x, y in zip(positions, heights, strict=True):
        if y is None:
            pen_down = False
            continue
        parts.append(f"{'L' if pen_down else 'M'}{coordinate(x * 10)} {coordinate(y * 10)}")
        pen_down = True
    return "".join(parts)


def dot_path(x: float, y: float) -> str:
    """A path of no length: its round cap is a dot that keeps its shape when the drawing is stretched."""
    return f"M{coordinate(x * 10)} {coordinate(y * 10)}h0"


def spread(heights: Sequence[float], gap: float) -> list[float]:
    """Move labels apart so that neighbours are at least `gap` percent from each other, in their order."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    placed = list(heights)
    for upper, lower in zip(order, order[1:], strict=False):
        placed[lower] = max(placed[lower], placed[upper] + gap)
    return placed


@dataclass(frozen=True)
class DataTable:
    """What "Show data" shows: `rows` are a heading and one text for each further column."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def data_table(
    caption: str, columns: Sequence[str], labels: Sequence[str], series: Sequence[Sequence[Value]], write: Format
) -> DataTable:
    rows = tuple(
        (label, tuple(NOT_MEASURED if value is None else write(value) for value in values))
        for label, *values in zip(labels, *series, strict=True)
    )
    return DataTable(caption, tuple(columns), rows)
