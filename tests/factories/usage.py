"""Usage: sources, tokens, batches, actors, target users."""

from datetime import UTC, date, datetime

import factory

from engagements.models import Actor, TargetPopulation, UsageBatch, UsageSource, UsageToken
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import DeliverableFactory


class UsageSourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UsageSource

    deliverable = factory.SubFactory(DeliverableFactory)
    name = factory.Sequence(lambda n: f"Source {n}")


class UsageTokenFactory(factory.django.DjangoModelFactory):
    """A usable token; `secret` is what a program sends."""

    class Meta:
        model = UsageToken

    source = factory.SubFactory(UsageSourceFactory)
    name = factory.Sequence(lambda n: f"Token {n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        token = model_class(*args, **kwargs)
        token.secret = token.set_new_secret()
        token.save()
        return token


class UsageBatchFactory(factory.django.DjangoModelFactory):
    """A batch without rows: give real ones through receive_usage_batch."""

    class Meta:
        model = UsageBatch

    source = factory.SubFactory(UsageSourceFactory)
    sequence = factory.Sequence(lambda n: 1000 + n)  # beyond what a source counts itself
    key = factory.Sequence(lambda n: f"key-{n}")
    content_hash = "0" * 64
    row_count = 1
    first_day = last_day = date(2026, 3, 2)
    received_at = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)


class ActorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Actor

    customer = factory.SubFactory(CustomerFactory)
    key_hash = factory.Sequence(lambda n: f"{n:064x}")
    ordinal = factory.Sequence(lambda n: n)


class TargetPopulationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TargetPopulation

    deliverable = factory.SubFactory(DeliverableFactory)
    licences = 10
    starts_on = date(2026, 1, 5)
