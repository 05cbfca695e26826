"""Deliveries too large to take in at once: kept in chunks until a worker has read them; days that are closed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models.usage import UsageBatch, UsageSource
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import QueueRow


class UsageLoad(ScopedModel, QueueRow):
    """The queue of deliveries to load: a row stands as long as its batch waits for the worker."""

    batch = models.OneToOneField(UsageBatch, models.CASCADE, related_name="load", verbose_name=_("batch"))
    # How far it has come (services/usage_loading.py), so that a load of minutes is done a turn at a time.
    progress = models.JSONField(default=dict, blank=True, editable=False)

    seen_through = "batch"

    class Meta:
        verbose_name = _("delivery to load")
        verbose_name_plural = _("deliveries to load")

    def __str__(self) -> str:
        return str(self.batch)


class UsageChunk(ScopedModel):
    """A compressed piece of a delivery (or of the rows it was refused for), in the order of `number`."""

    class Kind(models.TextChoices):
        CONTENT = "content", _("Content")
        REFUSED = "refused", _("Refused rows")

    batch = models.ForeignKey(UsageBatch, models.CASCADE, related_name="chunks", verbose_name=_("batch"), db_index=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.CONTENT)
    number = models.PositiveIntegerField(_("number"))
    content = models.BinaryField(_("content"))

    seen_through = "batch"

    class Meta:
        verbose_name = _("piece of a delivery")
        verbose_name_plural = _("pieces of a delivery")
        constraints = [models.UniqueConstraint(fields=["batch", "kind", "number"], name="chunk_once_per_batch")]


class ClosedPeriod(ScopedModel):
    """Up to this local day, included, a source takes nothing in and gives nothing back any more."""

    source = models.OneToOneField(UsageSource, models.CASCADE, related_name="closed_period", verbose_name=_("usage source"))
    until = models.DateField(_("closed up to"))
    closed_at = models.DateTimeField(pgettext_lazy("data", "closed"))
    closed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("closed by"))

    seen_through = "source"

    class Meta:
        verbose_name = _("closed period")
        verbose_name_plural = _("closed periods")

    def __str__(self) -> str:
        return f"{self.source}: {self.until}"
