"""Evidence from the work."""

from datetime import UTC, datetime

import factory

from engagements.models import WorkItem, WorkRule, WorkSource
from tests.factories.engagements import EngagementFactory


class WorkSourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkSource

    name = factory.Sequence(lambda n: f"Code host {n}")


class WorkRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkRule

    source = factory.SubFactory(WorkSourceFactory)
    engagement = factory.SubFactory(EngagementFactory)
    repository = "acme/claims"


class WorkItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkItem

    engagement = factory.SubFactory(EngagementFactory)
    kind = "merge"
    repository = "acme/claims"
    key = factory.Sequence(str)
    title = factory.Sequence(lambda n: f"Change {n}")
    happened_at = datetime(2026, 11, 18, 9, tzinfo=UTC)
