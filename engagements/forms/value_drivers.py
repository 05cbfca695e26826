"""The form for a line's drivers: named factors with a cautious, an expected and a hopeful end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from engagements.forms.values import PERCENT, plain
from engagements.metrics.value_limits import LARGEST, MOST_DRIVERS
from engagements.models import ValueCase, ValueDriver, ValueLine, ValueScenario
from fde_portal.accounts.forms import PortalModelForm, RecordForm
from fde_portal.core import formats

SPARE_DRIVERS = 2
ENDS = ("low", "expected", "high")


class DriverForm(PortalModelForm):
    """One factor. Empty ends are the expected value; a share is typed in percent."""

    class Meta:
        model = ValueDriver
        fields = ["name", "unit", "low", "expected", "high", "confidence", "source_kind", "source"]

    def __init__(self, *args: Any, is_benefit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_benefit = is_benefit
        self.fields["low"].required = self.fields["high"].required = False
        for name in ENDS:
            self.fields[name].validators.append(MinValueValidator(0))
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
        elif low > high and self.is_benefit:
            self.add_error("low", _("Of a benefit the cautious end is the smaller one."))
        if cleaned.get("unit") == ValueDriver.Unit.SHARE:
            if max(low, high) > PERCENT or min(low, high) < 0:
                self.add_error("expected", _("A share lies between 0 and 100 percent."))
            else:
                cleaned |= {name: cleaned[name] / PERCENT for name in ENDS}


class FactorsFormSet(forms.BaseInlineFormSet):
    """Refuses what no single driver shows: too many, two of one name, and a product that no column can hold."""

    def clean(self) -> None:
        super().clean()
        rows = list(kept_rows(self))
        self._check_names(rows)
        for form in rows[MOST_DRIVERS:]:
            form.add_error("name", _("A line has at most %(most)s drivers.") % {"most": MOST_DRIVERS})
        if rows and not any(form.errors for form in self.forms):
            self._check_product(rows)

    def _check_names(self, rows: list[DriverForm]) -> None:
        seen: set[str] = set()
        for form in rows:
            name = getattr(form, "cleaned_data", {}).get("name", "").strip().casefold()
            if name in seen:
                form.add_error("name", _("Another driver of this line has this name."))
            seen |= {name} - {""}

    def _check_product(self, rows: list[DriverForm]) -> None:
        """A driver with the name and unit of one in another line of the case changes that line as well."""
        given = [form.instance for form in rows]
        by_key = {driver.key: driver for driver in given}
        others = self.instance.case.lines.filter(basis=ValueLine.Basis.DRIVERS).exclude(pk=self.instance.pk).prefetch_related("drivers")
        followed = [(line, [by_key.get(driver.key, driver) for driver in line.drivers.all()]) for line in others]
        changed = [(line, drivers) for line, drivers in followed if by_key.keys() & {driver.key for driver in drivers}]
        for line, drivers in [(self.instance, given), *changed]:
            if line.largest_year(drivers) > LARGEST:
                largest = max(rows, key=lambda form: max(form.instance.low, form.instance.high))
                words = {"line": line.name, "largest": formats.number(LARGEST)}
                largest.add_error("expected", _("Together the drivers of “%(line)s” come to more than %(largest)s a year.") % words)


DriverFormSet = forms.inlineformset_factory(
    ValueLine, ValueDriver, form=DriverForm, formset=FactorsFormSet, extra=SPARE_DRIVERS, can_delete=True
)


def kept_rows(formset: Any) -> Iterator[DriverForm]:
    """The rows of the form that say a driver, in their order."""
    for form in formset.forms:
        is_deleted = getattr(form, "cleaned_data", {}).get("DELETE")
        if not is_deleted and (form.has_changed() or form.instance.pk):
            yield form


def kept_drivers(formset: Any) -> Iterator[ValueDriver]:
    """The drivers to keep, in the order of the form."""
    return (form.instance for form in kept_rows(formset))


class DriversForm(RecordForm):
    """The factors of `line` under the version of its case; the fields are those of the formset `drivers`."""

    class Meta:
        model = ValueCase
        fields = ()

    def __init__(self, data: Any = None, *args: Any, line: ValueLine, **kwargs: Any) -> None:
        super().__init__(data, *args, instance=line.case, **kwargs)
        self.line = line
        self.drivers = DriverFormSet(data, instance=line, prefix="drivers", form_kwargs={"is_benefit": line.is_benefit})

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
