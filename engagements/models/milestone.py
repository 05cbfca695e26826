"""Dates we promised, with every change of the forecast kept."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.metrics.health_components import slip_days
from engagements.metrics.health_facts import MilestoneFact
from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record


class Milestone(ScopedModel, Record):
    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        GO_LIVE = "go_live", _("Go-live")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="milestones", verbose_name=_("engagement"))
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.ORDINARY)
    baseline_on = models.DateField(_("promised for"), help_text=_("Slip is counted from this date."))
    forecast_on = models.DateField(_("expected on"), null=True, blank=True)
    actual_on = models.DateField(_("reached on"), null=True, blank=True)
    our_part = models.TextField(_("what we must do"), blank=True)
    their_part = models.TextField(_("what the customer must do"), blank=True)
    summary = models.CharField(_("in one line"), max_length=200, blank=True, help_text=_("The customer reads it below the title."))
    is_shared = models.BooleanField(_("the customer sees it"), default=True)

    seen_through = "engagement"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["baseline_on", "id"]
        indexes = [models.Index(fields=["engagement", "baseline_on"])]

    def __str__(self) -> str:
        return self.title

    @property
    def expected_on(self) -> date:
        """The date that counts today: reached, else forecast, else promised."""
        return self.actual_on or self.forecast_on or self.baseline_on

    def slip_on(self, today: date) -> int:
        """Days after (or, negative, before) the promised date, as health counts them on the local day `today`."""
        return slip_days(MilestoneFact(self.baseline_on, self.forecast_on, self.actual_on), today)


class ForecastChange(ScopedModel):
    """One change of a milestone's forecast or actual date. Health as of an earlier day reads these."""

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="forecast_changes", verbose_name=_("milestone"))
    changed_on = models.DateField(_("changed on"))
    forecast_on = models.DateField(_("expected on"), null=True, blank=True)
    actual_on = models.DateField(_("reached on"), null=True, blank=True)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by"))

    seen_through = "milestone"

    class Meta:
        verbose_name = _("forecast change")
        verbose_name_plural = _("forecast changes")
        ordering = ["changed_on", "id"]
        indexes = [models.Index(fields=["milestone", "changed_on"])]

    def __str__(self) -> str:
        return f"{self.milestone} {self.changed_on}"


class Rebaseline(ScopedModel):
    """A promise made anew: the old date, the new one, and why. Until that day slip was counted from the old one."""

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="rebaselines", verbose_name=_("milestone"))
    changed_on = models.DateField(_("changed on"))
    old_on = models.DateField(_("promised before"))
    new_on = models.DateField(_("promised for"))
    reason = models.TextField(_("reason"))
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by"))

    seen_through = "milestone"

    class Meta:
        verbose_name = _("new promise")
        verbose_name_plural = _("new promises")
        ordering = ["changed_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="rebaseline_moves_for_a_reason",
                condition=~models.Q(reason="") & ~models.Q(old_on=models.F("new_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.milestone} {self.new_on}"
