"""What other currencies are worth in the reporting currency, from a day on."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.models.organization import validate_currency
from fde_portal.core.models import Record


class ExchangeRate(Record):
    """A rate holds from its day on until the next one. `base` is the reporting currency it was given for."""

    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency], help_text=_("Three letters, such as USD."))
    base = models.CharField(_("reporting currency"), max_length=3, validators=[validate_currency], editable=False)
    worth = models.DecimalField(
        _("what one unit is worth"), max_digits=14, decimal_places=6, validators=[MinValueValidator(Decimal("0.000001"))],
        help_text=_("In the reporting currency."),
    )  # fmt: skip
    rate_on = models.DateField(_("rate of"), help_text=_("It holds from this day on, until the next rate."))
    source = models.CharField(_("source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["currency", "-rate_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "base", "rate_on"], condition=models.Q(archived_at__isnull=True), name="one_rate_per_currency_and_day",
                violation_error_message=_("There is a rate of this currency and day already."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.currency} {self.rate_on}"
