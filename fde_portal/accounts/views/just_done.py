"""What somebody did in the last ten minutes, each with its way back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.core.messages import ways_back


class JustDone(PortalView):
    permission = Permission.USE_ACCOUNT

    def get(self, request: PortalRequest) -> HttpResponse:
        now = timezone.now()
        return render(request, "accounts/just_done.html", {"ways_back": ways_back(request, now=now), "now": now})
