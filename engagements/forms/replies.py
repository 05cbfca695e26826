"""The form for writing back to a customer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Your reply"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It goes out by mail at once and cannot be taken back. The customer reads it as you write it."),
    )
