"""Editions with what was taken back from them since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from engagements.models.share import Edition
from engagements.models.withdrawal import Withdrawal
from engagements.public_page.content import SharedContent, content_from
from engagements.public_page.tombstones import Withdrawn, remaining
from fde_portal.core.prepared import Param, prepared


def withdrawn_items(engagement_id: int, zone: ZoneInfo) -> Withdrawn:
    """The items taken back, with the local day. One statement."""
    return {item: at.astimezone(zone).date() for item, at in _withdrawals(engagement=engagement_id)}


@prepared
def _withdrawals(*, engagement: Param) -> QuerySet:
    return Withdrawal.objects.filter(engagement=engagement).values_list("item", "withdrawn_at")


def standing_content(edition: Edition) -> SharedContent:
    """What an edition still says."""
    [content] = standing_contents([(edition.engagement_id, edition.content)])
    return content


def standing_contents(editions: Collection[tuple[int, str]]) -> list[SharedContent]:
    """What each edition, given as engagement and content, still says. One statement for all."""
    rows = Withdrawal.objects.filter(engagement__in={engagement for engagement, _ in editions})
    withdrawn: dict[int, set[str]] = defaultdict(set)
    for engagement, item in rows.values_list("engagement", "item"):
        withdrawn[engagement].add(item)
    return [remaining(content_from(content), withdrawn[engagement]) for engagement, content in editions]
