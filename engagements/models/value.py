"""What the work is worth: cases of benefit and cost lines, by year."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import ScopedRecordQuerySet
from engagements.metrics.value_limits import largest_year
from engagements.metrics.value_lines import Unit
from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User, validate_currency
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet
from fde_portal.core.models import Record

SHARE_OF_ONE = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]


class Confidence(models.TextChoices):
    OBSERVED = "observed", _("Observed")
    CALCULATED = "calculated", _("Calculated")
    ESTIMATED = "estimated", _("Estimated")
    ASSUMED = "assumed", _("Assumed")


class ValueCase(ScopedModel, Record):
    """A study of benefits and costs over whole years, with an undiscounted column at time 0."""

    class Layout(models.TextChoices):
        YEARS = "years", _("By year")
        MONTHS = "months", _("By month")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="value_cases", verbose_name=_("engagement"))
    title = models.CharField(_("title"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[validate_currency])
    starts_on = models.DateField(_("time 0"), help_text=_("The day the first year begins."))
    years = models.PositiveSmallIntegerField(_("years"), default=3, validators=[MinValueValidator(1), MaxValueValidator(10)])
    discount_rate = models.DecimalField(_("discount rate"), max_digits=5, decimal_places=4, default=Decimal("0.10"), validators=SHARE_OF_ONE)
    source = models.CharField(_("where the figures come from"), max_length=300, blank=True)
    layout = models.CharField(
        _("counted"), max_length=8, choices=Layout.choices, default=Layout.YEARS,
        help_text=_("By year as published studies do; by month for work that lasts months."),
    )
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


class StandingLines(models.Manager.from_queryset(ScopedQuerySet)):
    """Lines that were not removed: all that pages, figures and programs know."""

    def get_queryset(self) -> ScopedQuerySet:
        return super().get_queryset().filter(removed_at=None)


class ValueLine(ScopedModel):
    """One benefit or cost. A line that is removed stays with its drivers and what it brought, for the way back."""

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

    class Basis(models.TextChoices):
        AMOUNTS = "amounts", _("Amounts by year")
        DRIVERS = "drivers", _("A product of drivers")

    class Per(models.TextChoices):
        MONTH = "month", _("each month")
        YEAR = "year", _("each year")

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
    basis = models.CharField(_("worked out from"), max_length=8, choices=Basis.choices, default=Basis.AMOUNTS)
    per = models.CharField(_("the product is worth"), max_length=8, choices=Per.choices, default=Per.MONTH)
    begins_month = models.PositiveSmallIntegerField(_("begins in month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(120)])
    ramp_months = models.PositiveSmallIntegerField(
        _("months until it counts in full"), default=0, validators=[MaxValueValidator(120)], help_text=_("It grows evenly until then.")
    )
    low_share = models.DecimalField(_("cautious end"), max_digits=6, decimal_places=4, default=Decimal(1), validators=[MinValueValidator(Decimal(0))])
    high_share = models.DecimalField(_("hopeful end"), max_digits=6, decimal_places=4, default=Decimal(1), validators=[MinValueValidator(Decimal(0))])
    capture = models.DecimalField(
        _("share used as value"), max_digits=4, decimal_places=3, default=Decimal(1), validators=SHARE_OF_ONE,
        help_text=_("Of hours released published studies count half: the rest is not put to use."),
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[validate_currency], help_text=_("Empty: the currency of the case."))
    exchange_rate = models.DecimalField(
        _("exchange rate"), max_digits=14, decimal_places=6, default=Decimal(1), validators=[MinValueValidator(Decimal("0.000001"))],
        help_text=_("What one unit of it is worth in the currency of the case."),
    )
    rate_on = models.DateField(_("rate of"), null=True, blank=True)
    work = models.CharField(
        _("what work it values"), max_length=80, blank=True, help_text=_("Two lines that name the same work would count it twice, and are refused.")
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True, editable=False)

    seen_through = "case"
    objects = StandingLines()
    with_removed = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("value line")
        verbose_name_plural = _("value lines")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="line_in_another_currency_has_a_dated_rate",
                condition=models.Q(currency="", rate_on__isnull=True) | (~models.Q(currency="") & models.Q(rate_on__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_benefit(self) -> bool:
        return self.kind in self.BENEFITS

    @property
    def is_hours(self) -> bool:
        """Hours are capacity: shown as hours and as money, and left out of the cash view."""
        return self.kind == self.Kind.HOURS_RELEASED

    def largest_year(self, drivers: Iterable[ValueDriver]) -> Decimal:
        """What `drivers` at their larger ends would make it worth in a full year, in the currency of the case."""
        ends = [(Unit(driver.unit), max(driver.low, driver.high)) for driver in drivers]
        return largest_year(ends, by_month=self.per == self.Per.MONTH, exchange_rate=self.exchange_rate)

    @property
    def certainty(self) -> str:
        """How sure the line is: its weakest driver's confidence, or its own where it has fixed amounts."""
        drivers = self.drivers.all() if self.basis == self.Basis.DRIVERS else ()
        found = {driver.confidence for driver in drivers}
        return next((word for word in reversed(Confidence.values) if word in found), self.confidence)

    @property
    def certainty_word(self) -> str:
        return str(Confidence(self.certainty).label)


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


class ValueDriver(ScopedModel):
    """One factor of a line's product, such as the cases of a month. Shares are kept as 0 to 1, and shown in percent."""

    class Unit(models.TextChoices):
        COUNT = Unit.COUNT, pgettext_lazy("unit", "number")
        SHARE = Unit.SHARE, _("percent")
        MINUTES = Unit.MINUTES, _("minutes")
        HOURS = Unit.HOURS, pgettext_lazy("unit", "hours")
        MONEY_PER_HOUR = Unit.MONEY_PER_HOUR, _("money per hour")
        MONEY = Unit.MONEY, _("money")

    class Source(models.TextChoices):
        OBSERVATION = "observation", _("Observation")
        USAGE = "usage", _("Usage data")
        ASSUMPTION = "assumption", _("Assumption")

    line = models.ForeignKey(ValueLine, models.CASCADE, related_name="drivers", verbose_name=_("value line"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("name"), max_length=80)
    unit = models.CharField(_("unit"), max_length=16, choices=Unit.choices, default=Unit.COUNT)
    low = models.DecimalField(_("cautious"), max_digits=18, decimal_places=6)
    expected = models.DecimalField(_("expected"), max_digits=18, decimal_places=6)
    high = models.DecimalField(_("hopeful"), max_digits=18, decimal_places=6)
    confidence = models.CharField(_("confidence"), max_length=16, choices=Confidence.choices, default=Confidence.ESTIMATED)
    source_kind = models.CharField(_("comes from"), max_length=16, choices=Source.choices, default=Source.ASSUMPTION)
    source = models.CharField(_("source"), max_length=200, blank=True)

    seen_through = "line"

    class Meta:
        verbose_name = _("driver")
        verbose_name_plural = _("drivers")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="driver_expects_between_its_ends",
                condition=models.Q(low__lte=models.F("expected"), expected__lte=models.F("high"))
                | models.Q(high__lte=models.F("expected"), expected__lte=models.F("low")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The input it is: drivers of a case with the same name and unit are one."""
        named = f"{self.name.strip().casefold()}|{self.unit}"
        return f"driver-{hashlib.sha256(named.encode()).hexdigest()[:12]}"


class ValueScenario(ScopedModel, Record):
    """Inputs somebody tried beside those of a case, under a name, so that others can open the same page."""

    case = models.ForeignKey(ValueCase, models.CASCADE, related_name="scenarios", verbose_name=_("value case"))
    name = models.CharField(_("name"), max_length=80)
    inputs = models.JSONField(_("changed inputs"), default=dict)  # {key of an input: decimal as text}
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))

    seen_through = "case"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def engagement_id(self) -> int:
        """For the audit trail, which files acts by engagement."""
        return self.case.engagement_id
