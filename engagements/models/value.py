"""What the work is worth: cases of benefit and cost lines, by year."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.models.engagement import Engagement
from fde_portal.accounts.models import validate_currency
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record

SHARE_OF_ONE = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]


class Confidence(models.TextChoices):
    OBSERVED = "observed", _("Observed")
    CALCULATED = "calculated", _("Calculated")
    ESTIMATED = "estimated", _("Estimated")
    ASSUMED = "assumed", _("Assumed")


class ValueCase(ScopedModel, Record):
    """A study of benefits and costs over whole years, with an undiscounted column at time 0."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="value_cases", verbose_name=_("engagement"))
    title = models.CharField(_("title"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[validate_currency])
    starts_on = models.DateField(_("time 0"), help_text=_("The day the first year begins."))
    years = models.PositiveSmallIntegerField(_("years"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)])
    discount_rate = models.DecimalField(_("discount rate"), max_digits=5, decimal_places=4, default=Decimal("0.10"), validators=SHARE_OF_ONE)
    source = models.CharField(_("where the figures come from"), max_length=300, blank=True)
    weighs_confidence = models.BooleanField(
        _("weigh by confidence"), default=True, help_text=_("Switch off for a published study that is shown as printed.")
    )

    seen_through = "engagement"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("value case")
        verbose_name_plural = _("value cases")
        ordering = ["-starts_on", "-id"]
        constraints = [models.CheckConstraint(name="case_covers_1_to_10_years", condition=models.Q(years__range=(1, 10)))]

    def __str__(self) -> str:
        return self.title


class ValueLine(ScopedModel):
    class Kind(models.TextChoices):
        HOURS_RELEASED = "hours_released", _("Hours released")
        COST_AVOIDED = "cost_avoided", _("Cost avoided")
        REVENUE = "revenue", _("Revenue")
        RISK_AVOIDED = "risk_avoided", _("Risk avoided")
        ENGINEERING = "engineering", _("Engineering")
        MODEL_AND_CLOUD = "model_and_cloud", _("Model and cloud")
        LICENCES = "licences", _("Licences")
        CHANGE = "change", _("Change")
        SUPPORT = "support", _("Support")

    BENEFITS = (Kind.HOURS_RELEASED, Kind.COST_AVOIDED, Kind.REVENUE, Kind.RISK_AVOIDED)

    case = models.ForeignKey(ValueCase, models.CASCADE, related_name="lines", verbose_name=_("value case"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    confidence = models.CharField(_("confidence"), max_length=16, choices=Confidence.choices, default=Confidence.ESTIMATED)
    attribution = models.DecimalField(_("share due to this work"), max_digits=4, decimal_places=3, default=Decimal(1), validators=SHARE_OF_ONE)
    risk_adjustment = models.DecimalField(
        _("risk adjustment"), max_digits=4, decimal_places=3, default=Decimal(0), validators=SHARE_OF_ONE,
        help_text=_("Benefits are cut by it, costs raised by it."),
    )
    is_shared = models.BooleanField(_("the customer sees it"), default=False)

    seen_through = "case"

    class Meta:
        verbose_name = _("value line")
        verbose_name_plural = _("value lines")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_benefit(self) -> bool:
        return self.kind in self.BENEFITS


class ValueAmount(ScopedModel):
    """The amount of a line in one year; year 0 is the column at time 0, which is not discounted."""

    line = models.ForeignKey(ValueLine, models.CASCADE, related_name="amounts", verbose_name=_("value line"))
    year = models.PositiveSmallIntegerField(_("year"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)

    seen_through = "line"

    class Meta:
        verbose_name = _("amount")
        verbose_name_plural = _("amounts")
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["line", "year"], name="one_amount_per_line_and_year")]
