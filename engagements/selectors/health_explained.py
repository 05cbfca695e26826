"""Health of a stored day, explained: each component with what moved it, and what would turn it green.

Everything comes from the stored snapshot and the facts kept with it, so that a page, a command and an export
say the same of the same day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.metrics.bands import rounded
from engagements.metrics.health_facts import HealthFacts
from engagements.metrics.health_inputs import facts_from_json
from engagements.metrics.health_moves import Move, moves
from engagements.metrics.health_tries import Step, Way, single_tries, way_to_green
from engagements.models import Engagement, HealthModelVersion, HealthSnapshot
from engagements.selectors.attention import reason_sentence
from engagements.selectors.health import component_band, reason_text
from engagements.selectors.health_words import move_text, names_of, try_text

COMPONENT_NAMES = {
    "outcomes": gettext_lazy("Outcomes"),
    "adoption": gettext_lazy("Adoption"),
    "schedule": gettext_lazy("Schedule"),
    "relationship": gettext_lazy("Relationship"),
    "blockers": gettext_lazy("Blockers and risks"),
    "freshness": gettext_lazy("Freshness"),
}
# Where the records of a component are.
COMPONENT_PAGES = {
    "outcomes": "engagement_outcomes",
    "adoption": "engagement_adoption",
    "schedule": "engagement_milestones",
    "relationship": "engagement_people",
    "blockers": "engagement_risks",
    "freshness": "engagement_updates",
    "gates": "engagement_gates",
}
WEEK = timedelta(days=7)
# More single facts than this are no longer an answer.
MOST_TRIES = 8


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """One component as tables show it.

    `points` is its part of the score, `possible` what 100 would give, `change` that part against a week ago,
    `weight` what age has left of `full_weight`, `moved` the fact that moved it most since then.
    """

    key: str
    name: str
    band: str
    score: int | None
    weight: Decimal
    full_weight: int
    points: Decimal | None
    possible: Decimal | None
    change: Decimal | None
    evidence: str
    age_days: int | None
    url: str
    moved: str = ""


@dataclass(frozen=True, slots=True)
class GreenStep:
    """One thing to do, with the score and band it would bring, and where to do it."""

    text: str
    score: int | None
    band: str
    url: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A stored day in full. `to_green` are steps that add up, `alone` what each fact would bring by itself."""

    snapshot: HealthSnapshot
    change: int | None
    rows: list[ComponentRow]
    hard_rules: list[str]
    to_green: list[GreenStep]
    reaches: bool
    alone: list[GreenStep]
    version: HealthModelVersion

    @property
    def score(self) -> int | None:
        return shown(self.snapshot.score)


def snapshot_of(engagement: Engagement, day: date | None) -> HealthSnapshot | None:
    """The stored health of a local day, or the newest; None where there is none."""
    rows = HealthSnapshot.objects.filter(engagement=engagement)
    return rows.first() if day is None else rows.filter(day=day).first()


def explain(snapshot: HealthSnapshot) -> Explanation:
    """Explain a stored day against the one a week before. A handful of statements, however many facts."""
    before = HealthSnapshot.objects.filter(engagement=snapshot.engagement_id, day=snapshot.day - WEEK).first()
    version = version_of(snapshot)
    way, alone, found = _tried(snapshot, version), _alone(snapshot, version), _moved(snapshot, before, version)
    names = names_of([*found.values(), *(step.done for step in (*way.steps, *alone))])
    moved = {key: move_text(move, names) for key, move in found.items()}
    slug = snapshot.engagement.slug
    return Explanation(
        snapshot=snapshot,
        change=change_between(before, snapshot),
        rows=component_rows(snapshot, before, moved),
        hard_rules=[reason_sentence(reason) for reason in snapshot.reasons],
        to_green=[_step(step, try_text(step.done, names), slug) for step in way.steps],
        reaches=way.reaches,
        alone=[_step(step, try_text(step.done, names), slug) for step in alone],
        version=version,
    )


def version_of(snapshot: HealthSnapshot) -> HealthModelVersion:
    """The version of the numbers the day was judged by."""
    return HealthModelVersion.objects.filter(number=snapshot.settings_version).first() or HealthModelVersion.in_force()


def facts_of(snapshot: HealthSnapshot | None) -> HealthFacts | None:
    """The facts a day was judged by; None where there is no such day, or it is one of before facts were kept."""
    return facts_from_json(snapshot.facts) if snapshot and snapshot.facts else None


def _tried(snapshot: HealthSnapshot, version: HealthModelVersion) -> Way:
    facts = facts_of(snapshot)
    return way_to_green(facts, snapshot.day, version.model) if facts else Way((), False)


def _alone(snapshot: HealthSnapshot, version: HealthModelVersion) -> list[Step]:
    facts = facts_of(snapshot)
    return single_tries(facts, snapshot.day, version.model)[:MOST_TRIES] if facts else []


def _moved(snapshot: HealthSnapshot, before: HealthSnapshot | None, version: HealthModelVersion) -> dict[str, Move]:
    now, then = facts_of(snapshot), facts_of(before)
    return dict(moves(then, now, snapshot.day, version.model)) if now and then else {}


def _step(step: Step, text: str, slug: str) -> GreenStep:
    return GreenStep(text, shown(step.score), step.band, page_of(step.done.component, slug))


def page_of(component: str, slug: str) -> str:
    return reverse(COMPONENT_PAGES[component], args=[slug])


def shown(score: Decimal | None) -> int | None:
    return None if score is None else rounded(score)


def change_between(before: HealthSnapshot | None, after: HealthSnapshot) -> int | None:
    """The change of the shown scores, None where one of the days was not judged."""
    score, earlier = shown(after.score), shown(before.score) if before else None
    return None if score is None or earlier is None else score - earlier


def component_rows(
    snapshot: HealthSnapshot, before: HealthSnapshot | None, moved: dict[str, str] | None = None
) -> list[ComponentRow]:
    """Rows in the order of the model; `moved` says by component which fact moved it."""
    earlier = {part["key"]: part for part in before.components} if before else {}
    known = sum((number(part["weight"]) for part in snapshot.components if part["score"] is not None), Decimal(0))
    return [
        _row(part, earlier.get(part["key"]), known, (moved or {}).get(part["key"]), snapshot.engagement.slug)
        for part in snapshot.components
    ]


def _row(
    part: dict[str, Any], before: dict[str, Any] | None, known: Decimal, moved: str | None, slug: str
) -> ComponentRow:
    score, points = number(part["score"]), number(part["contribution"])
    earlier = number(before["contribution"]) if before else None
    change = None if points is None or earlier is None else points - earlier
    return ComponentRow(
        key=part["key"],
        name=str(COMPONENT_NAMES[part["key"]]),
        band=component_band(part),
        score=shown(score),
        weight=number(part["weight"]) or Decimal(0),
        full_weight=part["full_weight"],
        points=points,
        possible=number(part["weight"]) * 100 / known if points is not None else None,
        change=change,
        evidence=reason_text(*part["reason"]),
        age_days=part["age_days"],
        url=page_of(part["key"], slug),
        moved=moved or (_("Only time went by, or the weight of others.") if change else ""),
    )


def number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@dataclass(frozen=True, slots=True)
class BandChange:
    """A stored day on which the computed band changed, and what it came from."""

    day: date
    band: str
    before: str
    score: int | None
    reasons: list[str]


def band_changes(history: Sequence[HealthSnapshot]) -> list[BandChange]:
    """The days of a history, oldest first, on which the band changed; the newest first."""
    pairs = zip(history, history[1:], strict=False)
    found = [_band_change(before, after) for before, after in pairs if before.band != after.band]
    return found[::-1]


def _band_change(before: HealthSnapshot, after: HealthSnapshot) -> BandChange:
    """The reasons are the hard rules, else the component that lost or won most."""
    reasons = [reason_sentence(reason) for reason in after.reasons]
    return BandChange(after.day, after.band, before.band, shown(after.score), reasons or _largest_change(before, after))


def _largest_change(before: HealthSnapshot, after: HealthSnapshot) -> list[str]:
    then = {part["key"]: part["contribution"] or 0 for part in before.components}
    changes = [(abs((part["contribution"] or 0) - then.get(part["key"], 0)), part) for part in after.components]
    size, part = max(changes, key=lambda pair: pair[0], default=(0, None))
    return [reason_text(*part["reason"])] if part and size else []
