"""How allauth behaves here."""

from __future__ import annotations

import base64
import hashlib
import time
from contextlib import suppress
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fde_portal.accounts import audit
from fde_portal.accounts.models import OrganizationSettings, User
from fde_portal.core.cookies import remember_language

# Whoever just typed their password is not asked for it again when they set up a second step.
PASSWORD_IS_FRESH_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up alone: people are invited."""
        return False

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """Whoever signs in stands in the trail, and reads on in the language of their profile, whatever this browser had before."""
        audit.record("sign_in", user, by=user, through=way_in(request, user, details))
        return remember_language(super().post_login(request, user, **details), user.language)

    def send_notification_mail(self, template_prefix: str, user: User, *arguments: Any, **details: Any) -> None:
        """Tell people what changed at their door. A mail server that is away does not undo it."""
        details["email"] = user.email
        with suppress(OSError):
            super().send_notification_mail(template_prefix, user, *arguments, **details)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        records = get_authentication_records(self.request, self.request.user)
        passwords = [record["at"] for record in records if record["method"] == "password"]
        return not passwords or time.time() - passwords[-1] > PASSWORD_IS_FRESH_SECONDS


def way_in(request: HttpRequest, user: User, details: dict[str, Any]) -> str:
    """How somebody signed in, by the first step they took; "" when it is not known."""
    if "sociallogin" in (details.get("signal_kwargs") or {}):
        return "oidc"
    records = get_authentication_records(request, user)
    return str(records[0]["method"]) if records else ""


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes unreadable in a copy of the database."""

    def get_totp_issuer(self) -> str:
        return OrganizationSettings.current().vendor_name

    def generate_authenticator_name(self, user: User, type: str) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    """Locks with SECRET_KEY; opens what an earlier key locked."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"fde_portal.second_step:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Lets in active people whose address the identity provider has verified, and nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse before anything is written about the person."""
        address = verified_address(sociallogin)
        person = User.objects.filter(email__iexact=address).first() if address else None
        if person is None or not person.is_active or sociallogin.state.get("process") != "login":
            self.refuse(request, address, person)
        # Matched anew each time and never stored: whoever leaves the address leaves the account.
        sociallogin.user = person

    def refuse(self, request: HttpRequest, address: str, person: User | None) -> NoReturn:
        """One page for every reason: it must not tell who has an account. The trail knows."""
        subject = person or OrganizationSettings.current()
        audit.record("refuse_sign_in", subject, by=None, through="oidc", address=address)
        raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", status=403))


def verified_address(sociallogin: SocialLogin) -> str:
    """The address the provider has verified, "" without one.

    Both answers, the ID token and the user info, must be about the same subject. Some providers write
    "false" as a text, which would count as true.
    """
    data = sociallogin.account.extra_data
    answers = [answer for answer in (data.get("userinfo"), data.get("id_token")) if answer]
    if "id_token" not in data or len({answer.get("sub") for answer in answers}) != 1:
        return ""
    claims = answers[0]
    return str(claims.get("email", "")) if claims.get("email_verified") in (True, "true") else ""
