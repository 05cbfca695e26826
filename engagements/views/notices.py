"""What the portal told a person: the list behind the bell, what they mute, and the link in each mail."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from engagements.models import Engagement, NoticeKind, NoticeMute
from engagements.selectors.notices import notices_of
from engagements.selectors.notices.mutes import Mutable, mutable_of
from engagements.selectors.notices.words import reason_of, words_of
from engagements.services.notices import count_unread, mark_read, mark_unread, set_muted
from engagements.views.link_view import keep_key, refuse_other_sites
from engagements.views.pages import given, path_back
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.views.settings import SettingsView
from fde_portal.core.messages import success_with_undo
from fde_portal.core.templatetags.ui_blocks import Tab

PAGE_SIZE = 50


class Notices(PortalView):
    """The person's notices, newest first; those not read yet, or all."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        rows, only_unread = notices_of(request.user), "unread" in request.GET
        unread = rows.unread().count()
        if unread != request.user.unread_notices:  # work was archived or handed over meanwhile
            count_unread(request.user)
        tabs = [Tab(_("All"), "?", not only_unread), Tab(_("Not read"), "?unread", only_unread, unread)]
        context = {
            "page": self.page(rows.unread() if only_unread else rows),
            "tabs": tabs,
            "unread": unread,
            "only_unread": only_unread,
            "now": timezone.now(),
        }
        return render(request, "engagements/notices/page.html", context)

    def page(self, rows: Any) -> Page:
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        page.object_list = [(notice, words_of(notice), reason_of(notice)) for notice in page.object_list]
        return page


class NoticesRead(PortalView):
    """Marks one notice, or all, as read (POST)."""

    permission = Permission.VIEW_RECORDS

    def post(self, request: PortalRequest, pk: int | None = None) -> HttpResponse:
        now = timezone.now()
        only = None if pk is None else [get_object_or_404(notices_of(request.user), pk=pk).pk]
        done = mark_read(only, person=request.user, now=now)
        text = ngettext("Marked %(count)s notice as read.", "Marked %(count)s notices as read.", done) % {"count": done}
        if done:
            success_with_undo(request, text, path_back("notices_unread", at=now.isoformat()))
        return redirect("notices")


class NoticesUnread(PortalView):
    """Takes back what was marked as read at one instant (POST)."""

    permission = Permission.VIEW_RECORDS

    def post(self, request: PortalRequest) -> HttpResponse:
        mark_unread(person=request.user, read_at=self.instant(given(request).get("at", "")))
        return redirect("notices")

    def instant(self, text: str) -> datetime:
        try:
            at = parse_datetime(text)
        except ValueError:  # the shape of an instant, and none
            at = None
        if at is None or timezone.is_naive(at):
            raise Http404
        return at


class NoticeSettings(SettingsView):
    """What the person is told of, and what they muted."""

    page = "notice_settings"
    permission = Permission.VIEW_RECORDS
    template_name = "engagements/notices/settings.html"

    def get(self, request: PortalRequest) -> HttpResponse:
        mutes = list(NoticeMute.objects.visible_to(request.user).select_related("engagement__customer"))
        kinds = {mute.kind for mute in mutes}
        visible = set(Engagement.objects.visible_to(request.user).filter(mutes__in=mutes).values_list("pk", flat=True))
        context = {
            "kinds": [(kind, how_it_comes(kind), kind in kinds) for kind in NoticeKind],
            "engagements": [mute.engagement for mute in mutes if mute.engagement_id in visible],
        }
        return self.show_page(context)


def how_it_comes(kind: NoticeKind) -> str:
    if kind == NoticeKind.REMINDER:
        return _("By mail on Thursday and Friday")
    if kind == NoticeKind.DIGEST:
        return _("By mail on Monday morning")
    return _("Here and by mail at once") if kind.cannot_wait else _("Here and in the mail on Monday")


class NoticeMuting(PortalView):
    """Mutes a kind or an engagement, or with `again` tells of it again (POST)."""

    permission = Permission.VIEW_RECORDS

    def post(self, request: PortalRequest) -> HttpResponse:
        asked = given(request)
        mutable, again = self.mutable(asked), "again" in asked
        set_muted(mutable, muted=not again)
        name = {"engagement": mutable.engagement.slug} if mutable.engagement else {"kind": mutable.kind}
        back = path_back("notice_muting", **name, **({} if again else {"again": ""}))
        text = _("You are told again: %(what)s") if again else _("Muted: %(what)s")
        success_with_undo(request, text % {"what": words_for(mutable)}, back)
        return redirect("notice_settings")

    def mutable(self, asked: Any) -> Mutable:
        user = self.request.user
        if slug := asked.get("engagement"):
            return Mutable(user, "", get_object_or_404(Engagement.objects.visible_to(user).select_related("customer"), slug=slug))
        if asked.get("kind") not in NoticeKind.values:
            raise Http404
        return Mutable(user, asked["kind"])


def words_for(mutable: Mutable) -> str:
    engagement = mutable.engagement
    return f"{engagement.customer.name} · {engagement.name}" if engagement else str(NoticeKind(mutable.kind).label)


@method_decorator(never_cache, name="dispatch")
class Mute(View):
    """The link in a mail: without a sign-in, because the link is the key.

    It says what is so and offers the other; only a post changes it, because mail programs follow links by
    themselves. Their own one click is such a post, and carries no token against forgery.
    """

    @method_decorator([login_not_required, csrf_exempt])
    def dispatch(self, request: HttpRequest, token: str) -> HttpResponseBase:
        refuse_other_sites(request)
        with translation.override(self.mutable.person.language):
            return keep_key(super().dispatch(request, token))

    @cached_property
    def mutable(self) -> Mutable:
        mutable = mutable_of(self.kwargs["token"])
        if mutable is None:
            raise Http404
        return mutable

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        context = {"what": words_for(self.mutable), "is_muted": self.mutable.is_muted, "settings": reverse("notice_settings")}
        return render(request, "engagements/notices/mute.html", context)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        set_muted(self.mutable, muted="again" not in request.POST)
        return redirect("mute", token)
