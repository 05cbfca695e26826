"""The health mosaic: a column's width is its weight, its height the score, so the filled area is the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fde_portal.core.charts.scales import Value, coordinate, percent

LARGE_HEIGHT = 96
LARGE_GAP = 0.8


@dataclass(frozen=True)
class Component:
    """One part of a score. `score` is 0 to 100 or `None` when unknown; `previous` is last week's."""

    name: str
    weight: float
    score: Value
    band: str
    previous: Value = None


@dataclass(frozen=True)
class Span:
    left: float
    width: float


def spans(weights: Sequence[float], gap: float) -> list[Span]:
    """Columns side by side over 100 percent, `gap` percent between them. No weight at all gives no columns."""
    total = sum(weights)
    if total <= 0:
        return []
    room = 100 - gap * (len(weights) - 1)
    placed, left = [], 0.0
    for weight in weights:
        width = weight / total * room
        placed.append(Span(left, width))
        left += width + gap
    return placed


@dataclass(frozen=True)
class PlacedColumn:
    component: Component
    x: str
    end: str
    width: str
    y: str
    height: str
    previous: str


@dataclass(frozen=True)
class Mosaic:
    """The large mosaic with names, scores and last week's dashes."""

    id: str
    finding: str
    components: tuple[Component, ...]

    @property
    def is_drawable(self) -> bool:
        return any(component.score is not None for component in self.components)

    @property
    def columns(self) -> tuple[PlacedColumn, ...]:
        placed = spans([component.weight for component in self.components], LARGE_GAP)
        return tuple(place(component, span) for component, span in zip(self.components, placed, strict=True))


def place(component: Component, span: Span) -> PlacedColumn:
    filled = float(component.score or 0) / 100 * LARGE_HEIGHT
    previous = "" if component.previous is None else coordinate((1 - float(component.previous) / 100) * LARGE_HEIGHT)
    return PlacedColumn(
        component=component,
        x=percent(span.left),
        end=percent(span.left + span.width),
        width=percent(span.width),
        y=coordinate(LARGE_HEIGHT - filled),
        height=coordinate(filled),
        previous=previous,
    )
