"""Notices to the lead of an engagement, unread and counted."""

from datetime import UTC, datetime

import factory

from engagements.models import Because, Notice, NoticeKind
from tests.factories.engagements import EngagementFactory


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    engagement = factory.SubFactory(EngagementFactory)
    person = factory.SelfAttribute("engagement.lead")
    kind = NoticeKind.FEED_STOPPED
    key = factory.Sequence(lambda n: f"feed {n}")
    because = Because.LEAD
    facts = factory.LazyFunction(lambda: {"day": "2026-11-20"})
    happened_at = written_at = datetime(2026, 11, 23, 9, tzinfo=UTC)
