"""The base of all record forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from fde_portal.core.formats import shortest


class DateInput(forms.DateInput):
    """The browser's own date field, which wants ISO dates in every language."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


# Beyond these a slip of the keyboard is likelier than a plan.
DATES_OF_WORK = [
    MinValueValidator(date(1990, 1, 1), _("Give a day from 1990 on.")),
    MaxValueValidator(date(2100, 12, 31), _("Give a day before 2101.")),
]


class WorkDateField(forms.DateField):
    """A date of the work in a form of its own fields, with the browser's picker."""

    widget = DateInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators += DATES_OF_WORK


# The empty choice, instead of Django's row of hyphens.
NOTHING = "–"


class PortalModelForm(forms.ModelForm):
    """A model form whose dates use the browser's own picker, whose numbers are short, and whose empty choices read as such."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial |= {name: shortest(value) for name, value in self.initial.items() if isinstance(value, Decimal)}
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DateInput()
                field.validators += DATES_OF_WORK
            elif isinstance(field, forms.ModelChoiceField):
                field.empty_label = field.empty_label and NOTHING
            elif isinstance(field, forms.TypedChoiceField):
                field.choices = [(value, NOTHING if value in ("", None) else label) for value, label in field.choices]


class Unfolding:
    """A form some of whose fields not everybody needs: pages show those named in `more` below "More details"."""

    more: ClassVar[tuple[str, ...]] = ()

    @property
    def is_more_open(self) -> bool:
        """Whether the fields below "More details" say something, or something about them is wrong."""
        if self.is_bound and any(name in self.errors for name in self.more):
            return True
        return any(not self._is_ordinary(name) for name in self.more)

    def _is_ordinary(self, name: str) -> bool:
        empty = (None, "", [])
        value, ordinary = self[name].value(), self.ordinary_value(name)
        return (value in empty and ordinary in empty) or str(value) == str(ordinary)

    def ordinary_value(self, name: str) -> Any:
        """What a field says while nobody chose anything: how a new form opens, else the default of the column."""
        instance = getattr(self, "instance", None)
        if instance is None or instance.pk is None:
            return self.get_initial_for_field(self.fields[name], name)
        column = next((column for column in self._meta.model._meta.fields if column.name == name), None)
        return column.get_default() if column else None


class RecordForm(Unfolding, PortalModelForm):
    """A form for a versioned record: it remembers which version it was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # Set when the form brings earlier values back: what was true of them then may have passed since.
    takes_back = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version"] = self.instance.version
        else:
            del self.fields["version"]

    def formsets(self) -> dict[str, Any]:
        """The formsets saved with the record, by their prefixes."""
        return {}

    def can_be_taken_back(self) -> bool:
        """Whether sending the earlier values again brings back all that this save replaces."""
        return True

    def show_conflict(self) -> None:
        """Explain that somebody saved in between, keep what was typed, let a second save replace theirs."""
        self.add_error(
            None,
            _(
                "Somebody else saved this in the meantime. Your text is kept below. Save again to replace their version."
            ),
        )
        current = type(self.instance)._default_manager.get(pk=self.instance.pk)
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = current.version


class QuickForm(RecordForm):
    """A line for adding where people are. Its controls stand bare, so they carry their class themselves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


def time_zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]
