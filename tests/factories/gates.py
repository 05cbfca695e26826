"""Gates, their criteria and decisions, and an engagement whose gates stand open."""

from datetime import UTC, date, datetime

import factory

from customers.models import Stakeholder
from engagements.metrics.gates import SAFETY_KEYS
from engagements.models import Engagement, Gate, GateCriterion, GateDecision, Phase
from tests.factories.engagements import EngagementFactory

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class GateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Gate

    engagement = factory.SubFactory(EngagementFactory)
    phase = Phase.DISCOVERY


class GateCriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GateCriterion

    gate = factory.SubFactory(GateFactory)
    text = factory.Sequence(lambda n: f"Criterion {n}")


class GateDecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GateDecision

    gate = factory.SubFactory(GateFactory)
    outcome = "go"
    our_deciders = "Maya Okafor"
    their_deciders = "Anneke Visser"
    decided_on = date(2026, 3, 2)
    decided_at = NOW
    snapshot = "{}"
    snapshot_hash = "0" * 64


def gates_of(engagement: Engagement, *, answer: str = "pass") -> dict[str, Gate]:
    """A gate for each phase of an engagement that has none; one hard criterion each, safety before production."""
    gates = {phase.value: GateFactory(engagement=engagement, phase=phase) for phase in Phase}
    for gate in gates.values():
        GateCriterionFactory(gate=gate, answer=answer)
    for key in SAFETY_KEYS:
        GateCriterionFactory(gate=gates["pilot"], key=key, answer=answer)
    return gates


def passed_gates(engagement: Engagement, *phases: str) -> None:
    """Gates with every answer "pass", those of `phases` decided with a go."""
    gates = gates_of(engagement)
    for phase in phases:
        GateDecisionFactory(gate=gates[phase])


def customers_person(engagement: Engagement) -> Stakeholder:
    return Stakeholder.objects.create(customer=engagement.customer, name="Anneke Visser", role="sponsor")
