"""The calendar of a share: milestones and asks of the newest edition, for programs that subscribe to it."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from engagements.public_page import wording
from engagements.public_page.content import SharedContent
from engagements.public_page.keys import Purpose
from engagements.public_page.rows import Given, ask_row
from engagements.selectors.given_answers import given_answers
from engagements.selectors.withdrawal import standing_content
from engagements.views.link_view import LinkView

ASK_AGAIN_AFTER = timedelta(hours=6)


class SharedCalendar(LinkView):
    """An iCalendar feed with a key of its own, which opens nothing else and ends with the share.

    Programs cannot type codes: the key is shown only to readers who did. Reading it is not counted as an opening.
    """

    purpose = Purpose.CALENDAR
    has_door = False
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        content = standing_content(self.edition)
        calendar = Calendar()
        calendar.add("prodid", "-//FDE Portal//EN")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", content.engagement)
        calendar.add("refresh-interval", ASK_AGAIN_AFTER, {"value": "DURATION"})
        given = given_answers(self.edition.engagement_id, ZoneInfo(content.time_zone), self.edition.published_at)
        for uid, day, summary, description in entries(content, self.share.sections, given):
            calendar.add_component(self.event(uid, day, summary, description))
        return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")

    def event(self, uid: str, day: date, summary: str, description: str) -> Event:
        """A whole day. The same item keeps its `uid`, so that a moved date moves in the reader's calendar."""
        event = Event()
        event.add("uid", f"{uid}@{urlsplit(settings.BASE_URL).hostname}")
        event.add("dtstamp", self.edition.published_at)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", summary)
        event.add("description", description)
        event.add("transp", "TRANSPARENT")
        return event


def entries(content: SharedContent, sections: list[str], given: Given) -> list[tuple[str, date, str, str]]:
    """Name, day, title and text of each entry, as far as the sections show it; asks only while the page asks them."""
    found = []
    if "milestones" in sections:
        found += [
            (f"milestone-{row.id}", row.expected, row.title, wording.milestone_statement(row, content.published_on))
            for row in content.milestones
        ]
    if "asks" in sections:
        found += [
            (f"ask-{ask.id}", ask.due, _("We need from you: %(ask)s") % {"ask": ask.text}, ask.consequence)
            for ask in content.asks
            if ask.due and not ask_row(ask, content.published_on, given).is_settled
        ]
    return found
