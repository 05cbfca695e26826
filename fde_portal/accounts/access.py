"""The door every signed-in page goes through."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views import View

from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.core.messages import forget_way_back

# The session's own note of its last use, so that most requests read nothing more.
SEEN = "seen_at"
SEEN_IS_NOTED_EVERY_SECONDS = 300


class PortalRequest(HttpRequest):
    """A request that passed `PortalView`: its user is signed in."""

    user: User


class PortalView(View):
    """A page for signed-in people that states the one permission it needs.

    Signed out: the sign-in page (LoginRequiredMiddleware). Without the permission: 403.
    What is reached through it starts from `visible_to(request.user)`: invisible is 404.
    """

    permission: ClassVar[Permission]
    write_permission: ClassVar[Permission | None] = None  # for POST, where reading needs less

    def dispatch(self, request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        needed = self.permission
        if self.write_permission and request.method not in {"GET", "HEAD", "OPTIONS"}:
            needed = self.write_permission
        if not request.user.can(needed):
            raise PermissionDenied
        if request.method == "POST":
            forget_way_back(request)
        # "Today" on a page is the reader's.
        with timezone.override(request.user.time_zone):
            return super().dispatch(request, *args, **kwargs)
