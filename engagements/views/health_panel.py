"""Health explained: the score, each component with its reason, and what would turn it green."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.metrics.bands import band_of, rounded
from engagements.models import HealthSnapshot
from engagements.selectors.attention import reason_sentence
from engagements.selectors.health import reason_text
from fde_portal.core import formats
from fde_portal.core.charts import Component, Mosaic

COMPONENT_NAMES = {
    "outcomes": gettext_lazy("Outcomes"),
    "adoption": gettext_lazy("Adoption"),
    "schedule": gettext_lazy("Schedule"),
    "relationship": gettext_lazy("Relationship"),
    "blockers": gettext_lazy("Blockers and risks"),
    "freshness": gettext_lazy("Freshness"),
}
# Below a narrow column of the drawing.
SHORT = {"blockers": gettext_lazy("Blockers")}
TITLES = {
    "on_track": gettext_lazy("Why it is on track"),
    "watch": gettext_lazy("Why it is on watch"),
    "at_risk": gettext_lazy("Why it is at risk"),
    "unknown": gettext_lazy("Why it is not judged yet"),
}
WEEK_DAYS = 7
# The newest day and the one it is compared with.
PANEL_DAYS = WEEK_DAYS + 1


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """One component as the table shows it. `points` is its part of the score, `possible` what 100 would give."""

    name: str
    band: str
    score: int | None
    points: Decimal | None
    possible: Decimal | None
    change: Decimal | None
    evidence: str
    age_days: int | None


@dataclass(frozen=True, slots=True)
class HealthPanel:
    title: str
    band: str
    score: int | None
    change: int | None
    sentence: str
    hard_rules: list[str]
    mosaic: Mosaic
    rows: list[ComponentRow]
    coverage: Decimal
    as_of: HealthSnapshot


def health_panel(history: Sequence[HealthSnapshot]) -> HealthPanel | None:
    """The panel for daily snapshots, oldest first; None before the first computation."""
    if not history:
        return None
    latest, before = history[-1], _week_before(history)
    rows = component_rows(latest.components, before.components if before else [])
    score, earlier = _points(latest.score), _points(before.score) if before else None
    return HealthPanel(
        title=str(TITLES[latest.band]),
        band=latest.band,
        score=score,
        change=None if score is None or earlier is None else score - earlier,
        sentence=sentence(latest, rows),
        hard_rules=[reason_sentence(reason) for reason in latest.reasons],
        mosaic=_mosaic(latest, before, rows),
        rows=rows,
        coverage=latest.coverage,
        as_of=latest,
    )


def _week_before(history: Sequence[HealthSnapshot]) -> HealthSnapshot | None:
    wanted = history[-1].day.toordinal() - WEEK_DAYS
    return next((snapshot for snapshot in history if snapshot.day.toordinal() == wanted), None)


def _points(score: Decimal | None) -> int | None:
    return None if score is None else rounded(score)


def component_rows(components: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[ComponentRow]:
    """Rows in the order of the model; `before` holds the components of a week ago."""
    earlier = {part["key"]: part for part in before}
    known = sum(_decimal(part["weight"]) for part in components if part["score"] is not None)
    return [_row(part, earlier.get(part["key"]), known) for part in components]


def _row(part: dict[str, Any], before: dict[str, Any] | None, known_weight: Decimal | int) -> ComponentRow:
    score = _decimal(part["score"])
    points = _decimal(part["contribution"])
    earlier = _decimal(before["contribution"]) if before else None
    return ComponentRow(
        name=str(COMPONENT_NAMES[part["key"]]),
        band=band_of(score),
        score=_points(score),
        points=points,
        possible=_decimal(part["weight"]) * 100 / known_weight if points is not None else None,
        change=None if points is None or earlier is None else points - earlier,
        evidence=reason_text(*part["reason"]),
        age_days=part["age_days"],
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def sentence(latest: HealthSnapshot, rows: list[ComponentRow]) -> str:
    """One line to read aloud: what holds the score down and what holds it up."""
    known = [row for row in rows if row.score is not None]
    if latest.band == "unknown":
        return _("Too little is known to judge: %(coverage)s of the weight has facts behind it.") % {
            "coverage": formats.percent(latest.coverage)
        }
    lowest, highest = min(known, key=lambda row: row.score), max(known, key=lambda row: row.score)
    if lowest.band == "on_track":
        return _("Every component is on track; %(highest)s is the strongest.") % {"highest": highest.name.lower()}
    return _("%(lowest)s holds the score down. %(highest)s holds it up.") % {
        "lowest": lowest.name,
        "highest": highest.name,
    }


def _mosaic(latest: HealthSnapshot, before: HealthSnapshot | None, rows: list[ComponentRow]) -> Mosaic:
    earlier = {part["key"]: part["score"] for part in before.components} if before else {}
    parts = tuple(
        Component(str(SHORT.get(part["key"], row.name)), float(part["full_weight"]), row.score, row.band, previous=_decimal(earlier.get(part["key"])))
        for part, row in zip(latest.components, rows, strict=True)
    )
    scores = formats.listed(f"{row.name} {formats.number(row.score)}" for row in rows)
    return Mosaic(id="health-mosaic", finding=scores, components=parts)
