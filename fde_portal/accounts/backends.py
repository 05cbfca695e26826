"""How requests learn who is signed in."""

from __future__ import annotations

from allauth.account import auth_backends
from django.db.models import QuerySet

from fde_portal.accounts.models import User
from fde_portal.core.prepared import Param, prepared


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    """allauth's, with the one statement of every request prepared."""

    def get_user(self, user_id: int) -> User | None:
        for user in _people(pk=user_id):
            return user if self.user_can_authenticate(user) else None
        return None


@prepared
def _people(*, pk: Param) -> QuerySet[User]:
    return User.objects.filter(pk=pk)
