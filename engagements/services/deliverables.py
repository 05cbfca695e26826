"""Acts on deliverables and their declared features."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from engagements.models import Deliverable, UsageEvent, UsageRow
from engagements.selectors.deliverable import valueless_features
from engagements.services.activity import mark_days
from engagements.services.recomputes import request_recompute
from fde_portal.accounts.models import User
from fde_portal.accounts.records import save_record


@transaction.atomic
def save_deliverable(form: Any, *, by: User) -> Deliverable:
    """Save a deliverable and its features from a valid DeliverableForm.

    Where a feature began or ceased to bear value, the days on which it was used are counted anew.
    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    before = valueless_features(form.instance) if form.instance.pk else set()
    deliverable = save_record(form, by=by)
    form.features.instance = deliverable
    form.features.save()
    _recount(deliverable, before ^ valueless_features(deliverable))
    return deliverable


def _recount(deliverable: Deliverable, features: set[str]) -> None:
    for truth in (UsageRow, UsageEvent) if features else ():
        used = truth.objects.filter(deliverable=deliverable, feature__in=features)
        mark_days(deliverable.pk, used.order_by().values_list("day", flat=True).distinct())
    request_recompute(deliverable.engagement_id)
