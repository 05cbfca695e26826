"""What was taken back from the customer's page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel


class Withdrawal(ScopedModel):
    """One item taken back: a tombstone stands in its place in every edition. The editions themselves stay as they are.

    `item` is its stable name, such as "milestone:12" (public_page/tombstones.py).
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="withdrawals", verbose_name=_("engagement"))
    item = models.CharField(_("item"), max_length=48)
    withdrawn_at = models.DateTimeField(_("taken back"))
    withdrawn_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("taken back by"))

    seen_through = "engagement"

    class Meta:
        verbose_name = _("item taken back")
        verbose_name_plural = _("items taken back")
        constraints = [models.UniqueConstraint(fields=["engagement", "item"], name="item_withdrawn_once")]

    def __str__(self) -> str:
        return self.item
