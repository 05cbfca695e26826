"""The form of a new link to the shared page."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from engagements.models.engagement import Engagement
from engagements.models.share import Section
from fde_portal.accounts.forms import WorkDateField

DEFAULT_DAYS = 90


class ShareForm(forms.Form):
    name = forms.CharField(label=_("For whom"), max_length=120, help_text=_("So that you recognise the link later. The customer does not see it."))
    sections = forms.MultipleChoiceField(label=_("What they see"), choices=Section.choices, widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    works_until = WorkDateField(
        label=_("Works until"), required=False, help_text=_("The end of that day. Empty: until you revoke it.")
    )

    def __init__(self, *args: Any, engagement: Engagement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagement, self.today = engagement, today
        self.initial = {
            "sections": list(Section.values),
            "language": engagement.customer.language,
            "works_until": today + timedelta(days=DEFAULT_DAYS),
        } | self.initial

    def clean_works_until(self) -> date | None:
        day = self.cleaned_data["works_until"]
        if day and day < self.today:
            raise forms.ValidationError(_("This day is over. The link would not open."))
        return day

    @property
    def expires_at(self) -> datetime | None:
        """Midnight after the chosen day where the engagement is."""
        day = self.cleaned_data["works_until"]
        return day and datetime.combine(day + timedelta(days=1), time(), self.engagement.zone)
