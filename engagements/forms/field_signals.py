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
        fields = ["text", "theme", "category", "destination", "disposition", "noted_on", "accepted_on", "shipped_on"]
        labels = {"text": _("Claim"), "noted_on": _("Heard on")}
        help_texts = {
            "text": _("Others read it too: leave out the customer’s name and people."),
            "theme": _("In a few words. Signals with the same theme are counted over customers."),
            "destination": _("The team or product that should hear it."),
            "accepted_on": _("Empty: the day on which it is put down as planned."),
            "shipped_on": _("Empty: the day on which it is put down as done."),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    more = ("accepted_on", "shipped_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # One theme, however it is spaced: it is what signals are counted by.
        cleaned["theme"] = " ".join(cleaned.get("theme", "").split())
        return cleaned | self.steps(cleaned)

    def steps(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The days that go with the disposition: what is planned was accepted, what is done was shipped too.

        Empty ones become today when the disposition is changed: later nobody knows them, and none is made up.
        """
        disposition, accepted, shipped = (cleaned.get(name) for name in ("disposition", "accepted_on", "shipped_on"))
        is_done = disposition == FieldSignal.Disposition.DONE
        if not is_done and disposition != FieldSignal.Disposition.PLANNED:
            return {"accepted_on": None, "shipped_on": None}
        if "disposition" not in self.changed_data:
            return {"accepted_on": accepted, "shipped_on": shipped if is_done else None}
        shipped = (shipped or self.today) if is_done else None
        return {"accepted_on": accepted or shipped or self.today, "shipped_on": shipped}
