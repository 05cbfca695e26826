"""Agreed outcomes: from 14 to 6 minutes between 5 January and 29 June 2026, observed each month."""

from datetime import date
from decimal import Decimal

import factory

from engagements.models import Guardrail, Observation, OutcomeAgreement, OutcomeChange
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import EngagementFactory

State = OutcomeAgreement.State
AGREED = date(2026, 1, 12)


class OutcomeFactory(factory.django.DjangoModelFactory):
    """Measuring since 12 January, unless another state is given, with the changes that led there."""

    class Meta:
        model = OutcomeAgreement
        skip_postgeneration_save = True

    engagement = factory.SubFactory(EngagementFactory)
    outcome = factory.Sequence(lambda n: f"A declaration takes less time {n}")
    metric = "Minutes for a declaration"
    unit = "minutes"
    population = "All import declarations"
    source_of_truth = "Desk timer"
    baseline_kind = OutcomeAgreement.Baseline.MEASURED
    baseline = Decimal(14)
    baseline_on = date(2026, 1, 5)
    target = Decimal(6)
    due_on = date(2026, 6, 29)
    our_person = factory.SelfAttribute("engagement.lead")
    their_person = factory.LazyAttribute(lambda made: StakeholderFactory(customer=made.engagement.customer))
    verifier = factory.LazyAttribute(lambda made: StakeholderFactory(customer=made.engagement.customer))
    state = State.MEASURING
    agreed_on = factory.LazyAttribute(lambda made: None if made.state == State.DRAFT else AGREED)

    @factory.post_generation
    def moved(self, create: bool, extracted: object, **kwargs: object) -> None:
        path = [State.DRAFT] if self.state == State.DRAFT else [State.DRAFT, State.AGREED, self.state]
        for state in dict.fromkeys(path):
            OutcomeChange.objects.create(agreement=self, changed_on=AGREED, state=state, changed_by=self.our_person)


class ObservationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Observation

    agreement = factory.SubFactory(OutcomeFactory)
    period_from = date(2026, 2, 1)
    period_to = date(2026, 2, 28)
    numerator = Decimal(10)
    recorded_on = date(2026, 3, 2)


class GuardrailFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Guardrail

    agreement = factory.SubFactory(OutcomeFactory)
    text = "Held at the border"
    limit = Decimal(11)
    unit = "%"
