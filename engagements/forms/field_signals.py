"""The form for a field signal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.log_entries import LogForm
from engagements.models import FieldSignal


class FieldSignalForm(LogForm):
    class Meta:
        model = FieldSignal
        fields = ["text", "theme", "category", "destination", "disposition", "noted_on"]
        labels = {"text": _("Claim"), "noted_on": _("Heard on")}
        help_texts = {
            "text": _("Others read it too: leave out the customer’s name and people."),
            "theme": _("In a few words. Signals with the same theme are counted over customers."),
            "destination": _("The team or product that should hear it."),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # One theme, however it is spaced: it is what signals are counted by.
        cleaned["theme"] = " ".join(cleaned.get("theme", "").split())
        return cleaned
