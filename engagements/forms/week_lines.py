"""The rows of a week's form: a line, a planned line, a drafted one, a note."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models.weekly_update import InternalLine, LineKind, LineOrigin
from engagements.selectors.drafting import Fact
from engagements.selectors.weekly_update import Line

INPUT = {"class": "input"}


def one_line(**attributes: Any) -> forms.Textarea:
    """A field that looks like one line and grows with its text."""
    return forms.Textarea(attrs={"rows": 1, "class": "input"} | attributes)


class LineForm(forms.Form):
    """A line and which table it belongs to. Without a tick it is shared, with the wording typed.

    A line that was ours crosses over only in words written for the customer.
    """

    text = forms.CharField(label=_("Line"), max_length=500, required=False, widget=one_line())
    only_us = forms.BooleanField(
        label=_("Only us"), required=False, widget=forms.CheckboxInput(attrs={"aria-label": _("Only us")})
    )
    evidence_link = forms.URLField(
        label=_("Evidence"), required=False, assume_scheme="https", widget=forms.URLInput(attrs=INPUT | {"placeholder": "https://"})
    )
    origin = forms.ChoiceField(
        choices=LineOrigin.choices, required=False, initial=LineOrigin.TYPED, widget=forms.HiddenInput
    )

    was_ours = forms.BooleanField(required=False, widget=forms.HiddenInput)
    wording = forms.CharField(label=_("What the customer will read"), max_length=500, required=False, widget=one_line())

    def clean(self) -> None:
        if self.crosses and self.cleaned_data.get("text") and not self.cleaned_data.get("wording"):
            self.add_error("wording", _("Write what the customer will read. Until then the line stays with us."))

    @property
    def is_ours(self) -> bool:
        """Whether the line stayed with us until now. A form that comes back holds the word, not the truth value."""
        return str(self["was_ours"].value()) == "True"

    @property
    def crosses(self) -> bool:
        """Whether the line stayed with us until now and shall be shared."""
        return bool(self.cleaned_data.get("was_ours")) and not self.cleaned_data.get("only_us")

    def line(self, kind: str) -> Line | None:
        """None for a row that was left or made empty."""
        data = self.cleaned_data
        if not data.get("text"):
            return None
        origin, evidence = data.get("origin") or LineOrigin.TYPED, data.get("evidence_link", "")
        if self.crosses and data.get("wording"):
            return Line(kind, data["wording"], True, LineOrigin.TYPED, evidence)
        return Line(kind, data["text"], not (data.get("only_us") or self.crosses), origin, evidence)


class PlanForm(LineForm):
    """A line that was planned last week, and what became of it."""

    OUTCOMES = ((LineKind.PROGRESS, _("Done")), (LineKind.NEXT, _("Still going")), ("drop", _("Drop")))

    outcome = forms.ChoiceField(label=_("What became of it"), choices=OUTCOMES, widget=forms.RadioSelect)

    def planned_line(self) -> Line | None:
        outcome = self.cleaned_data.get("outcome")
        return None if outcome in (None, "drop") else self.line(outcome)


class FactForm(LineForm):
    """A line drafted from a fact: kept as it is, reworded, or left out.

    Its prefix is the fact's key, so that words kept on a device never land in another fact's row.
    """

    OUTCOMES = (("keep", _("Keep")), ("drop", _("Leave out")))

    kind = forms.ChoiceField(choices=LineKind.choices, widget=forms.HiddenInput)
    drafted = forms.CharField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Keep or leave out"), choices=OUTCOMES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, key: str, fact: Fact | None, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"fact-{key}", **kwargs)
        self.key, self.fact = key, fact

    @property
    def is_left_out(self) -> bool:
        return self.cleaned_data.get("outcome") == "drop"

    def fact_line(self) -> Line | None:
        line = None if self.is_left_out else self.line(self.cleaned_data.get("kind", LineKind.PROGRESS))
        untouched = line and not self.crosses and line.text == self.cleaned_data.get("drafted")
        return line and replace(line, fact=self.key, origin=LineOrigin.DRAFTED if untouched else LineOrigin.TYPED)


class NoteForm(forms.Form):
    """A note to the team. It has no control that shares it."""

    text = forms.CharField(
        label=_("Note to the team"), max_length=InternalLine._meta.get_field("text").max_length, required=False,
        widget=one_line(),
    )
