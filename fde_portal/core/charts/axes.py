"""Two axes: labels from left to right, values from zero up and down."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from fde_portal.core.charts.scales import Format, Scale, Tick, Value, even_positions, label_ticks, value_ticks


class Axes:
    """What a chart over labels has besides its drawing. It says itself which values its axis shows."""

    labels: tuple[str, ...]
    write: Format

    @property
    def _ticks(self) -> tuple[float, ...]:
        raise NotImplementedError

    @cached_property
    def _scale(self) -> Scale:
        return Scale.over(self._ticks)

    @cached_property
    def _positions(self) -> list[float]:
        """Where each label stands, in percent of the width."""
        return even_positions(len(self.labels))

    @property
    def y_ticks(self) -> tuple[Tick, ...]:
        return value_ticks(self._ticks, self._scale, self.write)

    @property
    def x_ticks(self) -> tuple[Tick, ...]:
        return label_ticks(self.labels, self._positions)

    def _heights(self, values: Iterable[Value]) -> list[float | None]:
        return [None if value is None else self._scale.at(value) for value in values]
