"""Who a program is, and what it may do: API tokens and permissions of the REST API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from fde_portal.accounts.models import ApiToken, User
from fde_portal.accounts.tokens import digest_of

USE_IS_NOTED_EVERY_SECONDS = 300


class ApiTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer fdep_…` acts as the person who made the token."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        secret = bearer_secret(request)
        if secret is None or not secret.startswith(ApiToken.PREFIX + "_"):
            return None
        token = ApiToken.objects.select_related("user").filter(digest=digest_of(secret)).first()
        if token is None or not token.is_usable(timezone.now()) or not token.user.is_active:
            raise AuthenticationFailed(_("This token is unknown, has expired or was revoked."))
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def bearer_secret(request: Request) -> str | None:
    """The secret in the Authorization header, None when there is no bearer token."""
    kind, __, secret = get_authorization_header(request).partition(b" ")
    return secret.decode("latin-1").strip() if kind.lower() == b"bearer" else None


def note_use(token: Any) -> None:
    """Stamp when a token was last used, at most every few minutes: reading must stay cheap."""
    now = timezone.now()
    last = token.last_used_at
    if last is None or (now - last).total_seconds() > USE_IS_NOTED_EVERY_SECONDS:
        type(token)._default_manager.filter(pk=token.pk).update(last_used_at=now)


class HasPermission(BasePermission):
    """Lets people through who hold the `permission` the view names, or its `write_permission` where they write.

    A browser whose person must set up a second step first reads nothing here either; programs have tokens,
    which read unless they were made to write too.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not user or not user.is_authenticated or (request.auth is None and user.owes_second_step):
            return False
        writes = request.method not in SAFE_METHODS
        if writes and isinstance(request.auth, ApiToken) and not request.auth.may_write:
            return False
        return user.can(view.write_permission if writes and view.write_permission else view.permission)


class ApiTokenScheme(OpenApiAuthenticationExtension):
    target_class = ApiTokenAuthentication
    name = "apiToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
