"""The question to the front line, and its answer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import FrontLinePulse
from fde_portal.accounts.forms import PortalModelForm


class FrontLinePulseForm(PortalModelForm):
    class Meta:
        model = FrontLinePulse
        fields = ["question", "language"]
        help_texts = {"question": _("One short question that a tired person can answer from 1 to 5.")}
        widgets = {"language": forms.RadioSelect}


class FrontLineAnswerForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("From 1, not at all, to 5, very much"),
        coerce=int,
        choices=[(score, str(score)) for score in range(1, 6)],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("What should change"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    name = forms.CharField(
        label=_("Your name"), max_length=120, required=False, help_text=_("Leave it empty, and nobody knows who you are.")
    )
