"""The home of a contact who signed in, and the past editions of their pages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from engagements.models.share import Edition, all_sections
from engagements.public_page.content import content_from
from engagements.public_page.page import shared_page
from engagements.selectors.contact_home import contact_home, past_editions, waiting_of
from engagements.selectors.share import editions_for_contact
from engagements.selectors.withdrawal import standing_contents, withdrawn_items
from engagements.services.contact_visits import note_visit
from engagements.views.link_view import keep_private
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission

EDITIONS_PER_PAGE = 20


class SharedPages(PortalView):
    """What a contact comes for: the pages of their companies, and what waits for them there."""

    permission = Permission.VIEW_SHARED_PAGES

    def get(self, request: PortalRequest) -> HttpResponse:
        pages = contact_home(request.user)
        note_visit(editions_for_contact(request.user), by=request.user, now=timezone.now())
        context = {"pages": pages, "waiting": waiting_of(pages)}
        return render(request, "engagements/share/shared_pages.html", context)


class ContactEditions(PortalView):
    """Everything that was published of one engagement."""

    permission = Permission.VIEW_SHARED_PAGES

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        rows = past_editions(request.user, slug)
        page = Paginator(rows, EDITIONS_PER_PAGE).get_page(request.GET.get("page"))
        if not page.object_list:
            raise Http404
        contents = standing_contents([(edition.engagement_id, edition.content) for edition in page])
        shown = list(zip(page, contents, strict=True))
        return keep_private(render(request, "public/contact_editions.html", {"page": page, "shown": shown, "slug": slug}))


class ContactPastEdition(PortalView):
    """One edition as it was published, without what was answered or taken back since."""

    permission = Permission.VIEW_SHARED_PAGES

    def get(self, request: PortalRequest, slug: str, number: int) -> HttpResponse:
        edition = get_object_or_404(past_editions(request.user, slug), number=number)
        note_visit(Edition.objects.filter(pk=edition.pk), by=request.user, now=timezone.now())
        content = content_from(edition.content)
        withdrawn = withdrawn_items(edition.engagement_id, ZoneInfo(content.time_zone))
        page = shared_page(content, all_sections(), withdrawn=withdrawn)
        return keep_private(render(request, "public/contact_page.html", {"page": page, "edition": edition, "slug": slug}))
