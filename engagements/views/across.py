"""One page for all lists across engagements: each kind with search, filters and paging, all of it in the address."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.across import AcrossFilter
from engagements.selectors.across import KINDS, ListKind, kind_named
from engagements.selectors.log import counts
from engagements.views.log_kinds import LOG_KINDS
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.core import formats
from fde_portal.core.templatetags.ui_blocks import Tab

PAGE_SIZE = 50
# What of the address stays when somebody goes to another list.
COMMON = ("q", "lead")


class Across(PortalView):
    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        kind = kind_named(request.GET.get("kind", ""))
        chosen = AcrossFilter(request.GET, user=request.user, kind=kind)
        archived = bool(kind.can_restore and request.GET.get("archived"))
        context = {
            "kind": kind,
            "lead": formats.sentences(str(kind.why), _("New ones are added where they arise: on the engagement.")),
            "filter": chosen,
            "archived": archived,
            "page": self.page(kind, self.rows(kind, chosen, archived=archived)),
            "tabs_of_kinds": self.kind_tabs(kind, chosen),
            "tabs_elsewhere": elsewhere(),
        }
        return render(request, "engagements/across/page.html", context)

    def rows(self, kind: ListKind, chosen: AcrossFilter, *, archived: bool) -> QuerySet:
        """The records of the open list. Archived ones are shown in whatever state they were."""
        cut = kind.cut_named("all") if archived else chosen.cut
        rows = chosen.narrow(kind.visible_to(self.request.user, archived=archived), fields=kind.words, path=kind.path)
        return kind.after(rows, cut, today=timezone.localdate(), user=self.request.user)

    def page(self, kind: ListKind, rows: QuerySet) -> Page:
        page, today = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page")), timezone.localdate()
        page.object_list = [kind.row(record, today) for record in page.object_list]
        return page

    def kind_tabs(self, current: ListKind, chosen: AcrossFilter) -> list[Tab]:
        """Each list under the same words and lead, with what its first view counts: one statement for all."""
        user, today = self.request.user, timezone.localdate()
        tables = {
            kind.key: kind.after(
                chosen.narrow(kind.visible_to(user), fields=kind.words, path=kind.path), kind.cuts[0], today=today, user=user
            )
            for kind in KINDS
        }
        found = counts(tables)
        return [Tab(kind.title, address_of(kind, self.request.GET), kind is current, found.get(kind.key, 0)) for kind in KINDS]


def address_of(kind: ListKind, asked: QueryDict) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name in COMMON if (value := asked.get(name))} | {"kind": kind.key})
    return "?" + query.urlencode()


def elsewhere() -> list[Tab]:
    """The lists across engagements that have pages of their own."""
    concerns: list[tuple[Any, str]] = [(_("Blockers"), ""), (_("Risks"), "?kind=risks")]
    log = reverse("log")
    return [
        *(Tab(label, f"{reverse('risks')}{query}") for label, query in concerns),
        Tab(_("Log"), log),
        *(Tab(kind.title, f"{log}?kind={kind.key}") for kind in LOG_KINDS),
    ]
