"""Editions with what was taken back from them since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from engagements.models.share import Edition
from engagements.models.withdrawal import Withdrawal
from engagements.public_page.content import SharedContent, content_from
from engagements.public_page.tombstones import Withdrawn, remaining


def withdrawn_items(engagement_id: int, zone: ZoneInfo) -> Withdrawn:
    """The items taken back, with the local day. One statement."""
    rows = Withdrawal.objects.filter(engagement=engagement_id).values_list("item", "withdrawn_at")
    return {item: at.astimezone(zone).date() for item, at in rows}


def standing_content(edition: Edition) -> SharedContent:
    """What an edition still says."""
    [content] = standing_contents([edition])
    return content


def standing_contents(editions: Collection[Edition]) -> list[SharedContent]:
    """What each edition still says. One statement for all."""
    rows = Withdrawal.objects.filter(engagement__in=[edition.engagement_id for edition in editions])
    withdrawn: dict[int, dict[str, datetime]] = defaultdict(dict)
    for engagement_id, item, at in rows.values_list("engagement", "item", "withdrawn_at"):
        withdrawn[engagement_id][item] = at
    return [remaining(content_from(edition.content), withdrawn[edition.engagement_id]) for edition in editions]
