"""What changes at the customer means for our engagements."""

from __future__ import annotations

from datetime import date

from engagements.models import Engagement
from engagements.services.recomputes import request_recompute


def recompute_customer(customer_id: int, since: date | None) -> None:
    """Have health computed again wherever these people count. Called inside the change's transaction.

    `since` is the first day the change is about, None when it is about now.
    """
    # In one order, so that two changes at once do not wait for each other.
    touched = Engagement.objects.live().filter(customer=customer_id).order_by("pk")
    for engagement_id in touched.values_list("pk", flat=True):
        request_recompute(engagement_id, since=since)
