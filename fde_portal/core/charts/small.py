"""Charts the size of a word. Lists draw hundreds of them, so they are strings, not templates.

Every function writes numbers and the class names given by the program, never text from people:
the result is safe markup. Bands are `good`, `watch`, `risk` or `idle`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fde_portal.core.charts.mosaic import Span, spans
from fde_portal.core.charts.scales import Value, coordinate, even_positions, known, line_path, percent

MINI_GAP = 2.0
# The tick stands at 80 % so that more than the target can be seen.
TARGET_AT = 80.0
LEAST_SPAN = 30.0


def spark_svg(values: Sequence[Value], band: str = "idle", reference: float | None = None) -> str:
    """A trend, oldest value first, with a dot at its end; dots across mark `reference`. Empty under two values."""
    measured = known(values)
    if len(measured) < 2:
        return ""
    heights = spark_heights(values, reference)
    positions = [1 + x * 0.96 for x in even_positions(len(values))]
    x, y = [(x, y) for x, y in zip(positions, heights, strict=True) if y is not None][-1]
    middle = "" if reference is None else f'<path class="mid" d="M0 {spark_reference(values, reference)}H1000"/>'
    return (
        f'<svg class="spark {band}" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">'
        f'{middle}<path d="{line_path(positions, heights)}"/>'
        f'<path class="end" d="M{coordinate(x * 10)} {coordinate(y * 10)}h0"/></svg>'
    )


def spark_range(values: Sequence[Value], reference: float | None) -> tuple[float, float]:
    """Lowest and highest value shown. A small change must not look like a large one: the span has a least size."""
    measured = known((*values, reference))
    low, high = min(measured), max(measured)
    least = LEAST_SPAN if reference is not None else (abs(high) or 1.0) * 0.2
    margin = max(0.0, least - (high - low)) / 2 + (high - low) * 0.08
    return low - margin, high + margin


def spark_heights(values: Sequence[Value], reference: float | None) -> list[float | None]:
    low, high = spark_range(values, reference)
    return [None if value is None else (high - float(value)) / (high - low) * 100 for value in values]


def spark_reference(values: Sequence[Value], reference: float) -> str:
    low, high = spark_range(values, reference)
    return coordinate((high - reference) / (high - low) * 1000)


def bar_svg(value: Value, target: Value, band: str = "") -> str:
    """Progress. With a target its tick stands at 80 %; without one `value` is a share from 0 to 1."""
    style = f"bar st-bar {band}" if band else "bar"
    tick = "" if not target else f'<line class="tick" x1="{TARGET_AT:g}%" x2="{TARGET_AT:g}%" y1="-2.5" y2="10.5"/>'
    filled = percent(bar_fill(value, target))
    return (
        f'<svg class="{style}" aria-hidden="true"><rect class="bg" width="100%" height="8" rx="2"/>'
        f'<rect class="fg" width="{filled}" height="8" rx="2"/>{tick}</svg>'
    )


def bar_fill(value: Value, target: Value) -> float:
    """The filled part in percent, from 0 to 100."""
    if value is None:
        return 0.0
    filled = float(value) * 100 if not target else float(value) / float(target) * TARGET_AT
    return min(100.0, max(0.0, filled))


def mosaic_svg(columns: Iterable[tuple[float, Value, str]]) -> str:
    """The mini mosaic from (weight, score 0-100 or None, band). Empty when nothing has weight.

    One path for the ground and one for each band, in a square that is stretched: a third of the bytes of
    two rectangles a column.
    """
    columns = tuple(columns)
    placed = spans([weight for weight, _, _ in columns], MINI_GAP)
    if not placed:
        return ""
    filled: dict[str, str] = {"bg": "".join(_column(span, 100) for span in placed)}
    for (_, score, band), span in zip(columns, placed, strict=True):
        if score is not None:
            filled[f"fg {band}"] = filled.get(f"fg {band}", "") + _column(span, float(score))
    paths = "".join(f'<path class="{name}" d="{path}"/>' for name, path in filled.items())
    return f'<svg class="mosaic mini" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">{paths}</svg>'


def _column(span: Span, height: float) -> str:
    """A rectangle that stands on the ground line, as part of a path."""
    return f"M{coordinate(span.left)} 100V{coordinate(100 - height)}h{coordinate(span.width)}V100z"


def distribution_svg(counts: Iterable[tuple[str, int]], label: str) -> str:
    """One bar cut into bands, from (band, count). `label` must be safe for an attribute: escape it first."""
    shown = [(band, count) for band, count in counts if count]
    placed = spans([count for _, count in shown], 0.6)
    bars = "".join(
        f'<rect class="{band}" x="{percent(span.left)}" width="{percent(span.width)}" height="10" rx="2"/>'
        for (band, _), span in zip(shown, placed, strict=True)
    )
    return f'<svg class="dist" height="10" role="img" aria-label="{label}">{bars}</svg>'
