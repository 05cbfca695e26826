"""Forms for target users: a number of people, or a list of named ones."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.table_files import TableFileForm
from engagements.forms.usages import deliverable_choices
from engagements.intake.rows import LONGEST_ACTOR, ROWS_AT_ONCE
from engagements.intake.target_files import TargetLine, read_targets
from engagements.intake.values import BadValue, text_of
from engagements.models import Deliverable, Engagement, TargetPopulation
from fde_portal.accounts.forms import RecordForm, WorkDateField
from fde_portal.accounts.models import User

MOST_PEOPLE = 10_000_000


class TargetForm(RecordForm):
    """How many people are meant to use a deliverable. Of a named person only the dates can change."""

    class Meta:
        model = TargetPopulation
        fields = ["deliverable", "licences", "starts_on", "ends_on", "full_adoption_on"]

    def __init__(self, *args: Any, engagement: Engagement, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deliverable"].queryset = deliverable_choices(engagement, user, self.instance.deliverable_id)
        self.fields["deliverable"].empty_label = None
        self.fields["deliverable"].disabled = self.instance.pk is not None
        if self.instance.actor_id:
            del self.fields["licences"]
        else:
            self.fields["licences"] = forms.IntegerField(
                label=_("People meant to use it"), min_value=1, max_value=MOST_PEOPLE,
                help_text=_("Licences, seats or members of the teams that got it."),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_ramp(self, cleaned)
        return cleaned


class TargetNamesForm(forms.Form):
    """A list of people, written as the usage data name them. Valid, `names` is a list without repetitions."""

    deliverable = forms.ModelChoiceField(Deliverable.objects.none(), label=_("Deliverable"), empty_label=None)
    names = forms.CharField(
        label=_("People, one per line"),
        widget=forms.Textarea(attrs={"class": "tall"}),
        help_text=_("Exactly as the column “actor” of the usage data names them."),
    )
    starts_on = WorkDateField(label=_("From"))
    ends_on = WorkDateField(label=_("To"), required=False, help_text=_("The last day that counts."))
    full_adoption_on = WorkDateField(
        label=_("Everybody by"), required=False, help_text=_("Until then the weekly target grows evenly.")
    )

    def __init__(self, *args: Any, engagement: Engagement, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deliverable"].queryset = deliverable_choices(engagement, user)

    def clean_names(self) -> list[str]:
        lines = [(number, line) for number, line in enumerate(self.cleaned_data["names"].splitlines(), start=1) if line.strip()]
        if len(lines) > ROWS_AT_ONCE:
            raise forms.ValidationError(_("At most %(limit)s people at once."), params={"limit": ROWS_AT_ONCE})
        return list(dict.fromkeys(self.name_of(number, line) for number, line in lines))

    def name_of(self, number: int, line: str) -> str:
        try:
            return text_of(line, LONGEST_ACTOR)
        except BadValue as fault:
            raise forms.ValidationError(_("Line %(line)s: %(fault)s"), params={"line": number, "fault": fault}) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("“To” is before “From”."))
        check_ramp(self, cleaned)
        return cleaned


class TargetFileForm(TableFileForm):
    """A CSV file of target users. Valid, `lines` holds its rows; else `faults` what is wrong with them."""

    field_order = ("deliverable", "file")
    deliverable = forms.ModelChoiceField(Deliverable.objects.none(), label=_("Deliverable"), empty_label=None)
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns: actor or licences, from; optional to, everybody_by. It takes the place of the present list."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )

    def __init__(self, *args: Any, engagement: Engagement, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deliverable"].queryset = deliverable_choices(engagement, user)
        self.lines: list[TargetLine] = []

    def take_in(self, content: bytes) -> None:
        self.lines = read_targets(content)


def check_ramp(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """The day by which everybody is expected cannot lie before the first."""
    starts_on: date | None = cleaned.get("starts_on")
    full_adoption_on = cleaned.get("full_adoption_on")
    if starts_on and full_adoption_on and full_adoption_on < starts_on:
        form.add_error("full_adoption_on", _("“Everybody by” is before “From”."))
