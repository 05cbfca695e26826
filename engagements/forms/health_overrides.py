"""The form with which a manager judges health beside the computed band."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.metrics.overrides import LONGEST
from engagements.models import HealthOverride
from fde_portal.accounts.forms import WorkDateField

USUAL = timedelta(days=14)


class HealthOverrideForm(forms.Form):
    band = forms.ChoiceField(label=_("How does it stand?"), choices=HealthOverride.BANDS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why you see it differently"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you know that the facts do not say. The team reads it; customers never do."),
    )
    until = WorkDateField(
        label=_("Until"), help_text=_("At most 30 days from today. It ends earlier when the computed band gets worse.")
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].initial = today + USUAL
        self.fields["until"].widget.attrs |= {"min": today.isoformat(), "max": (today + LONGEST).isoformat()}

    def clean_until(self) -> date:
        until = self.cleaned_data["until"]
        if not self.today <= until <= self.today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today to 30 days from today."))
        return until
