"""Every address states who may use it."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.generic import RedirectView
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.views import APIView

from fde_portal.accounts.access import PortalView
from fde_portal.accounts.permissions import Permission

# Addresses without a PortalView, and why.
OPEN_ROUTES = {
    "healthz": "asked by machines, tells nothing",
    "readyz": "asked by machines, tells only states",
    "metrics": "asked by machines, which bring a token or ask from this machine",
    "offline_page": "kept on the device, tells nothing",
    "offline_worker": "a script that is the same for everybody",
    "mailbox": "only where the demo runs",
    "stored_mail": "only where the demo runs",
    "mailbox_message": "only where the demo runs",
    "accounts:theme": "a cookie, also for readers without an account",
    "set_language": "a cookie, also for readers without an account",
    "invitation": "the link is the key; everything else is a 404",
    "mute": "the signed link in a mail is the key; everything else is a 404",
    "work_hook": "the signature of the delivery is the key; everything else is a 403",
    "shared_page": "the link is the key; everything else is a 404",
    "logo": "a picture for customers' pages, named by its bytes",
    "shared_calendar": "the key in the address opens it; everything else is a 404",
    "visitor_address": "below the link; everything else is a 404",
    "visitor_code": "below the link; everything else is a 404",
    "mail_choice": "below the link; everything else is a 404",
    "visitor_passcode": "below the link; everything else is a 404",
    "earlier_editions": "below the link; everything else is a 404",
    "earlier_edition": "below the link; everything else is a 404",
    "front_line_answer": "the link is the key; everything else is a 404",
    "link_answer": "below the link; everything else is a 404",
    "link_answer_own": "below the link; everything else is a 404",
    "link_answer_code": "below the link; everything else is a 404",
    "link_answer_take_back": "below the link; everything else is a 404",
}
FOREIGN = ("account_", "admin:", "socialaccount_", "mfa_", "usersessions_", "openid_connect_")


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, inner)
        else:
            yield f"{namespace}{entry.name}", entry


def own_routes() -> list[tuple[str, URLPattern]]:
    found = [(name, route) for name, route in routes(get_resolver()) if not name.startswith(FOREIGN)]
    return [(name, route) for name, route in found if not is_old_address(route)]


def is_old_address(route: URLPattern) -> bool:
    """allauth's nameless redirects, which urls.py closes before they are reached."""
    return str(route.pattern).startswith("social/") and getattr(route.callback, "view_class", None) is RedirectView


def test_every_address_has_a_name() -> None:
    assert [str(route.pattern) for name, route in own_routes() if name.endswith("None")] == []


@pytest.mark.parametrize(("name", "route"), own_routes(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_address_is_guarded_or_listed_with_a_reason(name: str, route: URLPattern) -> None:
    view = getattr(route.callback, "view_class", None) or getattr(route.callback, "cls", None)
    if name in OPEN_ROUTES:
        return
    assert view is not None, f"{name} is a function: use a PortalView or list it with a reason"
    if issubclass(view, APIView):
        assert view.permission_classes, name
        assert not any(issubclass(p, AllowAny) for p in view.permission_classes if issubclass(p, BasePermission)), name
    else:
        assert issubclass(view, PortalView), f"{name} is not a PortalView"
        assert isinstance(view.permission, Permission), f"{name} states no permission"


def test_the_list_of_open_addresses_holds_no_dead_entries() -> None:
    names = {name for name, __ in own_routes()}
    assert set(OPEN_ROUTES) - names <= {"mailbox_message", "stored_mail"}
