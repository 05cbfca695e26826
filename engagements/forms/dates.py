"""Rules for dates that several forms share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement


class ForecastMixin:
    """A form with `forecast_on` and `today`, the engagement's local day: what is still open is expected from today on.

    A forecast that passed by itself may stay as it is, and come back when a change of it is taken back.
    """

    today: date
    takes_back: bool
    cleaned_data: dict[str, Any]

    def clean_forecast_on(self) -> date | None:
        forecast_on = self.cleaned_data["forecast_on"]
        is_new = "forecast_on" in self.changed_data and not self.takes_back
        if is_new and forecast_on and forecast_on < self.today:
            raise forms.ValidationError(_("This day has passed. If it was reached then, say so; else give a day that can still be met."))
        return forecast_on


def not_to_come(day: date, today: date) -> date:
    """The day itself. Raises ValidationError for one after `today`."""
    if day > today:
        raise forms.ValidationError(_("This day is still to come. Choose today or an earlier day."))
    return day


def of_this_phase(day: date, engagement: Engagement, today: date) -> date:
    """The day itself. Raises ValidationError for one that is still to come, or before the phase last changed."""
    not_to_come(day, today)
    last = engagement.phase_changes.last()
    if last and day < last.entered_on:
        raise forms.ValidationError(_("The phase changed after this day. Choose a later one."))
    return day
