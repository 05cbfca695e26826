"""Taking back what was shared, in every edition at once, and putting it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from engagements.models.engagement import Engagement
from engagements.models.share import Edition
from engagements.models.withdrawal import Withdrawal
from engagements.public_page.content import content_from
from engagements.public_page.tombstones import items_in
from fde_portal.accounts import audit
from fde_portal.accounts.models import User


class NotShared(Exception):
    """No edition of the engagement holds such an item."""


@transaction.atomic
def withdraw_item(*, engagement: Engagement, item: str, by: User, now: datetime) -> None:
    """Lay a tombstone over `item` in all editions, also those to come. Twice changes nothing. Raises NotShared."""
    editions = Edition.objects.filter(engagement=engagement).values_list("content", flat=True)
    if not any(item == shared.name for content in editions.iterator() for shared in items_in(content_from(content))):
        raise NotShared
    fields = {"withdrawn_at": now, "withdrawn_by": by}
    withdrawal, is_new = Withdrawal.objects.get_or_create(engagement=engagement, item=item, defaults=fields)
    if is_new:
        audit.record("withdraw", withdrawal, by=by)


@transaction.atomic
def put_item_back(*, engagement: Engagement, item: str, by: User) -> None:
    """Take the tombstone away again. Without one nothing changes."""
    withdrawal = Withdrawal.objects.filter(engagement=engagement, item=item).first()
    if withdrawal:
        audit.record("put_back_item", withdrawal, by=by)
        withdrawal.delete()
