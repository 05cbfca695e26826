"""Filters of the timeline. Their state lives in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.selectors.timeline_sources import KINDS
from fde_portal.accounts.models import User


class TimelineFilter(forms.Form):
    kind = forms.ChoiceField(choices=[("", _("Everything")), *KINDS], required=False, label=_("Kind"))
    person = forms.ModelChoiceField(queryset=User.objects.none(), required=False, label=_("Person"), empty_label=_("Everybody"))
    until = forms.DateField(required=False, label=_("Until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "chip"}))

    def __init__(self, data: Any, *, people: models.QuerySet) -> None:
        super().__init__(data)
        self.fields["person"].queryset = people

    def chosen(self) -> dict[str, Any]:
        """What was asked for; what makes no sense is left out, as if it had not been asked."""
        self.is_valid()
        return {"until": None, "kind": "", "person": None} | self.cleaned_data
