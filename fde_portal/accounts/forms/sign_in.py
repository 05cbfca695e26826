"""Signing in by a mailed code: for contacts of customers, who have no password to forget."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.permissions import Permission
from fde_portal.core.tries import Limit

CODES = Limit(name="sign-in codes of an address", most=5, window=timedelta(hours=1))
TRIES = Limit(name="tries of a sign-in code", most=5, window=timedelta(hours=1))


class CodeRequestForm(RequestLoginCodeForm):
    """Asks for an address. Unknown ones, and those of staff, get no mail; the answer is the same."""

    def clean_email(self) -> str:
        email = super().clean_email()
        if self._user and not self._user.can(Permission.VIEW_SHARED_PAGES):
            self._user = None
        if not CODES.claim(email.lower(), now=timezone.now()):
            raise forms.ValidationError(_("Too many codes for this address. Please wait an hour."))
        return email


class CodeConfirmForm(ConfirmLoginCodeForm):
    """Takes the code. A try is counted in the database before it is judged, so that many at once share nothing."""

    def clean_code(self) -> str:
        if self.expected_code and not TRIES.claim(self.expected_code, now=timezone.now()):
            raise forms.ValidationError(_("Too many tries. Please have a new code sent."))
        return super().clean_code()
