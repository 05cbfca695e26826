"""What every request passes."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from fde_portal.accounts.access import SEEN, SEEN_IS_NOTED_EVERY_SECONDS

# Where somebody may go who must set up a second step: to do so, to prove who they are, and to leave.
ON_THE_WAY = ("mfa_", "account_logout", "account_reauthenticate", "accounts:security")


class SignInRequired(LoginRequiredMiddleware):
    """Django's own, asking about the page first: an open page must not even read who is signed in."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        if not getattr(view_func, "login_required", True):
            return None
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None and asks_from_a_page(request):
            # An open page must not take the sign-in page for its answer: what was typed stays where it is.
            return HttpResponse(status=401)
        return answer or self.admit(request)

    def admit(self, request: HttpRequest) -> HttpResponse | None:
        """Note the visit of somebody who is signed in, and lead them to what comes before all else."""
        if not request.user.is_authenticated:
            return None
        note_visit(request)
        if request.user.owes_second_step and not request.resolver_match.view_name.startswith(ON_THE_WAY):
            return redirect("accounts:security")
        return None


def asks_from_a_page(request: HttpRequest) -> bool:
    """Whether a script of an open page asks: for a fragment, or for JSON."""
    return "HX-Request" in request.headers or request.headers.get("Accept") == "application/json"


def note_visit(request: HttpRequest) -> None:
    """Keep when and from where a session was last used, at most every few minutes: reading must stay cheap."""
    now = int(timezone.now().timestamp())
    if now - request.session.get(SEEN, 0) > SEEN_IS_NOTED_EVERY_SECONDS:
        request.session[SEEN] = now
        UserSession.objects.create_from_request(request)
