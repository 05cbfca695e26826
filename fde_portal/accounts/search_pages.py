"""The search page, and the palette that opens over every page."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.context_processors import navigation
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.search import Group, Hit, commands, search
from fde_portal.core.search.words import index_words, query_words

PER_KIND = 8
ALL_OF_ONE_KIND = 50
IN_PALETTE = 5


class Search(PortalView):
    """Everything the viewer may see that holds the words. `?kind=` shows more of one kind."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
        groups = search(request.user, text, per_kind=ALL_OF_ONE_KIND if kind else PER_KIND, kind=kind)
        return render(request, "search/page.html", {"text": text, "kind": kind, "groups": groups})


class Palette(PortalView):
    """What the palette lists below its field: pages by name, then records."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()
        places = Group(_("Go to"), places_named(request.user, text) + commands(request.user, text, path=open_page(request)))
        groups = [places] if places.hits else []
        groups += search(request.user, text, per_kind=IN_PALETTE)
        return render(request, "search/_options.html", {"groups": groups, "text": text})


def open_page(request: PortalRequest) -> str:
    """The path of the page over which the palette opened, as htmx tells it."""
    return urlsplit(request.headers.get("HX-Current-URL", "")).path


def places_named(user: User, text: str) -> list[Hit]:
    """Entries of the navigation in which each word of `text` begins a word."""
    begins = query_words(text)
    if text and not begins:
        return []
    places = [Hit(str(item.label), item.url, icon=item.icon) for item in navigation(user, "")]
    return [place for place in places if all(f" {begin}" in f" {index_words(place.title)}" for begin in begins)]
