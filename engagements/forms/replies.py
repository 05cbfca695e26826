"""What we say to an answer of a customer: a reply to them, or why it does not count."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Your reply"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It goes out by mail at once and cannot be taken back. The customer reads it as you write it."),
    )


class AnnulmentForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is not genuine"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only we read this. Their page says that the answer does not count, and since when."),
    )
