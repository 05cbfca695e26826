"""Tags for forms: a field with label, hint and error, the summary of errors, and filters above a list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from fde_portal.core.formats import shortest

register = template.Library()

LISTS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
# What one line of choices holds in a panel 360 px wide; the padding of a choice takes as much as three letters.
LETTERS_ON_A_PHONE = 41
LETTERS_A_CHOICE = 3


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, label: str = "", hint: str | None = None, was: str = "", extra: str = "", bands: bool = False,
    needed: bool = False,
) -> dict[str, Any]:
    """Label, control, hint and error of one field.

    `hint` replaces the help text of the field, also with nothing; `was` shows the previous value,
    `extra` adds classes; with `bands` the choices are states of health; `needed` is for a
    field that may be empty only when another choice hides it.
    """
    if hint is not None:
        # Django ties the control to the field's own help text, which is not shown then.
        bound.help_text = hint
    return {
        "field": bound,
        "kind": kind_of(bound),
        "label": label or bound.label,
        "hint": bound.help_text,
        "was": was,
        "bands": bands,
        "is_optional": not (bound.field.required or needed),
        "control": control(bound, described_by(bound, bound.help_text or was), extra),
    }


def kind_of(bound: BoundField) -> str:
    """How the field is laid out: `check`, `seg`, `list`, or `input` for everything typed or selected."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "list"
    if isinstance(widget, forms.RadioSelect):
        return "seg"
    return "check" if isinstance(widget, forms.CheckboxInput) else "input"


def described_by(bound: BoundField, hint: str) -> str:
    parts = [f"{bound.auto_id}-hint" if hint else "", f"{bound.auto_id}-error" if bound.errors else ""]
    return " ".join(part for part in parts if part)


def control(bound: BoundField, description: str, extra: str) -> SafeString | None:
    """The widget with our class. Radios and lists are drawn by the template from the subwidgets."""
    widget = bound.field.widget
    if isinstance(widget, LISTS):
        return None
    widget.attrs.pop("placeholder", None)  # the label stands above, always
    shorten(bound)
    attrs = {"class": class_of(widget, extra)}
    if description:
        attrs["aria-describedby"] = description
    return bound.as_widget(attrs=attrs)


def shorten(bound: BoundField) -> None:
    """4.0000 stands in its field as 4, also in forms of no model; what was typed stays as it was typed."""
    if isinstance(bound.field, forms.DecimalField) and isinstance(bound.value(), Decimal):
        bound.initial = shortest(bound.value())


def class_of(widget: forms.Widget, extra: str) -> str:
    own = widget.attrs.get("class", "")
    base = "" if isinstance(widget, forms.CheckboxInput) else "input"
    return " ".join(part for part in (base, own, extra) if part)


@register.simple_block_tag
def more(content: str, form: forms.BaseForm) -> SafeString:
    """The fields that not everybody needs, behind "More details": open when one of them says something or is wrong."""
    opened = mark_safe(" open") if form.is_more_open else ""
    return format_html('<details class="more"{}><summary>{}</summary><div>{}</div></details>', opened, gettext("More details"), content)


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: forms.BaseForm, heading: str = "") -> dict[str, Any]:
    """What must be put right before the form can be saved, with a link to each field."""
    invalid = [bound for bound in form if bound.errors] if form.is_bound else []
    return {"form": form, "invalid": invalid, "heading": heading or gettext("Not saved yet. Please correct this:")}


@register.inclusion_tag("components/seg.html")
def seg(bound: BoundField, extra: str = "", label: str = "", bands: bool = False) -> dict[str, Any]:
    """Radios as one control, without label and error around it: for rows that have their own."""
    words = [str(choice) for _value, choice in bound.field.choices]
    long = sum(map(len, words)) + LETTERS_A_CHOICE * len(words) > LETTERS_ON_A_PHONE
    return {"field": bound, "extra": extra, "label": label or bound.label, "bands": bands, "long": long}


@register.simple_tag
def filter_checks(bound: BoundField) -> SafeString:
    """Several choices of a filter as boxes, drawn here for the same reason as `filter_select`."""
    chosen = {str(value) for value in bound.value() or ()}
    return format_html_join(
        "",
        '<label class="option"><input type="checkbox" name="{}" value="{}"{}><span>{}</span></label>',
        (
            (bound.html_name, value, mark_safe(" checked") if str(value) in chosen else "", text)
            for value, text in bound.field.choices
        ),
    )


@register.simple_tag
def filter_select(bound: BoundField, label: str = "") -> SafeString:
    """A filter of a list with one choice. It submits its form when it changes; the form also has a button.

    Drawn here: a widget renders a template of its own for each of its options.
    """
    chosen = "" if bound.value() is None else str(bound.value())
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected") if str(value) == chosen else "", text) for value, text in bound.field.choices),
    )
    return format_html(
        '<label class="vh" for="{0}">{1}</label><select name="{2}" id="{0}" class="{3}">{4}</select>',
        bound.id_for_label, label or bound.label, bound.html_name, "chip on" if chosen else "chip", options,
    )


@register.inclusion_tag("components/search.html")
def search(value: str, placeholder: str, name: str = "q") -> dict[str, Any]:
    """The search of a page; "/" puts the cursor into it."""
    return {"name": name, "value": value, "placeholder": placeholder}
