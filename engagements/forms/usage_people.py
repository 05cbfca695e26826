"""Forms about the people in the data, who are found by the name that the data give them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.intake.rows import LONGEST_ACTOR
from engagements.intake.values import BadValue, text_of
from engagements.models import Actor


class ActorNameField(forms.CharField):
    """A name as intake reads it."""

    def clean(self, value: object) -> str:
        text = super().clean(value)
        try:
            return text_of(text, LONGEST_ACTOR)
        except BadValue as fault:
            raise forms.ValidationError(str(fault)) from None


class FindPersonForm(forms.Form):
    name = ActorNameField(
        label=_("Name in the data"), max_length=LONGEST_ACTOR, help_text=_("Exactly as the column “actor” has it.")
    )


class PersonKindForm(forms.Form):
    kind = forms.ChoiceField(label=_("Counts as"), choices=Actor.Kind.choices, widget=forms.RadioSelect)


class SamePersonForm(forms.Form):
    """Empty means: stands for nobody else."""

    same_as = ActorNameField(
        label=_("Is the same person as"), max_length=LONGEST_ACTOR, required=False,
        help_text=_("The other name in the data. Leave it empty to count them apart again."),
    )  # fmt: skip
