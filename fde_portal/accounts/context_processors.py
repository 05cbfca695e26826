"""What every page of the signed-in shell needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.models import OrganizationSettings, User
from fde_portal.accounts.permissions import Permission


@dataclass(frozen=True, slots=True)
class NavigationItem:
    label: str
    url: str
    icon: str
    current: bool


ENTRIES = (
    (_("My week"), "my_week", "home", Permission.LOG_WEEK),
    (_("Weekly log"), "weekly_log", "pen", Permission.LOG_WEEK),
    (_("Portfolio"), "portfolio", "rows", Permission.VIEW_RECORDS),
    (_("Risks"), "risks", "alert", Permission.VIEW_RECORDS),
    (_("Team"), "team", "people", Permission.REVIEW_TEAM),
    (_("Customers"), "customers:list", "building", Permission.VIEW_RECORDS),
    (_("Lists"), "across", "flag", Permission.VIEW_RECORDS),
    (_("Shared with you"), "shared_pages", "share", Permission.VIEW_SHARED_PAGES),
)

# Pages with other addresses that people reach from an entry.
BELOW = {
    "portfolio": ("/engagements/", "/review/"),
    "weekly_log": ("/weeks/", "/absences/"),
    "customers:list": ("/notes/",),
    "across": ("/log/",),
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation for the person who is signed in, and the organization (read only when a page asks)."""
    user = getattr(request, "user", None)
    return {
        "navigation": navigation(user, request.path) if user and user.is_authenticated else [],
        "may_operate": bool(user and user.is_authenticated and user.can(Permission.OPERATE)),
        "can_search": may(user, Permission.VIEW_RECORDS),
        "can_use_api": may(user, Permission.VIEW_RECORDS),
        "can_manage_playbooks": may(user, Permission.MANAGE_PLAYBOOKS),
        "can_manage_work_sources": may(user, Permission.MANAGE_WORK_SOURCES),
        "can_audit": may(user, Permission.READ_AUDIT),
        "can_capture": bool(user and user.is_authenticated and user.can(Permission.WRITE_RECORDS)),
        "organization": SimpleLazyObject(OrganizationSettings.current),
        "single_sign_on": settings.SINGLE_SIGN_ON,
        "theme": request.COOKIES.get("theme", ""),
        "demo": settings.DEMO,
    }


def may(user: User | None, permission: Permission) -> bool:
    return bool(user and user.is_authenticated and user.can(permission))


def navigation(user: User, path: str) -> list[NavigationItem]:
    return [
        NavigationItem(label, url := _address(name), icon, current=path.startswith((url, *BELOW.get(name, ()))))
        for label, name, icon, permission in ENTRIES
        if user.can(permission)
    ]


_address = cache(reverse)
