"""What all pages of one engagement have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import Expression, F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Stakeholder
from engagements.models import Engagement
from engagements.selectors.engagement import ENTERED, phase_steps, sponsor_of
from fde_portal.accounts.access import PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.scoping import Scope, scope_of
from fde_portal.core.addresses import address
from fde_portal.core.prepared import Param, prepared

TABS = (
    ("engagement", _("Overview")),
    ("engagement_updates", _("Updates")),
    ("engagement_milestones", _("Milestones")),
    ("engagement_gates", _("Gates")),
    ("engagement_deliverables", _("Deliverables")),
    ("engagement_risks", _("Risks")),
    ("engagement_adoption", _("Adoption")),
    ("engagement_outcomes", _("Outcomes")),
    ("engagement_value", _("Value")),
    ("engagement_people", _("People")),
    ("engagement_log", _("Log")),
    ("engagement_sharing", _("Sharing")),
    ("engagement_timeline", _("Timeline")),
    ("engagement_review", pgettext_lazy("of a manager", "Review")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


class EngagementView(PortalView):
    """A page of one engagement, which is found through the viewer's scope. Invisible is 404."""

    permission = Permission.VIEW_RECORDS
    write_permission = Permission.WRITE_RECORDS
    tab: ClassVar[str] = "engagement"
    along: ClassVar[dict[str, Expression | F]] = ENTERED  # columns of other tables that a page reads with the engagement

    @cached_property
    def engagement(self) -> Engagement:
        user = self.request.user
        found = _found(page=type(self), scope=scope_of(user), viewer=user, slug=self.kwargs["slug"])
        if not found:
            raise Http404
        return found[0]

    @cached_property
    def sponsor(self) -> Stakeholder | None:
        return sponsor_of(self.engagement)

    @cached_property
    def today(self) -> date:
        """The engagement's local day."""
        return timezone.localdate(timezone=self.engagement.zone)

    def show(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render a template that extends engagements/engagement/page.html."""
        return render(self.request, template, self.page_context() | context, status=status)

    def page_context(self) -> dict[str, Any]:
        return {
            "engagement": self.engagement,
            "tabs": tabs_of(self.engagement, self.tab),
            "phase_steps": phase_steps(self.engagement),
            "sponsor": self.sponsor,
            "has_weeks": not self.engagement.is_archived and self.engagement.started_on <= self.today,
        }


@prepared
def _found(*, page: type[EngagementView], scope: Scope, viewer: Param, slug: Param) -> QuerySet[Engagement]:
    """The engagement of an address, if its viewer may see it, with what `page` reads along."""
    rows = Engagement.objects.within(scope, viewer).filter(slug=slug)
    return rows.select_related("customer", "lead").annotate(**page.along)


def tabs_of(engagement: Engagement, current: str) -> list[Tab]:
    return [Tab(label, address(name, engagement.slug), name == current) for name, label in TABS]


def path_back(name: str, *parts: Any, **values: Any) -> str:
    """An address that takes an act back by doing it again with the `values` from before (see `given`)."""
    return f"{reverse(name, args=parts)}?{urlencode(values)}"


def given(request: HttpRequest) -> QueryDict:
    """What a form sent; or, on the way back from an act, what its address says."""
    return request.GET or request.POST
