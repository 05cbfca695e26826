"""The forms of what belongs to a deliverable: releases, incidents, evidence, the reason of a rejection."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import EvidenceLink, Incident, Release
from fde_portal.accounts.forms import QuickForm, RecordForm


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and an hour; both are those of the reader's time zone."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class ReleaseForm(RecordForm):
    """`today` is the engagement's local day."""

    class Meta:
        model = Release
        fields = ["name", "released_on", "note"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = Release.objects.filter(deliverable=self.instance.deliverable, name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("This deliverable already has a release with this name, perhaps an archived one."))
        return name

    def clean_released_on(self) -> date:
        day = self.cleaned_data["released_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come. Write it down when it is out."))
        return day


class IncidentForm(RecordForm):
    """`now` bounds what can have happened."""

    more = ("detected_at", "cause", "fix")

    class Meta:
        model = Incident
        fields = ["title", "severity", "started_at", "detected_at", "restored_at", "cause", "fix"]
        widgets = {
            "severity": forms.RadioSelect,
            "started_at": MomentInput(),
            "detected_at": MomentInput(),
            "restored_at": MomentInput(),
        }

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        started = cleaned.get("started_at")
        for name, text in (("detected_at", _("It was detected before it started.")), ("restored_at", _("It was restored before it started."))):
            if started and cleaned.get(name) and cleaned[name] < started:
                self.add_error(name, text)
        if started and started > self.now:
            self.add_error("started_at", _("This is still to come."))
        return cleaned


class EvidenceForm(QuickForm):
    # Without one, the files attached to it are the evidence.
    url = forms.URLField(required=False, label=_("Address, if it has one"), max_length=500, assume_scheme="https", widget=forms.URLInput(attrs={"placeholder": "https://"}))

    class Meta:
        model = EvidenceLink
        fields = ["label", "url"]


class RejectionForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is rejected"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Which criterion it does not meet, in the customer's words.")
    )
