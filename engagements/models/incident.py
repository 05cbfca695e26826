"""When a deliverable failed its users, how long it took, and what we changed."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.models.deliverable import Deliverable
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record


class Incident(ScopedModel, Record):
    class Severity(models.TextChoices):
        MINOR = "minor", _("Minor")
        MAJOR = "major", _("Major")
        CRITICAL = "critical", _("Critical")

    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="incidents", verbose_name=_("deliverable"))
    title = models.CharField(_("what happened"), max_length=120)
    severity = models.CharField(_("severity"), max_length=16, choices=Severity.choices, default=Severity.MINOR)
    started_at = models.DateTimeField(_("started"))
    detected_at = models.DateTimeField(_("detected"), null=True, blank=True)
    restored_at = models.DateTimeField(_("restored"), null=True, blank=True)
    cause = models.TextField(_("cause"), blank=True)
    fix = models.TextField(_("what we changed"), blank=True)

    seen_through = "deliverable"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="incident_detected_after_it_started",
                condition=models.Q(detected_at__isnull=True) | models.Q(detected_at__gte=models.F("started_at")),
                violation_error_message=_("It was detected before it started."),
            ),
            models.CheckConstraint(
                name="incident_restored_after_it_started",
                condition=models.Q(restored_at__isnull=True) | models.Q(restored_at__gte=models.F("started_at")),
                violation_error_message=_("It was restored before it started."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def engagement_id(self) -> int:
        """For the audit trail, which files acts by engagement."""
        return self.deliverable.engagement_id

    @property
    def lasted(self) -> timedelta | None:
        """From start to restoration; None while it goes on."""
        return self.restored_at - self.started_at if self.restored_at else None
