"""Forms for observations: one typed, a file of them, and what somebody disputes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.table_files import TableFileForm
from engagements.intake.rows import RowError
from engagements.intake.tables import read_table
from engagements.models import Observation, OutcomeAgreement
from fde_portal.accounts.forms import RecordForm

MOST_ROWS = 500


class PeriodForm(RecordForm):
    """A figure of one period, which ends on `today` at the latest and is there once."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def siblings(self) -> Any:
        """The current figures of the same thing."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begin, end = cleaned.get("period_from"), cleaned.get("period_to")
        if begin and end and end < begin:
            self.add_error("period_to", _("It must not end before it begins."))
        if end and end > self.today:
            self.add_error("period_to", _("This day is still to come."))
        if begin and end and not self.errors and self._others().filter(period_from=begin, period_to=end).exists():
            self.add_error("period_from", _("There is a figure of this period already."))
        return cleaned

    def _others(self) -> Any:
        return self.siblings().exclude(pk=self.instance.pk)


class ObservationForm(PeriodForm):
    """One period of one agreement. With the unit % a denominator is owed."""

    class Meta:
        model = Observation
        fields = ["period_from", "period_to", "numerator", "denominator", "source", "confidence"]

    def siblings(self) -> Any:
        return Observation.objects.current().filter(agreement=self.instance.agreement)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.agreement.as_percent and cleaned.get("denominator") is None and "denominator" not in self.errors:
            self.add_error("denominator", _("A share needs its denominator."))
        if cleaned.get("denominator") is not None and cleaned["denominator"] <= 0:
            self.add_error("denominator", _("It must be above zero."))
        return cleaned


class ObservationFileForm(TableFileForm):
    """A CSV file with a heading: period_from, period_to, numerator; denominator, source and confidence may be absent.

    Valid, `observations` holds the rows, not saved yet; else `faults` names row, column and what is wrong.
    """

    COLUMNS = tuple(ObservationForm._meta.fields)
    OWED = COLUMNS[:3]

    def __init__(self, *args: Any, agreement: OutcomeAgreement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement, self.today = agreement, today
        self.observations: list[Observation] = []

    def take_in(self, content: bytes) -> None:
        seen: dict[tuple[Any, Any], int] = {}
        for number, cells in read_table(content, self.COLUMNS, owed=self.OWED, limit=MOST_ROWS):
            empty = Observation(agreement=self.agreement, origin=Observation.Origin.CSV)
            form = ObservationForm({"confidence": empty.confidence} | cells, instance=empty, today=self.today)
            if not form.is_valid():
                self.faults += [RowError(number, name, error) for name, errors in form.errors.items() for error in errors]
                continue
            period = form.cleaned_data["period_from"], form.cleaned_data["period_to"]
            if period in seen:
                self.faults.append(RowError(number, "period_from", str(_("Row %(row)s has the same period.")) % {"row": seen[period]}))
            seen[period] = number
            self.observations.append(form.instance)


class DisputeForm(forms.Form):
    comment = forms.CharField(label=_("What is wrong with it"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
