"""The Updates tab: what was published week by week, with every revision."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import WeeklyUpdate
from engagements.selectors.ask import asks_published_with
from engagements.selectors.revision_diff import changes_between
from engagements.selectors.weekly_update import Week, updates_of
from engagements.views.pages import EngagementView
from engagements.views.weekly_updates import today_of
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.pages import RecordArchive, RecordRestore

UPDATES_PER_PAGE = 20


class EngagementUpdates(EngagementView):
    """All weeks of an engagement with their revisions."""

    tab = "engagement_updates"

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        archived = "archived" in request.GET
        page = Paginator(updates_of(self.engagement, archived=archived), UPDATES_PER_PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "archived": archived, "this_week": Week.of(today_of(request))}
        return self.show("engagements/weekly_update/list.html", context)


class UpdatePage(EngagementView):
    """One revision, as the customer reads it and with what only we see."""

    tab = "engagement_updates"

    def get(self, request: PortalRequest, pk: int, **kwargs: Any) -> HttpResponse:
        rows = WeeklyUpdate.objects.visible_to(request.user).filter(engagement=self.engagement)
        update = get_object_or_404(rows.select_related("author", "published_by"), pk=pk)
        others = list(rows.of_week(update.iso_year, update.iso_week).exclude(pk=pk).order_by("revision"))
        update.engagement = self.engagement
        context = {"update": update, "asks": asks_published_with(update), "others": others} | self.comparison(update, others)
        return self.show("engagements/weekly_update/detail.html", context)

    def comparison(self, update: WeeklyUpdate, others: list[WeeklyUpdate]) -> dict[str, Any]:
        """What changed since the revision that `?since=` names, else since the one before."""
        wanted = self.request.GET.get("since", str(update.revision - 1))
        before = next((other for other in others if str(other.revision) == wanted), None)
        return {"before": before, "changes": changes_between(before, update) if before else []}


def said_of(update: WeeklyUpdate, text: str) -> str:
    """A sentence about an update by its customer and week."""
    return text % {"customer": update.engagement.customer, "week": update.iso_week}


class UpdateArchive(RecordArchive):
    """Puts an update away; a draft is discarded. Its next save, or the way back, takes it up again."""

    def get_record(self) -> WeeklyUpdate:
        return get_object_or_404(WeeklyUpdate.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def archived_message(self, record: WeeklyUpdate) -> str:
        if record.is_draft:
            return said_of(record, _("Draft discarded: %(customer)s, week %(week)s."))
        return said_of(record, _("Archived: %(customer)s, week %(week)s."))

    def restore_url(self, record: WeeklyUpdate) -> str:
        return reverse("update_restore", args=[record.pk])

    def done_url(self, record: WeeklyUpdate) -> str:
        return reverse("engagement_updates", args=[record.engagement.slug])


class UpdateRestore(RecordRestore):
    def get_record(self) -> WeeklyUpdate:
        return get_object_or_404(WeeklyUpdate.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def restored_message(self, record: WeeklyUpdate) -> str:
        if record.is_draft:
            return said_of(record, _("The draft is back: %(customer)s, week %(week)s."))
        return said_of(record, _("Restored: %(customer)s, week %(week)s."))

    def done_url(self, record: WeeklyUpdate) -> str:
        return reverse("engagement_updates", args=[record.engagement.slug])
