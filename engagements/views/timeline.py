"""The Timeline tab: everything that happened, newest first. For staff only."""

from __future__ import annotations

from django.http import HttpResponse

from engagements.forms.timeline import TimelineFilter
from engagements.selectors.timeline import TimelinePage, people_of, timeline
from engagements.selectors.timeline_words import words_of
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest


class EngagementTimeline(EngagementView):
    tab = "engagement_timeline"

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        filters = TimelineFilter(request.GET, people=people_of(self.engagement))
        page = timeline(self.engagement, **filters.chosen())
        context = {"filters": filters, "days": self.days(page), "earlier": page.earlier, "is_filtered": any(filters.chosen().values())}
        return self.show("engagements/timeline/page.html", context)

    def days(self, page: TimelinePage) -> list[tuple]:
        return [(day, [(event, words_of(event, self.engagement)) for event in events]) for day, events in page.days]
