"""What is built and handed to the customer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record


class Deliverable(ScopedModel, Record):
    class Kind(models.TextChoices):
        AI_TOOL = "ai_tool", _("AI tool")
        INTEGRATION = "integration", _("Integration")
        DATA_PIPELINE = "data_pipeline", _("Data pipeline")
        PROTOTYPE = "prototype", _("Prototype")
        DASHBOARD = "dashboard", _("Dashboard")
        TRAINING = "training", _("Training")
        DOCUMENT = "document", _("Document")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        IN_PROGRESS = "in_progress", _("In progress")
        SUBMITTED = "submitted", _("Submitted")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        SUPERSEDED = "superseded", _("Superseded")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="deliverables", verbose_name=_("engagement"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.AI_TOOL)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="owned_deliverables", verbose_name=_("owner")
    )
    acceptance_criteria = models.TextField(_("acceptance criteria"), blank=True)
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    forecast_on = models.DateField(_("expected on"), null=True, blank=True)
    actual_on = models.DateField(_("delivered on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.PLANNED)
    is_shared = models.BooleanField(_("the customer sees it"), default=False)

    seen_through = "engagement"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "name"],
                name="deliverable_name_once_per_engagement",
                violation_error_message=_("This engagement already has a deliverable with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Feature(ScopedModel):
    """A declared function of a deliverable. Use of one that bears no value does not make a person active."""

    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="features", verbose_name=_("deliverable"))
    name = models.CharField(_("name as in the usage data"), max_length=80)
    bears_value = models.BooleanField(_("bears value"), default=True)

    seen_through = "deliverable"

    class Meta:
        verbose_name = _("feature")
        verbose_name_plural = _("features")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["deliverable", "name"], name="feature_once_per_deliverable")]

    def __str__(self) -> str:
        return self.name
