"""What is asked on the page of all adoption measures. Its state lives in the address."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.metrics.periods import Interval
from engagements.metrics.retention import CohortKind, Mode
from engagements.models import Deliverable
from engagements.selectors.adoption_study import Question

USUAL_DAYS = timedelta(weeks=12) - timedelta(days=1)
# What one page can draw; a longer range begins later.
LONGEST = {Interval.DAY: timedelta(days=120), Interval.WEEK: timedelta(weeks=104), Interval.MONTH: timedelta(days=1100)}


class StudyFilter(forms.Form):
    deliverable = forms.ModelChoiceField(Deliverable.objects.none(), required=False, label=_("Deliverable"), empty_label=_("All deliverables"))
    compare = forms.ChoiceField(required=False, label=_("Compare with"))
    interval = forms.ChoiceField(
        choices=[(Interval.WEEK, _("by week")), (Interval.DAY, _("by day")), (Interval.MONTH, _("by month"))], required=False, label=_("Periods")
    )
    cohorts = forms.ChoiceField(
        choices=[(CohortKind.FIRST_TIME, _("cohorts by first use")), (CohortKind.RECURRING, _("cohorts of every period"))], required=False, label=_("Cohorts by")
    )
    mode = forms.ChoiceField(
        choices=[(Mode.ON, _("back in that period")), (Mode.UNBOUNDED, _("back then or later"))], required=False, label=pgettext_lazy("retention", "Back")
    )
    first = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    last = forms.DateField(required=False, label=_("To"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, data: Any, *, deliverables: models.QuerySet[Deliverable], until: date) -> None:
        super().__init__(data)
        self.until = until
        self.fields["deliverable"].queryset = deliverables
        others = [(str(deliverable.pk), deliverable.name) for deliverable in deliverables]
        self.fields["compare"].choices = [("", _("Compare with …")), ("before", _("the time before")), *others]
        # What was not asked for is shown as what it then is.
        question = self.question()
        self.data = {
            **{name: self.data.get(name, "") for name in self.fields},
            "first": question.first.isoformat(), "last": question.last.isoformat(), "interval": question.interval,
            "cohorts": question.cohorts, "mode": question.mode,
        }  # fmt: skip

    def question(self) -> Question:
        """What was asked for; what makes no sense is left out, as if it had not been asked."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        last = min(chosen.get("last", self.until), self.until)
        first = chosen.get("first", last - USUAL_DAYS)
        interval = Interval(chosen.get("interval", Interval.WEEK))
        if first > last:
            first = last - USUAL_DAYS
        return Question(
            first=max(first, last - LONGEST[interval]), last=last, interval=interval,
            cohorts=CohortKind(chosen.get("cohorts", CohortKind.FIRST_TIME)), mode=Mode(chosen.get("mode", Mode.ON)),
        )  # fmt: skip

    @property
    def subject(self) -> Deliverable | None:
        return self.cleaned_data.get("deliverable")

    @property
    def compared(self) -> str:
        """"before", the number of a deliverable, or nothing."""
        return self.cleaned_data.get("compare", "")
