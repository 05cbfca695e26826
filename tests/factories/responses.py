"""Answers of customers, counted unless told otherwise."""

from datetime import UTC, datetime

import factory

from engagements.models import Annulment, Response
from tests.factories.shares import EditionFactory


class ResponseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Response

    edition = factory.SubFactory(EditionFactory)
    engagement = factory.SelfAttribute("edition.engagement")
    kind = Response.Kind.ANSWER
    item = 1
    item_text = "Name a reviewer"
    name = "Pieter Bakker"
    email = "pieter@harbourline.example"
    is_vouched = True
    given_at = confirmed_at = datetime(2026, 11, 23, 9, tzinfo=UTC)


class AnnulmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Annulment

    response = factory.SubFactory(ResponseFactory, taken_back_at=datetime(2026, 11, 23, 10, tzinfo=UTC), is_annulled=True)
    reason = "Pieter says it was not him"
    annulled_at = factory.SelfAttribute("response.taken_back_at")
