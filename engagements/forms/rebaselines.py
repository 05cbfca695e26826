"""The form with which a milestone is promised anew."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import Milestone
from fde_portal.accounts.forms import WorkDateField


class RebaselineForm(forms.Form):
    new_on = WorkDateField(label=_("Promised for"), help_text=_("Slip is counted from this date from now on."))
    reason = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Who agreed to it, and what changed. The old date stays on record.")
    )

    def __init__(self, *args: object, milestone: Milestone, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.milestone = milestone

    def clean_new_on(self) -> date:
        new_on = self.cleaned_data["new_on"]
        if new_on == self.milestone.baseline_on:
            raise forms.ValidationError(_("This is the date that is promised already."))
        return new_on
