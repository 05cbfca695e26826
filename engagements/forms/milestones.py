"""Forms for milestones."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.dates import ForecastMixin
from engagements.models import Milestone
from fde_portal.accounts.forms import RecordForm


class MilestoneNewForm(RecordForm):
    """A title and the date we promise."""

    class Meta:
        model = Milestone
        fields = ["title", "baseline_on", "kind", "summary", "is_shared"]
        widgets = {"kind": forms.RadioSelect}


class MilestoneForm(ForecastMixin, RecordForm):
    """Everything but the promised date, which was set once. `today` is the engagement's local day."""

    more = ("kind", "our_part", "their_part")

    class Meta:
        model = Milestone
        fields = ["title", "kind", "forecast_on", "actual_on", "summary", "our_part", "their_part", "is_shared"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_actual_on(self) -> date | None:
        actual_on = self.cleaned_data["actual_on"]
        if actual_on and actual_on > self.today:
            raise forms.ValidationError(_("This day is still to come. Leave it empty until the milestone is reached."))
        return actual_on
