"""Links and editions. The secret of a factory link is SECRET followed by its number."""

from datetime import UTC, datetime

import factory

from engagements.models import Edition, Share
from engagements.public_page.content import SharedContent, SharedWeek, canonical_json, hash_of
from fde_portal.accounts.tokens import digest_of
from tests.factories.engagements import EngagementFactory

SECRET = "fdes_a-secret-for-tests-"


def content_for(engagement, **fields) -> SharedContent:
    """The least a page can say, with `fields` on top."""
    least = {
        "engagement": engagement.name,
        "customer": engagement.customer.name,
        "vendor": "Northlight",
        "vendor_mark": "N",
        "contact_name": "Maya Okafor",
        "contact_email": "maya@northlight.example",
        "time_zone": "Europe/Berlin",
        "published_on": datetime(2026, 11, 20).date(),
        "week": SharedWeek(),
        "asks": (),
        "milestones": (),
        "adoption": None,
        "value": None,
    }
    return SharedContent(**least | fields)


class EditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Edition

    engagement = factory.SubFactory(EngagementFactory)
    number = factory.Sequence(lambda n: n + 1)
    content = factory.LazyAttribute(lambda edition: canonical_json(content_for(edition.engagement)))
    content_hash = factory.LazyAttribute(lambda edition: hash_of(edition.content))
    published_at = datetime(2026, 11, 20, 16, tzinfo=UTC)


class ShareFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Share

    engagement = factory.SubFactory(EngagementFactory)
    name = factory.Sequence(lambda n: f"Share {n}")
    token_digest = factory.Sequence(lambda n: digest_of(f"{SECRET}{n}"))
