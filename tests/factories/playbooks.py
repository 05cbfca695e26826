"""Playbooks and their lines."""

import factory

from engagements.models import Playbook, PlaybookCriterion, PlaybookMilestone


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
