"""Which version of a deliverable came out when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.models.deliverable import Deliverable
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record


class Release(ScopedModel, Record):
    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="releases", verbose_name=_("deliverable"))
    name = models.CharField(_("version or model"), max_length=60)
    released_on = models.DateField(_("released on"))
    note = models.TextField(_("what changed"), blank=True)

    seen_through = "deliverable"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-released_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "name"],
                name="release_once_per_deliverable",
                violation_error_message=_("This deliverable already has a release with this name, perhaps an archived one."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def engagement_id(self) -> int:
        """For the audit trail, which files acts by engagement."""
        return self.deliverable.engagement_id
