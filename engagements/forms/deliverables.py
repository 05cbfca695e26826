"""The form for a deliverable, with the features it declares."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.dates import ForecastMixin
from engagements.forms.engagements import staff_or
from engagements.metrics.firsts import ActivationRule
from engagements.models import Deliverable, Feature
from fde_portal.accounts.forms import PortalModelForm, RecordForm

RULE = ("activation_days", "activation_within")


class FeatureForm(PortalModelForm):
    class Meta:
        model = Feature
        fields = ["name", "bears_value"]


FeatureFormSet = forms.inlineformset_factory(Deliverable, Feature, form=FeatureForm, extra=2, can_delete=True)


class DeliverableForm(ForecastMixin, RecordForm):
    """`features` is the formset beside it; both must be valid. `today` is the engagement's local day."""

    more = ("forecast_on", "actual_on", *RULE)

    class Meta:
        model = Deliverable
        fields = [
            "name",
            "kind",
            "owner",
            "acceptance_criteria",
            "planned_on",
            "forecast_on",
            "actual_on",
            "is_shared",
            *RULE,
        ]
        help_texts = {
            "activation_days": _("A person meant to use it counts as activated after use on so many days."),
            "activation_within": _("Counted from the day on which the person was named."),
        }

    def __init__(self, data: Any = None, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.today = today
        self.fields["owner"].queryset = staff_or(self.instance.owner_id)
        self.fields["owner"].empty_label = _("Nobody yet")
        for name in RULE:
            self.fields[name].required = False
        self.features = FeatureFormSet(data, instance=self.instance, prefix="features")

    def formsets(self) -> dict[str, Any]:
        return {"features": self.features}

    @cached_property
    def changed_data(self) -> list[str]:
        return super().changed_data + (["features"] if self.features.has_changed() else [])

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = Deliverable.objects.filter(engagement=self.instance.engagement, name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("This engagement already has a deliverable with this name, perhaps an archived one."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        # Left empty, the rule stays as it was.
        cleaned |= {name: self.initial[name] for name in RULE if name in cleaned and cleaned[name] is None}
        if all(name in cleaned for name in RULE) and not ActivationRule(cleaned["activation_within"], cleaned["activation_days"]).is_possible:
            self.add_error("activation_days", _("There are not so many days within that time."))
        return cleaned

    def clean_actual_on(self) -> date | None:
        actual_on = self.cleaned_data["actual_on"]
        if actual_on and actual_on > self.today:
            raise forms.ValidationError(_("This day is still to come. Leave it empty until it is delivered."))
        return actual_on

    def is_valid(self) -> bool:
        # Both, so that all errors show at once.
        return all([super().is_valid(), self.features.is_valid()])
