"""Health model 1: one score from dated facts, with every point of it explained.

Score = sum of weight x score / sum of weight over the known components. Human input keeps
its full weight for a span of days, then fades to nothing over one more. Below 60 % coverage
the score is not judged. Facts live in `health_facts`, the table of components and their
rules in `health_components`, the numbers managers may change in `health_model`, bands and
their memory in `bands`. The formulas in one table: docs/health.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from engagements.metrics.bands import DEFAULT_BANDS, Band, Bands, band_of
from engagements.metrics.health_components import FULL, NONE, Component, Finding
from engagements.metrics.health_facts import HealthFacts, MilestoneFact, Reason
from engagements.metrics.health_model import DEFAULT_MODEL, HealthModel

LEAST_COVERAGE = Decimal("0.6")
GO_LIVE_GRACE_DAYS = 14
# What is handed over is in use, and stays so.
IN_PRODUCTION = frozenset({"production", "handover"})


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """One component as it counts today: `weight` after decay, `score` None when unknown."""

    key: str
    weight: Decimal
    full_weight: int
    score: Decimal | None
    age_days: int | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Contribution:
    """Points of the total score that come from one component, out of those it could give."""

    key: str
    points: Decimal
    possible: Decimal


@dataclass(frozen=True, slots=True)
class Health:
    """The model's result for one day. `score` is None when no component is known.

    `coverage` is known weight / weight that applies in the phase, 0 to 1. `hard_rules`
    put the engagement at risk whatever the score.
    """

    score: Decimal | None
    coverage: Decimal
    components: tuple[ComponentScore, ...]
    hard_rules: tuple[Reason, ...] = ()

    @property
    def closing_score(self) -> Decimal | None:
        """The score to band, None while the coverage is too low: feed it to `replay_bands`."""
        return self.score if self.coverage >= LEAST_COVERAGE else None

    @property
    def stored_score(self) -> Decimal | None:
        """The closing score as it is kept: one place, cut and not rounded.

        The whole number people see is rounded from this, and twice would be once too often.
        """
        score = self.closing_score
        return None if score is None else score.quantize(Decimal("0.1"), rounding=ROUND_DOWN)

    def band(self, bands: Bands = DEFAULT_BANDS) -> Band:
        """Return the band of this day on its own, without memory of earlier days."""
        return Band.AT_RISK if self.hard_rules else band_of(self.closing_score, bands)


def assess(facts: HealthFacts, today: date, model: HealthModel = DEFAULT_MODEL) -> Health:
    """Return the health of an engagement as of `today`, its local day, by the numbers of `model`.

    Raises KeyError for an unknown stance.
    """
    facts = model.facts(facts)
    components = tuple(
        _component_score(component, component.score(getattr(facts, component.key), today))
        for component in model.components(facts.phase)
    )
    return Health(
        score=total_score(components),
        coverage=coverage(components),
        components=components,
        hard_rules=hard_rules(facts, today),
    )


def _component_score(component: Component, finding: Finding) -> ComponentScore:
    return ComponentScore(
        key=component.key,
        weight=faded_weight(component.weight, finding.age_days, component.full_days) * finding.known,
        full_weight=component.weight,
        score=finding.score,
        age_days=finding.age_days,
        reason=finding.reason,
    )


def faded_weight(full: int, age_days: int | None, full_days: int | None) -> Decimal:
    """Return what is left of a full weight at an age of its human input.

    All of it for `full_days`, then linearly less, nothing after one more such span. Input
    that never ages keeps all; human input without a date has none.
    """
    if full_days is None:
        return Decimal(full)
    if age_days is None:
        return NONE
    # Divided last, so that a coverage of exactly 60 % is not missed by a rounded share.
    return max(NONE, min(Decimal(full), Decimal(full * (2 * full_days - age_days)) / full_days))


def total_score(components: Iterable[ComponentScore]) -> Decimal | None:
    """Return the weighted mean of the known components, 0 to 100, or None without any."""
    known = _known(components)
    weights = sum((weight for _, weight, _ in known), NONE)
    return sum((weight * score for _, weight, score in known), NONE) / weights if known else None


def contributions(components: Iterable[ComponentScore]) -> list[Contribution]:
    """Return the points of each known component; they add up to the total score."""
    known = _known(components)
    weights = sum((weight for _, weight, _ in known), NONE)
    return [Contribution(key, weight * score / weights, FULL * weight / weights) for key, weight, score in known]


def _known(components: Iterable[ComponentScore]) -> list[tuple[str, Decimal, Decimal]]:
    """Key, weight after decay and score of each component that enters the total."""
    return [(part.key, part.weight, part.score) for part in components if part.score is not None and part.weight]


def coverage(components: Sequence[ComponentScore]) -> Decimal:
    """Return known weight after decay / full weight that applies in the phase, 0 to 1."""
    applies = sum(part.full_weight for part in components)
    return sum((weight for _, weight, _ in _known(components)), NONE) / applies if applies else NONE


def hard_rules(facts: HealthFacts, today: date) -> tuple[Reason, ...]:
    """Return the rules that put the engagement at risk at once."""
    missed = max(
        ((today - m.baseline).days for m in facts.schedule.milestones if _waits_for_go_live(m)),
        default=0,
    )
    left_on = facts.relationship.sponsor_left_on
    rules = (
        Reason("hard.go_live_missed", {"days": missed}) if missed > GO_LIVE_GRACE_DAYS else None,
        Reason("hard.sponsor_gone", {"left_on": left_on}) if left_on else None,
        _failed_criteria(facts),
    )
    return tuple(rule for rule in rules if rule is not None)


def _failed_criteria(facts: HealthFacts) -> Reason | None:
    if facts.phase not in IN_PRODUCTION or not facts.failed_hard_criteria:
        return None
    return Reason("hard.criterion_failed", {"count": facts.failed_hard_criteria})


def _waits_for_go_live(milestone: MilestoneFact) -> bool:
    return milestone.is_go_live and milestone.actual is None

