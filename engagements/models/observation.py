"""What was seen of an agreed outcome in one period."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.metrics.outcomes import observed_value
from engagements.models.judged_figure import JudgedFigure
from engagements.models.outcome import OutcomeAgreement


class Observation(JudgedFigure):
    """A period, a numerator and its denominator, and whether the verifier confirmed it."""

    class Origin(models.TextChoices):
        FORM = "form", _("typed")
        CSV = "csv", _("from a file")
        API = "api", _("through the API")
        USAGE = "usage", _("from usage data")

    agreement = models.ForeignKey(OutcomeAgreement, models.CASCADE, related_name="observations", verbose_name=_("outcome agreement"))
    numerator = models.DecimalField(_("numerator"), max_digits=18, decimal_places=4)
    denominator = models.DecimalField(_("denominator"), max_digits=18, decimal_places=4, null=True, blank=True, help_text=_("Empty: the figure stands for itself."))
    origin = models.CharField(_("origin"), max_length=8, choices=Origin.choices, default=Origin.FORM, editable=False)

    seen_through = "agreement"

    class Meta(JudgedFigure.Meta):
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = [
            *JudgedFigure.Meta.constraints,
            models.CheckConstraint(name="observation_denominator_is_positive", condition=models.Q(denominator__isnull=True) | models.Q(denominator__gt=0)),
            models.UniqueConstraint(
                fields=["agreement", "period_from", "period_to"],
                condition=models.Q(archived_at__isnull=True),
                name="one_observation_per_period",
                violation_error_message=_("There is an observation of this period already."),
            ),
        ]

    @property
    def engagement_id(self) -> int:
        """For the audit trail, which files acts by engagement."""
        return self.agreement.engagement_id

    @property
    def value(self) -> Decimal | None:
        return observed_value(self.numerator, self.denominator, as_percent=self.agreement.as_percent)
