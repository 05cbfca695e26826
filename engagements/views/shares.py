"""The Sharing tab: links, editions, and the page as its recipient sees it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.shares import ShareForm
from engagements.metrics.periods import local_day
from engagements.models import Edition, EditionMail, Share
from engagements.models.share import all_sections
from engagements.selectors.edition_mail import mail_states
from engagements.selectors.share import (
    contacts_with_use,
    editions_for_contact,
    latest_edition,
    openings,
    shares_with_use,
)
from engagements.services.contact_visits import note_visit
from engagements.services.editions import publish_edition
from engagements.services.shares import create_share, revoke_all_shares, revoke_share
from engagements.views.link_view import keep_private
from engagements.views.pages import EngagementView
from engagements.views.told_page import told
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission

EDITIONS_PER_PAGE = 20
OPENINGS_PER_PAGE = 50
MAILS_SHOWN = 12


class SharingView(EngagementView):
    permission = Permission.SHARE
    write_permission = Permission.SHARE
    tab = "engagement_sharing"

    def sharing_url(self) -> str:
        return reverse("engagement_sharing", args=[self.engagement.slug])


class EngagementSharing(SharingView):
    """Who can open the page, and what was published."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        editions = Edition.objects.filter(engagement=self.engagement).defer("content").select_related("published_by", "retraction")
        now = timezone.now()
        shares = shares_with_use(self.engagement, now)
        on_page = latest_edition(self.engagement.pk)
        context = {
            "now": now,
            "today": local_day(now, self.engagement.zone),
            "shown": on_page.number if on_page else None,
            "shares": shares,
            "refused": {state.mail.share_id for state in mail_states(EditionMail.objects.filter(share__in=shares)) if state.error},
            "several_open": sum(share.is_open for share in shares) > 1,
            "contacts": contacts_with_use(self.engagement),
            "page": Paginator(editions, EDITIONS_PER_PAGE).get_page(request.GET.get("page")),
        }
        return self.show("engagements/share/sharing.html", context)


class ShareNew(SharingView):
    """Makes a link. Its address is on the answer to the form and nowhere else."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        return self.show_form(self.form())

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show_form(form, status=422)
        fields = {name: value for name, value in form.cleaned_data.items() if name != "works_until"}
        share, secret = create_share(engagement=self.engagement, by=request.user, expires_at=form.expires_at, **fields)
        link = request.build_absolute_uri(reverse("shared_page", args=[secret]))
        context = {"share": share, "link": link, "edition": latest_edition(self.engagement.pk)}
        return keep_private(self.show("engagements/share/created.html", context))

    def form(self, data: Any = None) -> ShareForm:
        today = local_day(timezone.now(), self.engagement.zone)
        return ShareForm(data, engagement=self.engagement, today=today)

    def show_form(self, form: ShareForm, status: int = 200) -> HttpResponse:
        return self.show("engagements/share/form.html", {"form": form}, status=status)


class ShareRevocation(SharingView):
    def post(self, request: PortalRequest, pk: int, **kwargs: Any) -> HttpResponse:
        share = get_object_or_404(Share.objects.visible_to(request.user).filter(engagement=self.engagement), pk=pk)
        revoke_share(share, by=request.user, now=timezone.now())
        messages.success(request, _("The link for “%(name)s” no longer works.") % {"name": share.name})
        return HttpResponseRedirect(self.sharing_url())


class ShareRevocationOfAll(SharingView):
    """Closes every link at once; contacts who sign in keep what their membership gives."""

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        count = revoke_all_shares(self.engagement, by=request.user, now=timezone.now())
        text = ngettext("%(count)s link no longer works.", "%(count)s links no longer work.", count) % {"count": count}
        messages.success(request, text)
        return HttpResponseRedirect(self.sharing_url())


class ShareOpenings(SharingView):
    """Who opened one link, when, and which edition."""

    def get(self, request: PortalRequest, pk: int, **kwargs: Any) -> HttpResponse:
        shares = Share.objects.visible_to(request.user).filter(engagement=self.engagement)
        share = get_object_or_404(shares.select_related("created_by"), pk=pk)
        page = Paginator(openings(share), OPENINGS_PER_PAGE).get_page(request.GET.get("page"))
        mails = mail_states(share.mails.select_related("edition").defer("edition__content")[:MAILS_SHOWN])
        context = {"share": share, "page": page, "mails": mails, "now": timezone.now()}
        return self.show("engagements/share/openings.html", context)


class EditionPublication(SharingView):
    """Publishes the page as it stands, without a new weekly update."""

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        edition = publish_edition(engagement=self.engagement, by=request.user, now=timezone.now())
        messages.success(request, _("Published as edition %(number)s.") % {"number": edition.number})
        return HttpResponseRedirect(self.sharing_url())


class ContactEdition(PortalView):
    """The newest edition of one engagement, for a contact of its customer. Others find nothing."""

    permission = Permission.VIEW_SHARED_PAGES

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        edition = get_object_or_404(editions_for_contact(request.user), engagement__slug=slug)
        note_visit(Edition.objects.filter(pk=edition.pk), by=request.user, now=timezone.now())
        shown = told(edition, all_sections(), can_answer=True, now=timezone.now())
        context = {"page": shown.page, "body": shown.body, "can_answer": True}
        return keep_private(render(request, "public/contact_page.html", context))
