"""How one signs in: address, password, second step, and the devices one is signed in with."""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import consume, respond_429
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.forms.people import AddressForm
from fde_portal.accounts.mails import MailRefused
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.selectors import sessions_of
from fde_portal.accounts.services.addresses import (
    LinkEnded,
    confirm_address_change,
    new_address,
    request_address_change,
)
from fde_portal.accounts.services.people import end_sessions
from fde_portal.accounts.views.settings import SettingsView

Type = Authenticator.Type


class SecurityView(SettingsView):
    page = "accounts:security"
    permission = Permission.USE_ACCOUNT

    @property
    def session_key(self) -> str:
        return self.request.session.session_key


class Security(SecurityView):
    def get(self, request: PortalRequest) -> HttpResponse:
        authenticators = Authenticator.objects.filter(user=request.user).order_by("pk")
        context = {
            "app": next((row for row in authenticators if row.type == Type.TOTP), None),
            "passkeys": [row for row in authenticators if row.type == Type.WEBAUTHN],
            "codes_left": codes_left(authenticators),
            "now": timezone.now(),
            "sessions": sessions_of(request.user, current=self.session_key),
        }
        return self.show_page(context)


def codes_left(authenticators: Any) -> int | None:
    """How many recovery codes are unused, None when there never were any."""
    codes = next((row for row in authenticators if row.type == Type.RECOVERY_CODES), None)
    return None if codes is None else len(codes.wrap().get_unused_codes())


class SessionEnd(SecurityView):
    """Signs one other device out. The one in use is left by signing out."""

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        others = UserSession.objects.filter(user=request.user).exclude(session_key=self.session_key)
        get_object_or_404(others, pk=pk).end()
        messages.success(request, _("That device is signed out."))
        return redirect("accounts:security")


class OtherSessionsEnd(SecurityView):
    def post(self, request: PortalRequest) -> HttpResponse:
        ended = end_sessions(request.user, but=self.session_key)
        messages.success(
            request,
            ngettext("%(count)s other device is signed out.", "%(count)s other devices are signed out.", ended)
            % {"count": ended},
        )
        return redirect("accounts:security")


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class AddressChange(SecurityView):
    template_name = "accounts/address.html"

    def get(self, request: PortalRequest) -> HttpResponse:
        return self.show_page({"form": AddressForm(person=request.user)})

    def post(self, request: PortalRequest) -> HttpResponse:
        if not consume(request, action="change_address"):
            return respond_429(request)
        form = AddressForm(request.POST, person=request.user)
        if not form.is_valid():
            return self.show_page({"form": form}, status=422)
        email = form.cleaned_data["email"]
        try:
            request_address_change(request.user, email=email)
        except MailRefused:
            messages.error(request, _("The mail could not be sent. Try again later."))
        else:
            messages.success(
                request, _("Open the link in the mail to %(address)s. Until then nothing changes.") % {"address": email}
            )
        return redirect("accounts:security")


@method_decorator(never_cache, name="dispatch")
class AddressConfirm(SecurityView):
    """Behind the link to a new address. Opened as somebody else, it looks like one that has ended."""

    template_name = "accounts/address_confirm.html"

    def get(self, request: PortalRequest, token: str) -> HttpResponse:
        try:
            address = new_address(token, person=request.user)
        except LinkEnded:
            return self.show_page({"address": ""}, status=404)
        return self.show_page({"address": address})

    def post(self, request: PortalRequest, token: str) -> HttpResponse:
        try:
            confirm_address_change(User.objects.get(pk=request.user.pk), token=token)
        except LinkEnded:
            return self.show_page({"address": ""}, status=404)
        messages.success(request, _("From now on you sign in with the new address."))
        return redirect("accounts:security")
