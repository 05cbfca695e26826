"""What a value line really brought, and what was estimated when a phase was left."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.engagement import Phase
from engagements.models.judged_figure import JudgedFigure
from engagements.models.value import ValueCase, ValueLine
from fde_portal.accounts.scoping import ScopedModel


class RealisedValue(JudgedFigure):
    """What a line brought or cost in one period, in the currency of its case; the customer confirms or disputes it."""

    line = models.ForeignKey(ValueLine, models.CASCADE, related_name="realised", verbose_name=_("value line"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, help_text=_("Positive for benefits and for costs, in the currency of the case."))
    hours = models.DecimalField(
        _("hours"), max_digits=12, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)], help_text=_("Released, before any share of them is counted."),
    )
    reason = models.CharField(_("why it differs"), max_length=300, blank=True, help_text=_("From what was estimated."))

    seen_through = "line"

    class Meta(JudgedFigure.Meta):
        verbose_name = _("realised value")
        verbose_name_plural = _("realised values")
        constraints = [
            *JudgedFigure.Meta.constraints,
            models.UniqueConstraint(
                fields=["line", "period_from", "period_to"], condition=models.Q(archived_at__isnull=True), name="one_realised_value_per_period"
            ),
        ]

    @property
    def engagement_id(self) -> int:
        """For the audit trail, which files acts by engagement."""
        return self.line.case.engagement_id


class FrozenEstimate(ScopedModel):
    """What a case came to on the day a phase was left. Never changed."""

    case = models.ForeignKey(ValueCase, models.CASCADE, related_name="frozen_estimates", verbose_name=_("value case"))
    phase = models.CharField(_("phase that was left"), max_length=16, choices=Phase.choices)
    frozen_on = models.DateField(_("frozen"))
    npv = models.DecimalField(_("net present value"), max_digits=18, decimal_places=2)
    lines = models.JSONField(_("lines"), default=list)  # [[name, total over the case as text], …], costs negative

    seen_through = "case"

    class Meta:
        verbose_name = _("frozen estimate")
        verbose_name_plural = _("frozen estimates")
        ordering = ["-frozen_on", "-id"]

    def __str__(self) -> str:
        return f"{self.get_phase_display()} {self.frozen_on}"
