"""The page a customer opens by a link. It knows grants and editions, and no record behind them."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.views import View

from engagements.models.share import Edition, Share
from engagements.public_page.content import content_from
from engagements.public_page.page import shared_page
from engagements.selectors.given_answers import given_answers
from engagements.selectors.share import latest_edition, open_share
from engagements.services.shares import log_view

# A link that ends at midnight worked until the day before.
MOMENT = timedelta(microseconds=1)
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|fetch|scan|monitor|curl|wget|python", re.IGNORECASE)


@method_decorator(login_not_required, name="dispatch")
class SharedPage(View):
    """Shows the newest edition to whoever holds a working link; everything else is the same 404.

    Reads no session and no person. Opening it consumes nothing, so that scanners of mail
    programs do no harm.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        now = timezone.now()
        share = open_share(token, now)
        edition = latest_edition(share.engagement_id) if share else None
        if share is None or edition is None:
            raise Http404
        if is_a_reader(request):
            log_view(share=share, edition=edition, now=now)
        return page_response(request, edition, share)


def page_response(request: HttpRequest, edition: Edition, share: Share) -> HttpResponse:
    """Rendered without context processors: they would ask who is signed in."""
    language = chosen_language(request, share.language)
    with translation.override(language):
        content = content_from(edition.content)
        given = given_answers(edition.engagement_id, ZoneInfo(content.time_zone))
        page = shared_page(content, share.sections, given)
        last_day = share.expires_at and (share.expires_at - MOMENT).astimezone(page.zone).date()
        context = {"request": request, "page": page, "last_day": last_day, "can_answer": True}
        response = HttpResponse(render_to_string("public/shared_page.html", context))
    response["Content-Language"] = language
    return keep_private(response)


def keep_private(response: HttpResponse) -> HttpResponse:
    """The address is the key: no cache, no search engine and no other site may learn it."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    patch_vary_headers(response, ["Cookie"])
    return response


def chosen_language(request: HttpRequest, default: str) -> str:
    """What the reader picked on the page, else the language of the link."""
    wanted = request.GET.get("lang", "")
    return wanted if wanted in dict(settings.LANGUAGES) else default


def is_a_reader(request: HttpRequest) -> bool:
    """A GET by a person's browser. Programs that announce themselves are not counted as openings."""
    agent = request.headers.get("User-Agent", "")
    return request.method == "GET" and bool(agent) and not ROBOTS.search(agent)
