"""Health explained: the score, each component with its reason, and what would turn it green."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.models import HealthSnapshot
from engagements.selectors.attention import reason_sentence
from engagements.selectors.health_explained import ComponentRow, change_between, component_rows, number, shown
from fde_portal.core import formats
from fde_portal.core.charts import Component, Mosaic

# Below a narrow column of the drawing.
SHORT = {"blockers": gettext_lazy("Blockers")}
TITLES = {
    "on_track": gettext_lazy("Why it is on track"),
    "watch": gettext_lazy("Why it is on watch"),
    "at_risk": gettext_lazy("Why it is at risk"),
    "unknown": gettext_lazy("Why it is unknown"),
}
WEEK_DAYS = 7
# The newest day and the one it is compared with.
PANEL_DAYS = WEEK_DAYS + 1


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


def health_panel(history: Sequence[HealthSnapshot], rows: list[ComponentRow] | None = None) -> HealthPanel | None:
    """The panel for daily snapshots, oldest first; None before the first computation. `rows` when they are made already."""
    if not history:
        return None
    latest, before = history[-1], _week_before(history)
    rows = rows or component_rows(latest, before)
    return HealthPanel(
        title=str(TITLES[latest.band]),
        band=latest.band,
        score=shown(latest.score),
        change=change_between(before, latest),
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
    if highest.band != "on_track":
        return _("%(lowest)s holds the score down.") % {"lowest": lowest.name}
    return _("%(lowest)s holds the score down. %(highest)s holds it up.") % {
        "lowest": lowest.name,
        "highest": highest.name,
    }


def _mosaic(latest: HealthSnapshot, before: HealthSnapshot | None, rows: list[ComponentRow]) -> Mosaic:
    earlier = {part["key"]: part["score"] for part in before.components} if before else {}
    parts = tuple(
        Component(str(SHORT.get(part["key"], row.name)), float(part["full_weight"]), row.score, row.band, previous=number(earlier.get(part["key"])))
        for part, row in zip(latest.components, rows, strict=True)
    )
    scores = formats.listed(f"{row.name} {formats.number(row.score)}" for row in rows)
    return Mosaic(id="health-mosaic", finding=scores, components=parts)
