"""The form for a value case: its facts, and a line for each benefit and cost with an amount for each year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagements.metrics.value_limits import LARGEST
from engagements.models import ValueCase, ValueLine
from engagements.services.values import LineEntry
from fde_portal.accounts.forms import PortalModelForm, RecordForm
from fde_portal.core import formats

MOST_YEARS = 10
PERCENT = Decimal(100)
SPARE_LINES = 2
GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def plain(value: Decimal) -> str:
    """Without the zeros the database keeps: 6.2 rather than 6.200000."""
    return f"{value.normalize():f}"


class AmountField(forms.Field):
    """Money as people write it: 1,000.50 or 1000.50. Anything that could be read in two ways is refused."""

    widget = forms.TextInput(attrs={"class": "input", "inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("“%(value)s” is not an amount. Write it like 1,000.50 or 1000.50."),
        "too_precise": _("Two digits after the point are enough."),
        "too_large": _("This amount is too large."),
    }

    def to_python(self, value: Any) -> Decimal | None:
        text = re.sub(r"\s", "", str(value or "")).replace("−", "-")
        if not text:
            return None
        if not (PLAIN.fullmatch(text) or GROUPED.fullmatch(text)):
            raise self.error("invalid", value)
        amount = Decimal(text.replace(",", ""))
        if amount.as_tuple().exponent < -2:
            raise self.error("too_precise", value)
        if abs(amount) > LARGEST:
            raise self.error("too_large", value)
        return amount

    def error(self, code: str, value: Any) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code, params={"value": value})

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,.2f}".removesuffix(".00") if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except forms.ValidationError:
            return True


class PercentField(forms.DecimalField):
    """A share of one (0 to 1), typed in percent with at most `places` digits after the point."""

    def __init__(self, *, places: int = 1, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, max_digits=3 + places, decimal_places=places, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        percent = super().clean(value)
        return None if percent is None else percent / 100

    def prepare_value(self, value: Any) -> Any:
        return plain(value * PERCENT) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return initial is None or Decimal(str(data)) != Decimal(initial) * 100
        except InvalidOperation:
            return True


class RangeField(PercentField):
    """An end of a range around 100 percent: it may lie above."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = [found for found in self.validators if not isinstance(found, MaxValueValidator)]


class FormerField(forms.IntegerField):
    """Which line this is, also once it is removed: by it a line that comes back finds what belongs to it."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class ValueLineForm(PortalModelForm):
    """One line. `columns` is the number of amounts: time 0 and each year; those beyond `years` must be empty."""

    former = FormerField(required=False)
    attribution = PercentField(label=_("Due to this work, %"), initial=Decimal(1))
    risk_adjustment = PercentField(label=_("Risk adjustment, %"), initial=Decimal(0))
    capture = PercentField(
        label=_("Used as value, %"), initial=Decimal(1),
        help_text=_("Of hours released published studies count 50: the rest is not put to use."),
    )
    low_share = RangeField(label=_("Cautious end, %"), initial=Decimal(1), help_text=_("Of the amounts. For a cost the dearer one."))
    high_share = RangeField(label=_("Hopeful end, %"), initial=Decimal(1))

    class Meta:
        model = ValueLine
        fields = [
            "name", "kind", "confidence", "attribution", "risk_adjustment", "is_shared",
            "basis", "per", "begins_month", "ramp_months", "low_share", "high_share", "capture",
            "currency", "exchange_rate", "rate_on", "work", "source",
        ]  # fmt: skip

    def __init__(self, *args: Any, columns: int = 4, years: int = 3, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = years
        self.initial["former"] = self.instance.pk
        self.fields["kind"].choices = grouped_kinds()
        for name in ("basis", "per", "begins_month", "ramp_months", "low_share", "high_share", "capture", "exchange_rate"):
            self.fields[name].required = False
        self.fields["kind"].initial = ValueLine.Kind.COST_AVOIDED
        known = {amount.year: amount.amount for amount in self.instance.amounts.all()} if self.instance.pk else {}
        for year in range(columns):
            self.fields[f"year_{year}"] = AmountField(label=year_label(year), required=False, initial=known.get(year))

    def amount_fields(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name.startswith("year_")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._fill_in(cleaned)
        self._check_currency(cleaned)
        self._check_range(cleaned)
        for name in [name for name in self.fields if name.startswith("year_")]:
            if cleaned.get(name) is not None and int(name.removeprefix("year_")) > self.years:
                self.add_error(name, _("The case ends before this year. Empty it, or give the case more years."))
        by_drivers = cleaned.get("basis") == ValueLine.Basis.DRIVERS
        if self.has_changed() and not self.errors and not by_drivers and not self.amounts():
            self.add_error("year_0", _("Give at least one amount, or remove the line."))
        if self.has_changed() and not self.errors:
            self._check_size(cleaned, by_drivers)
        return cleaned

    def _fill_in(self, cleaned: dict[str, Any]) -> None:
        """What was left empty is as the model has it."""
        for name, field in self.fields.items():
            if not field.required and name in cleaned and cleaned[name] in (None, "") and name in self._meta.fields:
                model_field = ValueLine._meta.get_field(name)
                if model_field.has_default():
                    cleaned[name] = model_field.get_default()

    def _check_currency(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("currency") and not cleaned.get("rate_on"):
            self.add_error("rate_on", _("Another currency needs the day of its rate."))
        if not cleaned.get("currency"):
            cleaned["rate_on"], cleaned["exchange_rate"] = None, Decimal(1)

    def _check_range(self, cleaned: dict[str, Any]) -> None:
        low, high = cleaned.get("low_share"), cleaned.get("high_share")
        if low is not None and high is not None and not min(low, high) <= 1 <= max(low, high):
            self.add_error("low_share", _("The amounts themselves, 100, must lie between both ends."))

    def _check_size(self, cleaned: dict[str, Any], by_drivers: bool) -> None:
        """Amounts and drivers may fit on their own, and no longer with another rate or by the month."""
        rate = cleaned["exchange_rate"]
        drivers = self.instance.drivers.all() if by_drivers and self.instance.pk else ()
        worth = max(map(abs, self.amounts().values()), default=Decimal(0)) * rate
        if drivers:
            worth = max(worth, ValueLine(per=cleaned["per"], exchange_rate=rate).largest_year(drivers))
        if worth > LARGEST:
            name = "exchange_rate" if cleaned["currency"] else "per"
            self.add_error(name, _("With this the line comes to more than %(largest)s a year.") % {"largest": formats.number(LARGEST)})

    def amounts(self) -> dict[int, Decimal]:
        """The amounts that were typed, by year."""
        typed = ((int(name.removeprefix("year_")), self.cleaned_data.get(name)) for name in self.fields if name.startswith("year_"))
        return {year: amount for year, amount in typed if amount is not None}


def year_label(year: int) -> str:
    return gettext("Year %(year)s") % {"year": year} if year else gettext("At the start")


def grouped_kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    kinds = ValueLine.Kind
    benefits = [(kind, kinds(kind).label) for kind in ValueLine.BENEFITS]
    costs = [(kind, label) for kind, label in kinds.choices if kind not in ValueLine.BENEFITS]
    return [(_("Benefits"), benefits), (_("Costs"), costs)]


class OnceCountedFormSet(forms.BaseInlineFormSet):
    """Refuses two benefits that name the same work: it would count twice."""

    def clean(self) -> None:
        super().clean()
        first: dict[str, ValueLineForm] = {}
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            work = cleaned.get("work", "").strip().casefold()
            if not work or form in self.deleted_forms or cleaned.get("kind") not in ValueLine.BENEFITS:
                continue
            if work in first:
                form.add_error("work", _("“%(other)s” values the same work. One of the two must go, or be of other work.") % {
                    "other": first[work].cleaned_data.get("name", "")})
            first.setdefault(work, form)


LineFormSet = forms.inlineformset_factory(
    ValueCase, ValueLine, form=ValueLineForm, formset=OnceCountedFormSet, extra=SPARE_LINES, can_delete=True
)


class ValueCaseForm(RecordForm):
    """A case; `lines` is the formset beside it, and both must be valid before anything is saved."""

    more = ("source", "weighs_confidence")
    discount_rate = PercentField(places=2, label=_("Discount rate, %"), help_text=_("By year. 10 in published studies."))

    class Meta:
        model = ValueCase
        fields = ["title", "currency", "starts_on", "years", "layout", "discount_rate", "source", "weighs_confidence"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        options = {"years": self.years, "columns": max(self.years, last_year_typed(data)) + 1}
        checked = ["drivers"] if data else []  # what was typed is held against them
        lines = ValueLine.objects.prefetch_related("amounts", *checked)
        self.lines = LineFormSet(data, instance=self.instance, queryset=lines, prefix="lines", form_kwargs=options)

    @property
    def years(self) -> int:
        """How many years the case has, as typed when that is a number of years."""
        typed = str(self["years"].value() or "")
        return min(int(typed), MOST_YEARS) if typed.isascii() and typed.isdigit() else self.instance.years

    def formsets(self) -> dict[str, Any]:
        return {"lines": self.lines}

    @cached_property
    def changed_data(self) -> list[str]:
        return super().changed_data + (["lines"] if self.lines.has_changed() else [])

    def is_valid(self) -> bool:
        # Both, so that all errors show at once.
        return all([super().is_valid(), self.lines.is_valid()])

    def entries(self) -> list[LineEntry]:
        """The lines to keep, in the order of the form."""
        return [LineEntry(form.instance, form.amounts(), form.cleaned_data.get("former")) for form in self._kept()]

    def _kept(self) -> Iterator[ValueLineForm]:
        for form in self.lines.forms:
            if form not in self.lines.deleted_forms and (form.has_changed() or form.instance.pk):
                yield form

    def line_errors(self) -> list[tuple[str, str, str, str]]:
        """Place and words of what is wrong in the lines: (id of the field, line, field, error)."""
        return [
            (bound.id_for_label, line_name(form, number), bound.label, error)
            for number, form in enumerate(self.lines.forms, start=1)
            if not form["DELETE"].value()
            for bound in form
            for error in bound.errors
        ]

    def without_verdict(self) -> None:
        """Show what was typed without judging it yet: somebody only asked for more columns."""
        for form in (self, *self.lines.forms):
            form._errors = ErrorDict()


def last_year_typed(data: Any) -> int:
    """The latest year with a typed amount: an amount is shown, never dropped, when the case gets shorter."""
    names = re.compile(r"lines-\d+-year_(\d{1,2})")
    found = (names.fullmatch(name) for name, value in (data or {}).items() if value)
    return max((min(int(match[1]), MOST_YEARS) for match in found if match), default=0)


def line_name(form: ValueLineForm, number: int) -> str:
    typed = form["name"].value()
    if typed:
        return gettext("Line %(number)s, “%(name)s”") % {"number": number, "name": typed}
    return gettext("Line %(number)s") % {"number": number}
