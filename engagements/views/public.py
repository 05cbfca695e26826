"""The page a customer opens by a link, and the editions before it."""

from __future__ import annotations

import re
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from engagements.models.response import Response
from engagements.models.share import Edition
from engagements.public_page.content import content_from
from engagements.public_page.keys import Purpose, derived_key
from engagements.public_page.visit import waiting_keys
from engagements.selectors.share import readable_editions
from engagements.services.shares import log_view
from engagements.views.link_view import LinkView
from engagements.views.told_page import told

# A link that ends at midnight worked until the day before.
MOMENT = timedelta(microseconds=1)
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|fetch|scan|monitor|curl|wget|python", re.IGNORECASE)


class SharedPage(LinkView):
    """Shows the newest edition. Opening it consumes nothing, so that scanners of mail programs do no harm."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_edition(self.edition)

    def show_edition(self, edition: Edition) -> HttpResponse:
        if is_a_reader(self.request):
            log_view(share=self.share, edition=edition, address=self.visit.address, now=self.now)
        is_newest = edition == self.edition
        shown = told(edition, self.share.sections, can_answer=is_newest, now=self.now)
        last_day = self.share.expires_at and (self.share.expires_at - MOMENT).astimezone(shown.page.zone).date()
        context = {"page": shown.page, "body": shown.body, "last_day": last_day, "edition": edition}
        context |= {"is_newest": is_newest, "can_answer": is_newest, "calendar": derived_key(self.share, Purpose.CALENDAR)}
        context["waiting"] = self.waiting() if is_newest else ()
        return self.show("public/shared_page.html", context)

    def waiting(self) -> list[Response]:
        """What this browser answered and has not typed the code for: it asks nothing of the database where there is none."""
        keys = waiting_keys(self.request, self.share)
        return list(Response.objects.waiting().filter(share=self.share, key__in=keys).order_by("given_at", "id")) if keys else []


class EarlierEdition(SharedPage):
    """An edition as it was published, for those who could read it then."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.show_edition(get_object_or_404(readable_editions(self.share), number=number))


class EarlierEditions(LinkView):
    """The list of editions this link could ever show."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        page = content_from(self.edition.content)
        editions = readable_editions(self.share).defer("content")
        return self.show("public/editions.html", {"page": page, "editions": editions})


def is_a_reader(request: HttpRequest) -> bool:
    """A GET by a person's browser. Programs that announce themselves are not counted as openings."""
    agent = request.headers.get("User-Agent", "")
    return request.method == "GET" and bool(agent) and not ROBOTS.search(agent)
