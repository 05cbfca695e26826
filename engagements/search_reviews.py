"""How what managers asked, commented and sent is found."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.models import Help, Review, ReviewQuestion
from engagements.search_parts import place_of
from fde_portal.core.search.kinds import Kind

QUESTIONS = Kind(
    model=ReviewQuestion,
    label=_("Questions of managers"),
    icon="eye",
    title=lambda question: question.text,
    text=lambda question: (question.answer,),
    scope=lambda question: f"engagement:{question.engagement_id}",
    url=lambda question: reverse("review_question", args=[question.engagement.slug, question.pk]),
    detail=lambda question: place_of(question.engagement),
    related=("engagement__customer",),
)

COMMENTS = Kind(
    model=Review,
    label=_("Comments of managers"),
    icon="eye",
    title=lambda review: review.comment,
    scope=lambda review: f"engagement:{review.engagement_id}",
    url=lambda review: reverse("engagement_review", args=[review.engagement.slug]),
    detail=lambda review: place_of(review.engagement),
    is_found=lambda review: bool(review.comment),
    related=("engagement__customer",),
)

HELPS = Kind(
    model=Help,
    label=_("Help"),
    icon="people",
    title=lambda given: given.text,
    text=lambda given: (given.person.name,),
    scope=lambda given: f"engagement:{given.engagement_id}",
    url=lambda given: reverse("engagement_review", args=[given.engagement.slug]),
    detail=lambda given: place_of(given.engagement),
    related=("engagement__customer", "person"),
)

REVIEWS = (QUESTIONS, COMMENTS, HELPS)
