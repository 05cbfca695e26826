"""Deliverables as the tab lists them."""

from __future__ import annotations

from django.db import models

from customers.models import ScopedRecordQuerySet
from engagements.models import Deliverable, Engagement, Feature
from fde_portal.accounts.models import User


def deliverables_of(engagement: Engagement, user: User) -> ScopedRecordQuerySet:
    """What `user` sees of the engagement's deliverables, with owners and features, the next due first."""
    rows = Deliverable.objects.visible_to(user).filter(engagement=engagement).select_related("owner")
    due = models.functions.Coalesce("actual_on", "forecast_on", "planned_on")
    return rows.prefetch_related("features").order_by(due.asc(nulls_last=True), "name")


def valueless_features(deliverable: Deliverable) -> set[str]:
    """Names of the features whose use alone does not make a person active."""
    return set(Feature.objects.filter(deliverable=deliverable, bears_value=False).values_list("name", flat=True))
