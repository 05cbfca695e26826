"""What stays with the customer after the handover, and who there answers for it. Internal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet, Stakeholder
from engagements.models.engagement import Engagement
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record

# For which nobody answers: no owner, or one who left.
NOBODY = models.Q(owner=None) | models.Q(owner__left_on__isnull=False) | models.Q(owner__archived_at__isnull=False)


class AssetQuerySet(ScopedRecordQuerySet):
    def ownerless(self) -> AssetQuerySet:
        """Those for which nobody answers."""
        return self.current().filter(NOBODY)


class Asset(ScopedModel, Record):
    class Kind(models.TextChoices):
        SOFTWARE = "software", _("Software")
        MODEL = "model", _("Model or prompt")
        DATA = "data", _("Data or test set")
        ACCESS = "access", _("Access or contract")
        DOCUMENT = "document", _("Document or runbook")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="assets", verbose_name=_("engagement"))
    name = models.CharField(_("asset"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.SOFTWARE)
    place = models.CharField(_("where it is"), max_length=200, blank=True)
    owner = models.ForeignKey(
        Stakeholder, models.SET_NULL, null=True, blank=True, related_name="owned_assets", verbose_name=_("owner at the customer")
    )
    note = models.TextField(_("what the owner must know"), blank=True)

    seen_through = "engagement"
    objects = AssetQuerySet.as_manager()

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "name"],
                name="asset_name_once_per_engagement",
                violation_error_message=_("This engagement already has an asset with this name, perhaps an archived one."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_owner(self) -> bool:
        return self.owner is not None and self.owner.left_on is None and not self.owner.is_archived
