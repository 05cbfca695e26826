"""What readers type before a page opens."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class CodeForm(forms.Form):
    address = forms.EmailField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasscodeForm(forms.Form):
    passcode = forms.CharField(
        label=_("Passcode"), max_length=100, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
