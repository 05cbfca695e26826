"""What is built and handed to the customer."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.metrics.firsts import USUAL_RULE, ActivationRule
from engagements.models.engagement import Engagement
from engagements.models.response import Response
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record

MOST_DAYS = 366


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
    activation_days = models.PositiveSmallIntegerField(
        _("days of use that activate"), default=USUAL_RULE.active_days, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    activation_within = models.PositiveSmallIntegerField(
        _("within so many days"), default=USUAL_RULE.within, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )

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
            ),
            # As `ActivationRule.is_possible`.
            models.CheckConstraint(
                name="activation_can_be_reached",
                condition=models.Q(activation_days__gte=1, activation_days__lte=models.F("activation_within") + 1),
                violation_error_message=_("There are not so many days within that time."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def activation_rule(self) -> ActivationRule:
        return ActivationRule(self.activation_within, self.activation_days)

    @property
    def criteria(self) -> list[str]:
        """The acceptance criteria, one a line as they were typed."""
        return [line.strip() for line in self.acceptance_criteria.splitlines() if line.strip()]


class DeliverableChange(ScopedModel):
    """A step in the life of a deliverable: into which state, by whom, when, and why where a reason is owed."""

    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="changes", verbose_name=_("deliverable"))
    was = models.CharField(_("state before"), max_length=16, choices=Deliverable.State.choices)
    state = models.CharField(_("state"), max_length=16, choices=Deliverable.State.choices)
    reason = models.TextField(_("reason"), blank=True)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by"))
    response = models.ForeignKey(
        Response, models.SET_NULL, null=True, blank=True, related_name="steps", verbose_name=_("answer of the customer")
    )

    seen_through = "deliverable"

    class Meta:
        verbose_name = _("step of a deliverable")
        verbose_name_plural = _("steps of deliverables")
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="deliverable_rejected_for_a_reason", condition=~models.Q(state="rejected") | ~models.Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def by_name(self) -> str:
        """Who took the step: one of us, or somebody at the customer by an answer."""
        return self.response.signed if self.response else str(self.changed_by or "–")


class EvidenceLink(ScopedModel, Record):
    """Where one can see for oneself that a deliverable does what it should."""

    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="evidence_links", verbose_name=_("deliverable"))
    label = models.CharField(_("what it shows"), max_length=120)
    url = models.URLField(_("address"), max_length=500, blank=True)

    seen_through = "deliverable"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label

    @property
    def engagement_id(self) -> int:
        """For the audit trail, which files acts by engagement."""
        return self.deliverable.engagement_id


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
