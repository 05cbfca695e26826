"""The home of a contact who signed in, and the past editions of their pages."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from engagements.models.share import Edition, all_sections
from engagements.selectors.contact_home import contact_home, past_editions, waiting_of
from engagements.selectors.share import editions_for_contact
from engagements.selectors.withdrawal import standing_contents
from engagements.services.contact_visits import note_visit
from engagements.views.link_view import keep_private
from engagements.views.told_page import told
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
    """An earlier edition, with what was answered to it and taken back from it since. It asks for nothing more."""

    permission = Permission.VIEW_SHARED_PAGES

    def get(self, request: PortalRequest, slug: str, number: int) -> HttpResponse:
        edition = get_object_or_404(past_editions(request.user, slug), number=number)
        note_visit(Edition.objects.filter(pk=edition.pk), by=request.user, now=timezone.now())
        shown = told(edition, all_sections(), can_answer=False, now=timezone.now())
        context = {"page": shown.page, "body": shown.body, "edition": edition, "slug": slug}
        return keep_private(render(request, "public/contact_page.html", context))
