"""Answers as they are laid over a page: what every reader of it may see."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from engagements.models.response import Response, start_of
from engagements.public_page.answers import GivenAnswer, ItemKey, Topic
from fde_portal.core.prepared import Param, prepared

Kind = Response.Kind
# Pulses and questions are for the team alone.
TOPIC_OF = {
    Kind.ACKNOWLEDGE: Topic.ASK,
    Kind.ANSWER: Topic.ASK,
    Kind.ACCEPT: Topic.DELIVERABLE,
    Kind.REJECT: Topic.DELIVERABLE,
    Kind.SIGN: Topic.GATE,
    Kind.DECLINE: Topic.GATE,
    Kind.CONFIRM: Topic.OBSERVATION,
    Kind.DISPUTE: Topic.OBSERVATION,
    Kind.CONFIRM_VALUE: Topic.REALISED,
    Kind.DISPUTE_VALUE: Topic.REALISED,
}


def given_answers(engagement_id: int, zone: ZoneInfo, published_at: datetime) -> dict[ItemKey, list[GivenAnswer]]:
    """What the page tells of answers, by the item they are about, oldest first: laid over the edition of `published_at`. One statement."""
    found: dict[ItemKey, list[GivenAnswer]] = defaultdict(list)
    for kind, item, name, at, annulled_at, email, is_vouched, *said in _told(engagement=engagement_id):
        found[TOPIC_OF[kind], item].append(
            GivenAnswer(
                kind, name, at.astimezone(zone).date(), *said,
                address="" if is_vouched else start_of(email),
                annulled=annulled_at.astimezone(zone).date() if annulled_at else None,
                is_earlier=at < published_at,
            )
        )
    return found


@prepared
def _told(*, engagement: Param) -> QuerySet:
    rows = Response.objects.told().filter(engagement=engagement, kind__in=TOPIC_OF).order_by("confirmed_at", "id")
    return rows.values_list(
        "kind", "item", "name", "confirmed_at", "taken_back_at", "email", "is_vouched", "text", "who_will", "by_on"
    )
