"""What holds work up, what may, and what happened to deliverables and people's weeks."""

from datetime import UTC, date, datetime

import factory

from engagements.models import Blocker, BlockerChange, CheckIn, Incident, Release, Risk, RiskAssessment
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.people import UserFactory


class BlockerFactory(factory.django.DjangoModelFactory):
    """Open since `opened_on`, with the change that says so."""

    class Meta:
        model = Blocker
        skip_postgeneration_save = True

    engagement = factory.SubFactory(EngagementFactory)
    text = factory.Sequence(lambda n: f"Blocker {n}")
    opened_on = date(2026, 3, 2)

    @factory.post_generation
    def opened(self, create: bool, extracted: object, **kwargs: object) -> None:
        BlockerChange.objects.create(blocker=self, changed_on=self.opened_on, state=Blocker.State.OPEN)


class RiskFactory(factory.django.DjangoModelFactory):
    """Assessed on `assessed`, 2 March 2026 unless told otherwise."""

    class Meta:
        model = Risk
        skip_postgeneration_save = True

    engagement = factory.SubFactory(EngagementFactory)
    text = factory.Sequence(lambda n: f"Risk {n}")

    @factory.post_generation
    def assessed(self, create: bool, extracted: date | None, **kwargs: object) -> None:
        RiskAssessment.objects.create(
            risk=self, assessed_on=extracted or date(2026, 3, 2), likelihood=self.likelihood, impact=self.impact,
            review_on=self.review_on, state=self.state,
        )


class ReleaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Release

    deliverable = factory.SubFactory(DeliverableFactory)
    name = factory.Sequence(lambda n: f"1.{n}")
    released_on = date(2026, 3, 2)


class IncidentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Incident

    deliverable = factory.SubFactory(DeliverableFactory)
    title = factory.Sequence(lambda n: f"Incident {n}")
    started_at = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


class CheckInFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CheckIn

    person = factory.SubFactory(UserFactory)
    iso_year = 2026
    iso_week = 10
    mood = 3
    confidence = 4
