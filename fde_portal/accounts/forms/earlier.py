"""What a form held when it was opened, as a browser would send it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

Sent = dict[str, list[str]]


def held_by(form: Any) -> dict[str, Any]:
    """The fields of a form and the lines of its formsets as they were opened, in JSON's own types."""
    lines = {prefix: [_sent(line) for line in formset.initial_forms] for prefix, formset in form.formsets().items()}
    return {"fields": _sent(form), "lines": lines}


def sent_again(held: dict[str, Any], form: Any, *, version: int) -> QueryDict:
    """The earlier values as data for `form`, which is unbound and shows how things stand now."""
    data = QueryDict(mutable=True)
    for name, values in (held["fields"] | {"version": [str(version)]}).items():
        data.setlist(form.add_prefix(name), values)
    for prefix, formset in form.formsets().items():
        _send_lines(data, prefix, formset, held["lines"].get(prefix, []))
    return data


def _send_lines(data: QueryDict, prefix: str, formset: Any, earlier: list[Sent]) -> None:
    """Lines that are still there as they were, later ones deleted, and those that went as new ones."""
    gone = {line["id"][0]: line for line in earlier}
    rows = [gone.pop(str(line.instance.pk), None) or _sent(line) | {"DELETE": ["on"]} for line in formset.initial_forms]
    counts = {
        "INITIAL_FORMS": len(rows),
        "TOTAL_FORMS": len(rows) + len(gone),
        "MIN_NUM_FORMS": 0,
        "MAX_NUM_FORMS": 1000,
    }
    rows += [line | {"id": [""]} for line in gone.values()]
    for name, count in counts.items():
        data[f"{prefix}-{name}"] = str(count)
    for number, row in enumerate(rows):
        for name, values in row.items():
            data.setlist(f"{prefix}-{number}-{name}", values)


def _sent(form: forms.BaseForm) -> Sent:
    """Field by field what an untouched form sends; an unticked box sends nothing."""
    sent = {name: _values(field, form.get_initial_for_field(field, name)) for name, field in form.fields.items()}
    return {name: values for name, values in sent.items() if values}


def _values(field: forms.Field, initial: Any) -> list[str]:
    value = field.prepare_value(initial)
    if isinstance(field.widget, forms.CheckboxInput):
        return ["on"] if value else []
    shown = field.widget.format_value(value)
    return [str(part) for part in (shown if isinstance(shown, list | tuple) else [shown]) if part is not None]
