"""The page behind the link of an invitation. The link is the key: nobody is signed in yet."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, perform_password_login, record_authentication
from allauth.account.models import Login
from allauth.core.ratelimit import consume, respond_429
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from fde_portal.accounts.forms.people import AcceptanceForm
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Role
from fde_portal.accounts.services.invitations import Gone, accept_invitation, usable_invitation


@method_decorator([login_not_required, never_cache, sensitive_post_parameters("password")], name="dispatch")
class Acceptance(View):
    """Used, expired, revoked and unknown look the same. Whoever is signed in already is told so."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invitation = usable_invitation(self.kwargs["secret"], now=timezone.now())
        if invitation is None:
            return self.gone()
        self.invitation = invitation
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        with translation.override(translation.get_language() if chosen else invitation.language):
            if request.user.is_authenticated:
                return self.show("accounts/invitation_elsewhere.html", status=409)
            return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        return self.show_form(self.form(instance=self.draft()))

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        if not consume(request, action="accept_invitation"):
            return respond_429(request)
        form = self.form(request.POST, instance=User())
        if not form.is_valid():
            return self.show_form(form, status=422)
        try:
            person = accept_invitation(secret=secret, now=timezone.now(), **form.cleaned_data)
        except Gone:
            return self.gone()
        if person.has_usable_password():
            return perform_password_login(request, {"email": person.email}, Login(user=person))
        # The link came by mail, as a code does.
        record_authentication(request, person, method="code", email=person.email)
        return perform_login(request, Login(user=person, email=person.email))

    def form(self, *args: Any, **options: Any) -> AcceptanceForm:
        """Contacts of customers choose no password: they sign in by mailed codes."""
        needs_password = self.invitation.role != Role.CONTACT
        return AcceptanceForm(*args, initial=self.initial(), needs_password=needs_password, **options)

    def draft(self) -> User:
        invitation = self.invitation
        return User(name=invitation.name, language=invitation.language, time_zone=invitation.time_zone)

    def initial(self) -> dict[str, str]:
        return {"email": self.invitation.email}

    def show_form(self, form: AcceptanceForm, status: int = 200) -> HttpResponse:
        return self.show("accounts/invitation.html", status, form=form)

    def show(self, template: str, status: int, **context: Any) -> HttpResponse:
        return render(self.request, template, {"invitation": self.invitation, **context}, status=status)

    def gone(self) -> HttpResponse:
        return render(self.request, "accounts/invitation_gone.html", status=404)
