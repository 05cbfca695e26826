"""What managers do while reviewing."""

from datetime import UTC, date, datetime

import factory

from engagements.models import Help, Review, ReviewQuestion
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ManagerFactory, UserFactory

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class ReviewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Review

    engagement = factory.SubFactory(EngagementFactory)
    iso_year = 2026
    iso_week = 10


class ReviewQuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReviewQuestion

    engagement = factory.SubFactory(EngagementFactory)
    text = factory.Sequence(lambda n: f"Question {n}")
    asked_by = factory.SubFactory(ManagerFactory)
    asked_at = NOW


class HelpFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Help

    engagement = factory.SubFactory(EngagementFactory)
    person = factory.SubFactory(UserFactory)
    text = factory.Sequence(lambda n: f"Help {n}")
    until = date(2026, 3, 16)
