"""Forms for usage sources, their tokens, files of usage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.intake.rows import RowError
from engagements.models import Deliverable, Engagement, UsageSource, UsageToken
from fde_portal.accounts.forms import PortalModelForm, RecordForm, WorkDateField
from fde_portal.accounts.models import User
from fde_portal.core import formats

MOST_TEST_CHARACTERS = 20_000


def deliverable_choices(engagement: Engagement, user: User, chosen: int | None = None) -> QuerySet[Deliverable]:
    """Return the engagement's deliverables in use that `user` sees, and the one chosen before."""
    deliverables = Deliverable.objects.visible_to(user).filter(engagement=engagement)
    return deliverables.filter(Q(archived_at=None) | Q(pk=chosen))


class UsageSourceForm(RecordForm):
    """A source of one of the engagement's deliverables; the deliverable stays once usage may have come."""

    class Meta:
        model = UsageSource
        fields = ["deliverable", "name", "kind", "cadence_days", "keeps_names"]
        labels = {"cadence_days": _("Days between deliveries"), "keeps_names": _("Keep people's names")}
        help_texts = {
            "name": _("Where the data come from, such as “Audit log” or “Weekly export”."),
            "kind": _("Totals: a later batch restates the days it holds. Single events: each counts once, by its id."),
            "cadence_days": _("1 for daily, 7 for weekly. A longer silence is reported."),
        }

    def __init__(self, *args: Any, engagement: Engagement, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deliverables = deliverable_choices(engagement, user, self.instance.deliverable_id)
        self.fields["deliverable"].queryset = deliverables
        self.fields["deliverable"].empty_label = None
        # Both decide what the rows that came mean.
        self.fields["deliverable"].disabled = self.fields["kind"].disabled = self.instance.pk is not None
        self.fields["cadence_days"].validators = [MinValueValidator(1), MaxValueValidator(366)]


class UsageTokenForm(PortalModelForm):
    class Meta:
        model = UsageToken
        fields = ["name"]
        help_texts = {"name": _("The program that will use it. Make one for each, so that you can end it alone.")}


class UsageTestForm(forms.Form):
    """Some rows of CSV that are read and not stored. `faults` is filled by who reads them."""

    rows = forms.CharField(
        label=_("Rows to test"), max_length=MOST_TEST_CHARACTERS, strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono", "spellcheck": "false", "autocapitalize": "off"}),
    )  # fmt: skip

    faults: Sequence[RowError] = ()

    def refuse(self, faults: list[RowError]) -> None:
        """Say that these rows would be refused, and list why."""
        self.faults = faults
        self.add_error("rows", _("These rows would be refused."))


class ClosedPeriodForm(forms.Form):
    """The last day that is closed: in the past, so that what arrives today is never refused."""

    until = WorkDateField(label=_("Closed up to"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self) -> date:
        if self.cleaned_data["until"] >= self.today:
            raise forms.ValidationError(_("Choose a day that is over."))
        return self.cleaned_data["until"]


class UsageUploadForm(forms.Form):
    """A CSV file for one of the engagement's sources. `faults` is filled by who reads it."""

    source = forms.ModelChoiceField(UsageSource.objects.none(), label=_("Source"), empty_label=None)
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("One row per person and day. Other headings than ours are matched in the next step."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    encoding = forms.ChoiceField(
        label=_("Text encoding"),
        choices=[("utf-8", _("UTF-8")), ("gb18030", _("GB18030 (Chinese Excel)"))],
        initial="utf-8",
    )

    def __init__(self, *args: Any, sources: QuerySet[UsageSource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources
        self.fields["source"].label_from_instance = lambda source: formats.labelled(source.deliverable.name, source.name)
        self.faults: list[RowError] = []

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > settings.USAGE_MOST_BYTES:
            raise forms.ValidationError(_("The file is too large. Send it in parts."))
        return file

    def refuse(self, faults: list[RowError]) -> None:
        """Say that the content was refused, and list why."""
        self.faults = faults
        self.add_error("file", _("Nothing was stored. Correct the values listed below and choose the file again."))


class ColumnsForm(forms.Form):
    """Which heading of a file is which of our columns. Valid, `columns` maps ours to theirs."""

    takes_parts = forms.BooleanField(
        label=_("Take in the valid rows even if others are wrong"),
        required=False,
        help_text=_("Otherwise one wrong row leaves the whole file out."),
    )

    def __init__(self, *args: Any, names: Sequence[str], headings: Sequence[str], guess: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("not in the file"))] + [(heading, heading) for heading in headings if heading]
        self.names = names
        for name in names:
            label = COLUMN_LABELS[name]
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, initial=guess.get(name, ""))
        self.order_fields([*names, "takes_parts"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("actor"):
            self.add_error("actor", _("Say which column names the person."))
        if bool(cleaned.get("date")) == bool(cleaned.get("ts")):
            self.add_error("date", _("Choose either a day or an instant."))
        if "event_id" in self.names and not cleaned.get("event_id"):
            self.add_error("event_id", _("This source takes single events: say which column holds their id."))
        return cleaned

    @property
    def columns(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.names if self.cleaned_data[name]}


COLUMN_LABELS = {
    "actor": _("Person"),
    "date": _("Day"),
    "ts": _("Instant"),
    "feature": _("Feature"),
    "release": _("Release"),
    "events": _("Events"),
    "seconds_saved": _("Seconds saved"),
    "accepted": pgettext_lazy("cases", "Accepted"),
    "edited": pgettext_lazy("cases", "Edited"),
    "rejected": pgettext_lazy("cases", "Rejected"),
    "failed": pgettext_lazy("cases", "Failed"),
    "event_id": _("Event id"),
}
