"""The People tab of an engagement: who counts, who is missing, what we noted about them."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from customers.models import Stakeholder
from customers.selectors import coverage_gaps, stakeholder_rows
from engagements.selectors.note import notes_of_engagement
from engagements.views.notes import notes_context
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest


class EngagementPeople(EngagementView):
    tab = "engagement_people"

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        stakeholders = Stakeholder.objects.visible_to(request.user).filter(customer=self.engagement.customer)
        people = stakeholder_rows(stakeholders.current())
        context = {
            "people": people,
            "gaps": coverage_gaps(row.person for row in people),
            "today": timezone.localdate(timezone=request.user.zone),
        }
        return self.show(
            "engagements/engagement/people.html",
            context | notes_context(notes_of_engagement(self.engagement, request.user), request),
        )
