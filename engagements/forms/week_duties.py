"""Forms around whose turn a week is: why it is skipped, and who writes during an absence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement, WeekSkip
from engagements.selectors.weekly_update import Week
from fde_portal.accounts.models import User
from fde_portal.core import formats

LONGEST_ABSENCE_WEEKS = 26


class SkipForm(forms.ModelForm):
    class Meta:
        model = WeekSkip
        fields = ["reason", "note"]
        widgets = {"reason": forms.RadioSelect}
        help_texts = {"note": _("Only your team reads it.")}


class AbsenceForm(forms.Form):
    """The first and the last week, and for each engagement who writes it; nobody means that its weeks are skipped."""

    first = forms.ChoiceField(label=_("First week away"), widget=forms.Select)
    last = forms.ChoiceField(label=_("Last week away"), widget=forms.Select)

    def __init__(self, *args: Any, week: Week, people: Sequence[tuple[Engagement, Sequence[User]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        weeks = [week]
        while len(weeks) < LONGEST_ABSENCE_WEEKS:
            weeks.append(weeks[-1].next)
        for name in ("first", "last"):
            self.fields[name].choices = [(str(each), self.week_words(each)) for each in weeks]
        for engagement, others in people:
            self.fields[self.name_of(engagement)] = forms.ChoiceField(
                label=_("%(customer)s, %(engagement)s") % {"customer": engagement.customer.name, "engagement": engagement.name},
                choices=[*((str(person.pk), person.name) for person in others), ("", _("Nobody: these weeks are skipped"))],
                initial=str(engagement.backup_id or ""),
                required=False,
            )

    @staticmethod
    def week_words(week: Week) -> str:
        words = {"number": week.number, "day": formats.day(week.monday, "words")}
        return gettext("Week %(number)s, from %(day)s") % words

    @staticmethod
    def name_of(engagement: Engagement) -> str:
        return f"cover-{engagement.pk}"

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and Week.parse(last) < Week.parse(first):
            self.add_error("last", _("The last week is before the first."))

    @property
    def span(self) -> tuple[Week, Week]:
        return Week.parse(self.cleaned_data["first"]), Week.parse(self.cleaned_data["last"])

    def covers(self) -> dict[Engagement, User | None]:
        by_id = {str(person.pk): person for __, others in self.people for person in others}
        return {engagement: by_id.get(self.cleaned_data[self.name_of(engagement)]) for engagement, __ in self.people}
