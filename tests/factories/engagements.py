"""The work: engagements, deliverables, milestones, weekly updates."""

from datetime import date

import factory

from engagements.models import Ask, Deliverable, Engagement, Milestone, StakeholderNote, WeeklyUpdate
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory


class EngagementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Engagement

    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence(lambda n: f"Engagement {n}")
    slug = factory.Sequence(lambda n: f"engagement-{n}")
    lead = factory.SubFactory(UserFactory)
    started_on = date(2026, 1, 5)


class DeliverableFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Deliverable

    engagement = factory.SubFactory(EngagementFactory)
    name = factory.Sequence(lambda n: f"Deliverable {n}")


class MilestoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Milestone

    engagement = factory.SubFactory(EngagementFactory)
    title = factory.Sequence(lambda n: f"Milestone {n}")
    baseline_on = date(2026, 3, 2)


class WeeklyUpdateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WeeklyUpdate

    engagement = factory.SubFactory(EngagementFactory)
    iso_year = 2026
    iso_week = 10
    headline = factory.Sequence(lambda n: f"Headline {n}")


class AskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Ask

    engagement = factory.SubFactory(EngagementFactory)
    text = factory.Sequence(lambda n: f"Ask {n}")


class NoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StakeholderNote

    customer = factory.SubFactory(CustomerFactory)
    happened_on = date(2026, 3, 2)
    text = factory.Sequence(lambda n: f"Note {n}")
