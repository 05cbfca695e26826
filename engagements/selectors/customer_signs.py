"""When the customer last gave a sign: opened the page, or answered on it. Silence is counted from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate

from customers.models import CustomerMembership
from engagements.metrics.periods import local_day
from engagements.models import ContactVisit, Edition, Engagement, Response, Share, ShareView


@dataclass(frozen=True, slots=True)
class Open:
    """From which local day something could be opened, and the day on whose close it no longer could; None while it can."""

    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class CustomerSigns:
    """Ways to the page, its editions, and the local days of visits and answers of one engagement."""

    ways: Sequence[Open]
    editions: Sequence[Open]
    signs: Sequence[date]

    def last_on(self, day: date) -> date | None:
        """The last visit or answer by the close of `day`; before the first, the day the page could be opened.

        None where nobody could open a page then: then nobody is silent.
        """
        way, edition = _first(self.ways, day), _first(self.editions, day)
        if way is None or edition is None:
            return None
        return max([way, edition, *(sign for sign in self.signs if sign <= day)])


def _first(spans: Iterable[Open], day: date) -> date | None:
    return min((span.since for span in spans if span.on(day)), default=None)


def read_signs(engagement: Engagement) -> CustomerSigns:
    """Everything dated about the customer's signs, in four statements. Whether a contact may sign in is known of today alone."""
    return CustomerSigns(
        ways=[*_links(engagement), *_contacts(engagement)],
        editions=list(_editions(engagement)),
        signs=list(_signs(engagement)),
    )


def _links(engagement: Engagement) -> Iterator[Open]:
    rows = Share.objects.filter(engagement=engagement).values_list("created_at", "revoked_at", "expires_at")
    for created_at, *ends in rows:
        yield _open(engagement, created_at, min(filter(None, ends), default=None))


def _contacts(engagement: Engagement) -> Iterator[Open]:
    rows = CustomerMembership.objects.filter(customer=engagement.customer_id, user__is_active=True)
    for created_at in rows.values_list("created_at", flat=True):
        yield _open(engagement, created_at, None)


def _editions(engagement: Engagement) -> Iterator[Open]:
    rows = Edition.objects.filter(engagement=engagement).values_list("published_at", "retraction__retracted_at")
    for published_at, retracted_at in rows:
        yield _open(engagement, published_at, retracted_at)


def _open(engagement: Engagement, since: datetime, until: datetime | None) -> Open:
    return Open(local_day(since, engagement.zone), until and local_day(until, engagement.zone))


def _signs(engagement: Engagement) -> QuerySet:
    """Each local day once, whoever gave a sign on it."""
    views = _days(ShareView.objects.filter(edition__engagement=engagement), TruncDate("seen_at", tzinfo=engagement.zone))
    answers = _days(Response.objects.counted().filter(engagement=engagement), TruncDate("confirmed_at", tzinfo=engagement.zone))
    visits = _days(ContactVisit.objects.filter(edition__engagement=engagement), F("seen_on"))
    return views.union(answers, visits)


def _days(rows: QuerySet, day: Any) -> QuerySet:
    return rows.order_by().annotate(on=day).values_list("on", flat=True)
