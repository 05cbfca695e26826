"""Ready-made lines of the portfolio, for tests of what reads them."""

from datetime import UTC, datetime

import factory

from engagements.models import Band, PortfolioRow
from tests.factories.engagements import EngagementFactory


class PortfolioRowFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PortfolioRow

    engagement = factory.SubFactory(EngagementFactory)
    computed_at = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    rank = 2
    band = Band.ON_TRACK
    score = 80
