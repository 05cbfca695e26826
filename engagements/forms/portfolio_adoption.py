"""What is asked on the page of the portfolio's adoption. Its state lives in the address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AdoptionFilter(forms.Form):
    customer = forms.ChoiceField(required=False, label=_("Customer"))
    until = forms.DateField(required=False, label=_("As of"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, data: Any, *, customers: Mapping[str, str], today: date) -> None:
        super().__init__(data)
        self.fields["customer"].choices = [("", _("All customers")), *customers.items()]
        self.is_valid()
        # The last day asked for: a day to come, and one that is none, is today.
        self.day: date = min(self.cleaned_data.get("until") or today, today)
        # What was not asked for is shown as what it then is.
        self.data = {"customer": self.data.get("customer", ""), "until": self.day.isoformat()}

    @property
    def slug(self) -> str:
        """The customer asked for, also an unknown one: then there is nothing to show, rather than everything."""
        return self.data["customer"]
