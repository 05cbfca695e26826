"""The form for one exchange rate."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.forms.base import RecordForm
from fde_portal.accounts.models import ExchangeRate


class CurrencyField(forms.CharField):
    """A currency code, however it is typed."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).upper()


class ExchangeRateForm(RecordForm):
    """A rate of a day that has come, of another currency than the reporting one, once."""

    class Meta:
        model = ExchangeRate
        fields = ["currency", "worth", "rate_on", "source"]
        field_classes = {"currency": CurrencyField}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"]
        if currency == self.instance.base:
            raise forms.ValidationError(_("This is the reporting currency itself."))
        return currency

    def clean_rate_on(self) -> date:
        if self.cleaned_data["rate_on"] > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["rate_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        same = ExchangeRate.objects.current().filter(currency=cleaned.get("currency"), base=self.instance.base, rate_on=cleaned.get("rate_on"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("rate_on", _("There is a rate of this currency and day already."))
        return cleaned
