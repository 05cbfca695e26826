"""The small records of a log: one factory a kind."""

from datetime import date

import factory

from engagements import models
from tests.factories.engagements import EngagementFactory


class LogEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    engagement = factory.SubFactory(EngagementFactory)
    text = factory.Sequence(lambda n: f"Entry {n}")
    noted_on = date(2026, 3, 2)


class DecisionFactory(LogEntryFactory):
    class Meta:
        model = models.Decision


class AssumptionFactory(LogEntryFactory):
    class Meta:
        model = models.Assumption


class ExperimentFactory(LogEntryFactory):
    class Meta:
        model = models.Experiment


class ScopeRequestFactory(LogEntryFactory):
    class Meta:
        model = models.ScopeRequest


class OpportunityFactory(LogEntryFactory):
    class Meta:
        model = models.Opportunity


class FieldSignalFactory(LogEntryFactory):
    class Meta:
        model = models.FieldSignal

    theme = factory.Sequence(lambda n: f"Theme {n}")


class TrainingFactory(LogEntryFactory):
    class Meta:
        model = models.Training


class IntegrationFactory(LogEntryFactory):
    class Meta:
        model = models.Integration


# By the key that stands in addresses.
FACTORIES = {
    "decision": DecisionFactory,
    "assumption": AssumptionFactory,
    "experiment": ExperimentFactory,
    "scope_request": ScopeRequestFactory,
    "opportunity": OpportunityFactory,
    "field_signal": FieldSignalFactory,
    "training": TrainingFactory,
    "integration": IntegrationFactory,
}
