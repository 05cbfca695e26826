"""Questions to the front line. The secret behind a factory's link is FRONT_LINE_SECRET followed by its number."""

from datetime import date

import factory

from engagements.models import FrontLineAnswer, FrontLinePulse
from fde_portal.accounts.tokens import digest_of
from tests.factories.engagements import EngagementFactory

FRONT_LINE_SECRET = "fdeq_a-secret-for-tests-"


class FrontLinePulseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FrontLinePulse

    engagement = factory.SubFactory(EngagementFactory)
    question = factory.Sequence(lambda n: f"Question {n}")
    token_digest = factory.Sequence(lambda n: digest_of(f"{FRONT_LINE_SECRET}{n}"))


class FrontLineAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FrontLineAnswer

    pulse = factory.SubFactory(FrontLinePulseFactory)
    score = 4
    given_on = date(2026, 11, 23)
