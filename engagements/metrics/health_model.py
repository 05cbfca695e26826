"""The numbers of health model 1 that managers may change: weights, spans, bands and the cadence of updates.

The formulas stay: `health_components` turns facts into 0 to 100, `health` puts the components together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from engagements.metrics.bands import DEFAULT_BANDS, Bands
from engagements.metrics.health_components import MODEL, Component
from engagements.metrics.health_facts import HealthFacts

DEFAULT_WEIGHTS: Mapping[str, int] = {component.key: component.weight for component in MODEL}
# Days for which human input counts in full; what is not named here never ages, or by a cadence of its own.
DEFAULT_SPANS: Mapping[str, int] = {component.key: component.full_days for component in MODEL if component.full_days}


@dataclass(frozen=True, slots=True)
class HealthModel:
    """One version of the numbers. `cadence_days` None leaves each update the cadence its facts name."""

    weights: Mapping[str, int] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    spans: Mapping[str, int] = field(default_factory=lambda: DEFAULT_SPANS)
    bands: Bands = DEFAULT_BANDS
    cadence_days: int | None = None

    def components(self, phase: str) -> Iterator[Component]:
        """Yield the components that apply in `phase`, weighed by this version; weight 0 switches one off."""
        for component in MODEL:
            weight = self.weights[component.key]
            if weight and phase in component.phases:
                yield replace(component, weight=weight, full_days=self.spans.get(component.key))

    def facts(self, facts: HealthFacts) -> HealthFacts:
        """Return the facts with this version's cadence of updates."""
        if self.cadence_days is None:
            return facts
        return replace(facts, freshness=replace(facts.freshness, cadence_days=self.cadence_days))


DEFAULT_MODEL = HealthModel()
