"""Health as it was computed for one closing day. Internal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.engagement import Engagement
from fde_portal.accounts.scoping import ScopedModel


class Band(models.TextChoices):
    ON_TRACK = "on_track", _("On track")
    WATCH = "watch", _("Watch")
    AT_RISK = "at_risk", _("At risk")
    UNKNOWN = "unknown", _("Unknown")


class HealthSnapshot(ScopedModel):
    """Score, band and the components behind it, with the facts each came from."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="health_snapshots", verbose_name=_("engagement"))
    day = models.DateField(_("as of"))
    model_version = models.PositiveSmallIntegerField(_("model version"), default=1)
    watermark = models.PositiveBigIntegerField(_("watermark"))
    computed_at = models.DateTimeField(_("computed"))
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1, null=True)
    band = models.CharField(_("band"), max_length=16, choices=Band.choices)
    coverage = models.DecimalField(_("coverage"), max_digits=4, decimal_places=3)
    components = models.JSONField(_("components"))
    reasons = models.JSONField(_("reasons"), default=list)

    seen_through = "engagement"

    class Meta:
        verbose_name = _("health snapshot")
        verbose_name_plural = _("health snapshots")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["engagement", "day"], name="health_once_per_engagement_and_day")]

    def __str__(self) -> str:
        return f"{self.engagement} {self.day}"
