"""Forms for usage sources, their tokens, files of usage."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.intake.files import read_csv
from engagements.intake.rows import ROWS_AT_ONCE, RowError, RowsRejected, TooManyRows, UsageLine
from engagements.models import Deliverable, Engagement, UsageSource, UsageToken
from fde_portal.accounts.forms import PortalModelForm, RecordForm
from fde_portal.accounts.models import User

# Ten thousand rows with every column filled are about 2 MB.
MOST_BYTES = 20 * 1024 * 1024


def deliverable_choices(engagement: Engagement, user: User, chosen: int | None = None) -> QuerySet[Deliverable]:
    """Return the engagement's deliverables in use that `user` sees, and the one chosen before."""
    deliverables = Deliverable.objects.visible_to(user).filter(engagement=engagement)
    return deliverables.filter(Q(archived_at=None) | Q(pk=chosen))


class UsageSourceForm(RecordForm):
    """A source of one of the engagement's deliverables; the deliverable stays once usage may have come."""

    class Meta:
        model = UsageSource
        fields = ["deliverable", "name", "cadence_days", "keeps_names"]
        labels = {"cadence_days": _("Days between deliveries"), "keeps_names": _("Keep people's names")}
        help_texts = {
            "name": _("Where the data come from, such as “Audit log” or “Weekly export”."),
            "cadence_days": _("1 for daily, 7 for weekly. A longer silence is reported."),
        }

    def __init__(self, *args: Any, engagement: Engagement, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deliverables = deliverable_choices(engagement, user, self.instance.deliverable_id)
        self.fields["deliverable"].queryset = deliverables
        self.fields["deliverable"].empty_label = None
        self.fields["deliverable"].disabled = self.instance.pk is not None
        self.fields["cadence_days"].validators = [MinValueValidator(1), MaxValueValidator(366)]


class UsageTokenForm(PortalModelForm):
    class Meta:
        model = UsageToken
        fields = ["name"]
        help_texts = {"name": _("The program that will use it. Make one for each, so that you can end it alone.")}


class UsageUploadForm(forms.Form):
    """A CSV file for one of the engagement's sources. Valid, `rows` holds its content; else `faults` what is wrong."""

    source = forms.ModelChoiceField(UsageSource.objects.none(), label=_("Source"), empty_label=None)
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("One row per person and day. Columns: actor, date or ts; optional feature, release, events, seconds_saved, accepted, edited, rejected, failed."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    encoding = forms.ChoiceField(
        label=_("Text encoding"),
        choices=[("utf-8", _("UTF-8")), ("gb18030", _("GB18030 (Chinese Excel)"))],
        initial="utf-8",
    )

    def __init__(self, *args: Any, sources: QuerySet[UsageSource], engagement: Engagement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources
        self.fields["source"].label_from_instance = lambda source: f"{source.deliverable.name}: {source.name}"
        self.zone, self.today = engagement.zone, today
        self.rows: list[UsageLine] = []
        self.faults: list[RowError] = []

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large. Send it in parts."))
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "file" in cleaned and "encoding" in cleaned:
            self.read(cleaned["file"].read(), cleaned["encoding"])
        return cleaned

    def read(self, content: bytes, encoding: str) -> None:
        try:
            self.rows = read_csv(content, zone=self.zone, today=self.today, limit=ROWS_AT_ONCE, encoding=encoding)
        except TooManyRows as fault:
            self.add_error("file", str(fault))
        except RowsRejected as fault:
            self.faults = fault.errors
            self.add_error("file", _("Nothing was stored. Correct the values listed below and choose the file again."))
