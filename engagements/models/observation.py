"""What was seen of an agreed outcome in one period."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.metrics.outcomes import observed_value
from engagements.models.outcome import OutcomeAgreement
from engagements.models.value import Confidence
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record


class Observation(ScopedModel, Record):
    """A period, a numerator and its denominator, and whether the verifier confirmed it.

    `recorded_on` is the local day on which it became known, `decided_on` the one of its verdict.
    """

    class State(models.TextChoices):
        PROVISIONAL = "provisional", _("Provisional")
        CONFIRMED = "confirmed", _("Confirmed")
        DISPUTED = "disputed", _("Disputed")

    class Origin(models.TextChoices):
        FORM = "form", _("typed")
        CSV = "csv", _("from a file")
        API = "api", _("through the API")
        USAGE = "usage", _("from usage data")

    agreement = models.ForeignKey(OutcomeAgreement, models.CASCADE, related_name="observations", verbose_name=_("outcome agreement"))
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"), help_text=_("The last day it covers."))
    numerator = models.DecimalField(_("numerator"), max_digits=18, decimal_places=4)
    denominator = models.DecimalField(_("denominator"), max_digits=18, decimal_places=4, null=True, blank=True, help_text=_("Empty: the figure stands for itself."))
    source = models.CharField(_("source"), max_length=200, blank=True)
    confidence = models.CharField(_("confidence"), max_length=16, choices=Confidence.choices, default=Confidence.OBSERVED)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin.choices, default=Origin.FORM, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.PROVISIONAL, editable=False)
    comment = models.TextField(_("comment"), blank=True, editable=False)
    recorded_on = models.DateField(_("recorded"), editable=False)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("recorded by"))
    decided_on = models.DateField(_("decided"), null=True, blank=True, editable=False)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True, editable=False)

    seen_through = "agreement"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["-period_to", "-id"]
        constraints = [
            models.CheckConstraint(name="observation_covers_a_period", condition=models.Q(period_from__lte=models.F("period_to"))),
            models.CheckConstraint(name="observation_denominator_is_positive", condition=models.Q(denominator__isnull=True) | models.Q(denominator__gt=0)),
            models.CheckConstraint(
                name="observation_decided_with_its_day",
                condition=models.Q(state="provisional", decided_on__isnull=True) | (~models.Q(state="provisional") & models.Q(decided_on__isnull=False)),
            ),
            models.CheckConstraint(name="observation_disputed_with_a_comment", condition=~models.Q(state="disputed") | ~models.Q(comment="")),
            models.UniqueConstraint(
                fields=["agreement", "period_from", "period_to"],
                condition=models.Q(archived_at__isnull=True),
                name="one_observation_per_period",
                violation_error_message=_("There is an observation of this period already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_from} – {self.period_to}"

    @property
    def engagement_id(self) -> int:
        """For the audit trail, which files acts by engagement."""
        return self.agreement.engagement_id

    @property
    def value(self) -> Decimal | None:
        return observed_value(self.numerator, self.denominator, as_percent=self.agreement.as_percent)
