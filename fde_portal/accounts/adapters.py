"""How allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from fde_portal.accounts.models import User
from fde_portal.core.cookies import remember_language


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up alone: administrators add people."""
        return False

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """Whoever signs in reads on in the language of their profile, whatever this browser had before."""
        return remember_language(super().post_login(request, user, **details), user.language)
