"""The base of all pages below a link. It knows grants and editions, and no record behind them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from engagements.forms.visitors import AddressForm, PasscodeForm
from engagements.models.share import Edition, Share
from engagements.public_page.keys import Purpose
from engagements.public_page.visit import Visit, is_through, visit_of
from engagements.selectors.share import UNKNOWN_KEYS, latest_edition, open_share
from fde_portal.accounts.clients import network_of

OWN_SITE = {None, "same-origin", "none"}


class LinkView(View):
    """A page below a working link; everything else is the same 404. Reads no session and no person.

    Where the share asks who reads, or for a passcode, the door is shown instead until the browser brings the
    proof. Writing needs no token against forgery: another site does not know the address, and a browser
    says where a form was sent from.
    """

    purpose: ClassVar[Purpose] = Purpose.PAGE
    has_door: ClassVar[bool] = True
    share: Share
    edition: Edition
    visit: Visit

    @method_decorator([login_not_required, csrf_exempt])
    def dispatch(self, request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        refuse_other_sites(request)
        self.now, self.token = timezone.now(), token
        network = network_of(request)
        share = open_share(token, self.now, network, self.purpose)
        if share is None and UNKNOWN_KEYS.claim(network, now=self.now):
            raise Http404
        if share is None or share.is_limited:
            return too_many_tries(request)
        return self.answer(request, share, **kwargs)

    def answer(self, request: HttpRequest, share: Share, **kwargs: Any) -> HttpResponse:
        """Before the first edition there is nothing to open."""
        edition = latest_edition(share.engagement_id)
        if edition is None:
            raise Http404
        self.share, self.edition, self.visit = share, edition, visit_of(request, share)
        self.language = chosen_language(request, share.language)
        with translation.override(self.language):
            is_in = not self.has_door or is_through(self.visit, share)
            response = super().dispatch(request, **kwargs) if is_in else self.door()
        response["Content-Language"] = self.language
        return keep_key(response)

    def door(self) -> HttpResponse:
        """What a reader has to prove next: the address, then the passcode. What was sent before that is refused."""
        status = 403 if self.request.method == "POST" else 200
        if self.share.asks_for_address and not self.visit.address:
            return self.show("public/door_address.html", {"form": AddressForm()}, status)
        return self.show("public/door_passcode.html", {"form": PasscodeForm()}, status)

    def home(self) -> str:
        """The page itself, seen from here: the link stands in no answer, so addresses are relative."""
        return "../" * (self.request.path.rstrip("/").count("/") - 2) or "./"

    def show(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Rendered without context processors: they would ask who is signed in."""
        shell = {"request": self.request, "home": self.home(), "language": self.language}
        return HttpResponse(render_to_string(template, shell | context), status=status)


def refuse_other_sites(request: HttpRequest) -> None:
    """Raise PermissionDenied for a form that a browser says was sent by another site's page."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") not in OWN_SITE:
        raise PermissionDenied


def too_many_tries(request: HttpRequest) -> HttpResponse:
    return keep_key(HttpResponse(render_to_string("429.html", {"request": request}), status=429))


def keep_private(response: HttpResponse) -> HttpResponse:
    """What one reader may see stays out of caches and search engines."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    patch_vary_headers(response, ["Cookie"])
    return response


def keep_key(response: HttpResponse) -> HttpResponse:
    """The address is the key: no other site may learn it either.

    Browsers then send `Origin: null` with forms, which Django's own check refuses: these views look at
    `Sec-Fetch-Site` instead (`refuse_other_sites`).
    """
    response["Referrer-Policy"] = "no-referrer"
    return keep_private(response)


def chosen_language(request: HttpRequest, default: str) -> str:
    """What the reader picked on the page, else the language of the link."""
    wanted = request.GET.get("lang", "")
    return wanted if wanted in dict(settings.LANGUAGES) else default
