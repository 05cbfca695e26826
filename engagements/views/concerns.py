"""Risks and blockers together: the tab of an engagement, and the list across engagements."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.blockers import BlockerQuickForm
from engagements.forms.risks import ConcernFilter, RiskQuickForm
from engagements.models import Blocker, Risk
from engagements.selectors import blocker as blockers
from engagements.selectors import risk as risks
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.core.templatetags.ui_blocks import Tab

PAGE_SIZE = 50


class ConcernsView(EngagementView):
    """What the tab and its two lines for adding have in common. `fragment` is the panel an act changes."""

    tab = "engagement_risks"
    fragment: ClassVar[str]

    def content(self) -> dict[str, Any]:
        today = self.today
        all_blockers = blockers.blockers_of(self.engagement)
        all_risks = risks.risks_of(self.engagement)
        standing = blockers.blocker_lines(all_blockers.standing(), today=today)
        return {
            "blockers": standing,
            "blockers_finding": blockers.finding(standing) if standing else "",
            "cleared": blockers.blocker_lines(all_blockers.current().filter(state=Blocker.State.CLEARED), today=today),
            "archived_blockers": all_blockers.archived(),
            "blocker_form": BlockerQuickForm(prefix="blocker"),
            "risks": risks.risk_lines(all_risks.open(), today=today),
            "closed": all_risks.current().filter(state=Risk.State.CLOSED),
            "archived_risks": all_risks.archived(),
            "risk_form": RiskQuickForm(prefix="risk"),
            "today": today,
        }

    def refuse(self, **forms: Any) -> HttpResponse:
        """Show what was typed with its errors."""
        template = self.fragment if self.request.htmx else "engagements/risk/list.html"
        return self.show(template, self.content() | forms, status=422)

    def answer(self) -> HttpResponse:
        if self.request.htmx:
            return self.show(self.fragment, self.content() | {"oob": True})
        return HttpResponseRedirect(reverse("engagement_risks", args=[self.engagement.slug]))


class EngagementRisks(ConcernsView):
    """Blockers above risks, each with a line to add one."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.show("engagements/risk/list.html", self.content())


class Concerns(PortalView):
    """What holds up or threatens the live work the viewer sees. `?kind=risks` lists risks."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        today = timezone.localdate()
        chosen = ConcernFilter(request.GET, user=request.user)
        standing = chosen.blockers(blockers.standing_everywhere(request.user), today)
        open_risks = chosen.risks(risks.open_everywhere(request.user))
        shows_risks = request.GET.get("kind") == "risks"
        page = Paginator(open_risks if shows_risks else standing, PAGE_SIZE).get_page(request.GET.get("page"))
        lines = risks.risk_lines(page, today=today) if shows_risks else blockers.blocker_lines(page, today=today)
        context = {
            "filter": chosen,
            "shows_risks": shows_risks,
            "kinds": self.kinds(standing, open_risks, shows_risks),
            "page": page,
            "lines": lines,
            "is_filtered": any(request.GET.get(name) for name in chosen.fields),
        }
        return render(request, "engagements/risk/everywhere.html", context)

    def kinds(self, standing: QuerySet, open_risks: QuerySet, shows_risks: bool) -> list[Tab]:
        """The two lists under the same filters, with their counts."""
        parameters = self.request.GET.copy()
        parameters.pop("page", None)
        parameters.pop("kind", None)
        others = parameters.urlencode()
        return [
            Tab(_("Blockers"), f"?{others}", not shows_risks, standing.count()),
            Tab(_("Risks"), f"?{'&'.join(filter(None, [others, 'kind=risks']))}", shows_risks, open_risks.count()),
        ]
