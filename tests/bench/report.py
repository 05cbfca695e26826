"""The table: medians of the windows, and each page's CPU as a ratio to its yardstick."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.bench.load import Window


@dataclass(frozen=True)
class Row:
    name: str
    yardstick: str
    queries: int | None


def table(rows: Sequence[Row], windows: Mapping[str, Sequence[Window]]) -> str:
    """Markdown, one row a page. The ratio is taken within each walk, then its median is shown."""
    lines = ["| page | CPU ratio | to | CPU ms | p50 ms | p95 ms | queries |", "|---|--:|---|--:|--:|--:|--:|"]
    return "\n".join(lines + [_line(row, windows) for row in rows])


def _line(row: Row, windows: Mapping[str, Sequence[Window]]) -> str:
    own = windows[row.name]
    ratios = [page.cpu / bare.cpu for page, bare in zip(own, windows[row.yardstick], strict=True)]
    figures = [statistics.median(getattr(window, key) for window in own) for key in ("cpu", "p50", "p95")]
    cells = [row.name, f"{statistics.median(ratios):.2f}", row.yardstick, *(f"{figure:.1f}" for figure in figures)]
    return "| " + " | ".join([*cells, "" if row.queries is None else str(row.queries)]) + " |"
