"""The People tab of an engagement: who counts, who is missing, what we noted about them."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date

from customers.models import Stakeholder
from customers.selectors import coverage_gaps, needs_care, stakeholder_rows
from engagements.selectors.note import notes_of_engagement
from engagements.views.notes import notes_context
from engagements.views.pages import EngagementView
from engagements.views.people_map import USUAL_SPAN, people_map
from fde_portal.accounts.access import PortalRequest


class EngagementPeople(EngagementView):
    tab = "engagement_people"

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        stakeholders = Stakeholder.objects.visible_to(request.user).filter(customer=self.engagement.customer)
        people = stakeholder_rows(stakeholders.current().select_related("backup_person"))
        today = timezone.localdate(timezone=request.user.zone)
        since = asked_day(request) or today - USUAL_SPAN
        context = {
            "people": people,
            "map": people_map(people, id="people-map", since=since),
            "since": since,
            "gaps": coverage_gaps(row.person for row in people),
            "care": needs_care(people, today),
            "today": today,
        }
        return self.show(
            "engagements/engagement/people.html",
            context | notes_context(notes_of_engagement(self.engagement, request.user), request),
        )


def asked_day(request: PortalRequest) -> date | None:
    """The day in `?since=`, if there is one and it is a day."""
    try:
        return parse_date(request.GET.get("since", ""))
    except ValueError:
        return None
