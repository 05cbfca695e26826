"""The audit trail: who did what, for those who see everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer
from engagements.forms.audit import AuditFilter
from engagements.models import Engagement
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.acts import details_of, kind_name, sentence_of, verb_label
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.services.exports import note_list
from fde_portal.core.cells import WRITERS, Cell

PER_PAGE = 100
MOST_EXPORTED = 50_000


class AuditLine(NamedTuple):
    """One act as the page shows it. Customer and engagement are None when there is none, or it is gone."""

    event: AuditEvent
    text: str
    details: str
    customer: Customer | None
    engagement: Engagement | None


class AuditView(PortalView):
    permission = Permission.READ_AUDIT

    def filtered(self) -> AuditFilter:
        return AuditFilter(self.request.GET, AuditEvent.objects.all(), user=self.request.user)

    def lines(self, events: Sequence[AuditEvent]) -> list[AuditLine]:
        """The acts with their customers and engagements, two statements."""
        user = self.request.user
        work = Engagement.objects.visible_to(user).select_related("customer")
        engagements = work.in_bulk({event.engagement_id for event in events})
        customers = Customer.objects.visible_to(user).in_bulk({event.customer_id for event in events})
        return [line_of(event, customers, engagements) for event in events]


def line_of(event: AuditEvent, customers: dict[int, Customer], engagements: dict[int, Engagement]) -> AuditLine:
    engagement = engagements.get(event.engagement_id)
    customer = customers.get(event.customer_id) or (engagement and engagement.customer)
    return AuditLine(event, sentence_of(event), details_of(event), customer, engagement)


class AuditTrail(AuditView):
    def get(self, request: PortalRequest) -> HttpResponse:
        chosen = self.filtered()
        page = Paginator(chosen.qs, PER_PAGE).get_page(request.GET.get("page"))
        context = {"filter": chosen, "page": page, "lines": self.lines(page.object_list), "most": MOST_EXPORTED}
        return render(request, "engagements/audit/page.html", context)


class AuditExport(AuditView):
    """The acts the filters leave, newest first, as a file: MOST_EXPORTED at most. Times are the viewer's."""

    def get(self, request: PortalRequest, file_format: str) -> HttpResponseBase:
        if file_format not in WRITERS:
            raise Http404
        header = [_("Time"), _("Person"), _("Act"), _("Kind of record"), _("Record"), _("Customer"), _("Engagement"), _("Details")]
        rows = list(self.rows())
        note_list(f"audit-trail.{file_format}", by=request.user)
        return WRITERS[file_format]("audit-trail", header, rows)

    def rows(self) -> Iterator[list[Cell]]:
        for line in self.lines(self.filtered().qs[:MOST_EXPORTED]):
            yield self.row(line)

    def row(self, line: AuditLine) -> list[Cell]:
        event = line.event
        return [
            # Excel knows no time zones.
            timezone.localtime(event.at).replace(microsecond=0, tzinfo=None),
            event.actor_label,
            verb_label(event.verb),
            kind_name(event.subject_type),
            event.subject_label,
            line.customer and line.customer.name,
            line.engagement and line.engagement.name,
            line.details,
        ]
