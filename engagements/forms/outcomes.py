"""Forms for outcome agreements: the draft, the agreement itself, a new line, a decision, guardrails."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Stakeholder
from engagements.forms.engagements import staff_or
from engagements.forms.usages import deliverable_choices
from engagements.models import Guardrail, OutcomeAgreement
from fde_portal.accounts.forms import PortalModelForm, RecordForm, WorkDateField
from fde_portal.accounts.models import User

LINE_FIELDS = ("baseline_kind", "baseline", "baseline_on", "target", "due_on")
PEOPLE_FIELDS = ("their_person", "producer", "verifier")
LIVING_FIELDS = ("cadence_days", "usage_figure", "deliverables", "is_shared")


def people_of(agreement: OutcomeAgreement, user: User, *chosen: int | None) -> Any:
    """The customer's people who are still there, and whoever was chosen before."""
    people = Stakeholder.objects.visible_to(user).filter(customer=agreement.engagement.customer_id)
    return people.filter(Q(archived_at=None, left_on=None) | Q(pk__in=[pk for pk in chosen if pk])).order_by("name")


def line_faults(direction: str, line: dict[str, Any]) -> list[tuple[str, Any]]:
    """Field and words of what is wrong with a line as typed; parts that are empty are not judged."""
    baseline, target, since, due = (line.get(name) for name in ("baseline", "target", "baseline_on", "due_on"))
    faults: list[tuple[str, Any]] = []
    if baseline is not None and target is not None:
        if direction == OutcomeAgreement.Direction.DOWN and target >= baseline:
            faults.append(("target", _("Less is better here: the target must lie below the baseline.")))
        if direction == OutcomeAgreement.Direction.UP and target <= baseline:
            faults.append(("target", _("More is better here: the target must lie above the baseline.")))
    if since and due and due <= since:
        faults.append(("due_on", _("It must be due after the day of the baseline.")))
    if line.get("baseline_kind") == OutcomeAgreement.Baseline.UNMEASURED and baseline is not None:
        faults.append(("baseline_kind", _("A baseline is given. Say whether it is measured or estimated.")))
    return faults


class OutcomeLivingForm(RecordForm):
    """What may change after both sides agreed. The line, the people and the words stay as agreed."""

    class Meta:
        model = OutcomeAgreement
        fields = LIVING_FIELDS
        widgets = {"deliverables": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deliverables"].queryset = deliverable_choices(self.instance.engagement, user)


class OutcomeForm(OutcomeLivingForm):
    """A draft: everything. Nothing but the outcome itself must be known yet."""

    more = ("population", "source_of_truth", "baseline_kind", "baseline", "baseline_on", "our_person", *PEOPLE_FIELDS, *LIVING_FIELDS)

    class Meta(OutcomeLivingForm.Meta):
        fields = (
            "outcome", "metric", "unit", "direction", "population", "source_of_truth", *LINE_FIELDS, "our_person", *PEOPLE_FIELDS, *LIVING_FIELDS,
        )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        for name in PEOPLE_FIELDS:
            self.fields[name].queryset = people_of(self.instance, user, *(getattr(self.instance, f"{name}_id") for name in PEOPLE_FIELDS))
        self.fields["our_person"].queryset = staff_or(self.instance.our_person_id)
        self.fields["producer"].empty_label = _("We do")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for field, words in line_faults(cleaned.get("direction", ""), cleaned):
            self.add_error(field, words)
        if cleaned.get("verifier") and cleaned["verifier"] == cleaned.get("producer"):
            self.add_error("verifier", _("Whoever supplies the figures cannot check them. Name somebody else."))
        return cleaned


class AgreeForm(forms.Form):
    """How the customer's accountable person agreed. Ours agrees by sending this form."""

    agreed_on = WorkDateField(label=_("They agreed on"))
    how = forms.CharField(label=_("How"), max_length=200, help_text=_("For example: by mail, in the steering meeting, signed letter."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_agreed_on(self) -> date:
        if self.cleaned_data["agreed_on"] > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["agreed_on"]


class OutcomeRebaselineForm(PortalModelForm):
    """A new line beside the one in force, which it keeps: why, and who at the customer approved it."""

    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The old line stays on record, with this reason."))
    approved_on = WorkDateField(label=_("Approved on"))

    class Meta:
        model = OutcomeAgreement
        fields = LINE_FIELDS

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.was = {name: getattr(self.instance, name) for name in LINE_FIELDS}
        for name in LINE_FIELDS:
            self.fields[name].required = True
        people = people_of(self.instance, user, self.instance.their_person_id)
        self.fields["approved_by"] = forms.ModelChoiceField(people, label=_("Approved by"), initial=self.instance.their_person_id, empty_label=None)
        self.order_fields([*LINE_FIELDS, "reason", "approved_by", "approved_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for field, words in line_faults(self.instance.direction, cleaned):
            self.add_error(field, words)
        if cleaned.get("approved_on") and cleaned["approved_on"] > self.today:
            self.add_error("approved_on", _("This day is still to come."))
        if not self.errors and self.line() == self.was:
            self.add_error(None, _("This is the line that is in force already."))
        return cleaned

    def line(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in LINE_FIELDS}

    def approval(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reason", "approved_by", "approved_on")}


class DecisionForm(forms.Form):
    """Why an outcome is decided. Met may go without a word; `owed` says that this one may not."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)

    def __init__(self, *args: Any, owed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = owed


class WrittenDay(forms.DateField):
    """The day of the reading that a save wrote: it travels with the way back alone, and changes nothing by itself."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class GuardrailForm(RecordForm):
    """A guardrail and its newest reading: both parts of a reading, or none."""

    written_on = WrittenDay(required=False)

    class Meta:
        model = Guardrail
        fields = ["text", "bound", "limit", "unit", "reading", "read_on"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["written_on"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        reading, read_on = cleaned.get("reading"), cleaned.get("read_on")
        if reading is not None and read_on is None and "read_on" not in self.errors:
            self.add_error("read_on", _("Say on which day it was read."))
        if read_on and reading is None and "reading" not in self.errors:
            self.add_error("reading", _("Say what was read on that day."))
        if read_on and read_on > self.today:
            self.add_error("read_on", _("This day is still to come."))
        self.initial["written_on"] = read_on
        return cleaned

    def replaced_days(self) -> list[date]:
        """The days whose reading goes: the one that is taken back, and the shown one when it is emptied or belongs to an earlier day."""
        shown, read_on = self.initial.get("read_on"), self.cleaned_data["read_on"]
        is_moved = shown and read_on and read_on < shown and "reading" not in self.changed_data
        gone = [self.cleaned_data["written_on"], shown if is_moved or read_on is None else None]
        return [day for day in gone if day]

    def can_be_taken_back(self) -> bool:
        """What was read on another day than the shown one, and is written over, is not known any more."""
        others = self.instance.readings.exclude(read_on=self.initial.get("read_on"))
        return not others.filter(read_on=self.cleaned_data["read_on"]).exists()
