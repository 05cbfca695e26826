"""When the customer last gave a sign: opened the page, or answered on it. Silence is counted from there."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max, Min

from customers.models import CustomerMembership
from engagements.models import ContactVisit, Edition, Engagement, Response, Share, ShareView


def last_sign_on(engagement: Engagement, now: datetime) -> date | None:
    """The engagement's local day of the last visit or answer; before the first, the day the page could be opened.

    None where nobody can open a page: then nobody is silent.
    """
    opened = _could_open_since(engagement, now)
    if opened is None:
        return None
    seen = ShareView.objects.filter(edition__engagement=engagement).aggregate(at=Max("seen_at"))["at"]
    said = Response.objects.counted().filter(engagement=engagement).aggregate(at=Max("confirmed_at"))["at"]
    last = max(moment for moment in (opened, seen, said) if moment).astimezone(engagement.zone).date()
    read = ContactVisit.objects.filter(edition__engagement=engagement).aggregate(on=Max("seen_on"))["on"]
    return max(last, read or last)


def _could_open_since(engagement: Engagement, now: datetime) -> datetime | None:
    """Since when a page is published and somebody holds a way to it that still works."""
    links = Share.objects.open_at(now).filter(engagement=engagement).aggregate(at=Min("created_at"))["at"]
    contacts = CustomerMembership.objects.filter(customer=engagement.customer_id, user__is_active=True)
    way = min(filter(None, (links, contacts.aggregate(at=Min("created_at"))["at"])), default=None)
    first = Edition.objects.standing().filter(engagement=engagement).aggregate(at=Min("published_at"))["at"]
    return max(way, first) if way and first else None
