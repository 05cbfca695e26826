"""Playbooks and checklists."""

import factory

from engagements.models import ChecklistItem, Phase, Playbook, PlaybookCriterion, PlaybookMilestone
from tests.factories.engagements import EngagementFactory


class PlaybookFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Playbook

    name = factory.Sequence(lambda n: f"Playbook {n}")


class PlaybookMilestoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlaybookMilestone

    playbook = factory.SubFactory(PlaybookFactory)
    title = factory.Sequence(lambda n: f"Step {n}")
    days = 10


class PlaybookCriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlaybookCriterion

    playbook = factory.SubFactory(PlaybookFactory)
    text = factory.Sequence(lambda n: f"Criterion {n}")


class ChecklistItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ChecklistItem

    engagement = factory.SubFactory(EngagementFactory)
    phase = Phase.DISCOVERY
    text = factory.Sequence(lambda n: f"Item {n}")
