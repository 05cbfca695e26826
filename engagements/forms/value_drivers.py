"""The form for a line's drivers: named factors with a cautious, an expected and a hopeful end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.values import PERCENT, plain
from engagements.models import ValueCase, ValueDriver, ValueLine, ValueScenario
from fde_portal.accounts.forms import PortalModelForm, RecordForm

SPARE_DRIVERS = 2
ENDS = ("low", "expected", "high")


class DriverForm(PortalModelForm):
    """One factor. Empty ends are the expected value; a share is typed in percent."""

    class Meta:
        model = ValueDriver
        fields = ["name", "unit", "low", "expected", "high", "confidence", "source_kind", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["low"].required = self.fields["high"].required = False
        for name in ENDS:
            value = getattr(self.instance, name)
            if self.instance.pk and value is not None:
                self.initial[name] = plain(value * PERCENT if self.instance.unit == ValueDriver.Unit.SHARE else value)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        expected = cleaned.get("expected")
        if expected is None:
            return cleaned
        for name in ("low", "high"):
            if cleaned.get(name) is None and name not in self.errors:
                cleaned[name] = expected
        if not self.errors:
            self._check_ends(cleaned)
        return cleaned

    def _check_ends(self, cleaned: dict[str, Any]) -> None:
        low, expected, high = (cleaned[name] for name in ENDS)
        if not min(low, high) <= expected <= max(low, high):
            self.add_error("expected", _("It must lie between the cautious and the hopeful end."))
        if cleaned.get("unit") == ValueDriver.Unit.SHARE:
            if max(low, high) > PERCENT or min(low, high) < 0:
                self.add_error("expected", _("A share lies between 0 and 100 percent."))
            else:
                cleaned |= {name: cleaned[name] / PERCENT for name in ENDS}


DriverFormSet = forms.inlineformset_factory(
    ValueLine, ValueDriver, form=DriverForm, extra=SPARE_DRIVERS, can_delete=True
)


def kept_drivers(formset: Any) -> Iterator[ValueDriver]:
    """The drivers to keep, in the order of the form."""
    for form in formset.forms:
        if form not in formset.deleted_forms and (form.has_changed() or form.instance.pk):
            yield form.instance


class DriversForm(RecordForm):
    """The factors of `line` under the version of its case; the fields are those of the formset `drivers`."""

    class Meta:
        model = ValueCase
        fields = ()

    def __init__(self, data: Any = None, *args: Any, line: ValueLine, **kwargs: Any) -> None:
        super().__init__(data, *args, instance=line.case, **kwargs)
        self.line = line
        self.drivers = DriverFormSet(data, instance=line, prefix="drivers")

    def formsets(self) -> dict[str, Any]:
        return {"drivers": self.drivers}

    @cached_property
    def changed_data(self) -> list[str]:
        return ["drivers"] if self.drivers.has_changed() else []

    def is_valid(self) -> bool:
        # Both, so that all errors show at once.
        return all([super().is_valid(), self.drivers.is_valid()])


class ScenarioForm(RecordForm):
    class Meta:
        model = ValueScenario
        fields = ["name"]
