"""Remembering when somebody last looked at a page, so that it can say what is new to them; and their views of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, QuerySet

from fde_portal.accounts.models import PageVisit, SavedView, User
from fde_portal.core.json_rows import JsonRows
from fde_portal.core.prepared import Param, prepared

# Reloads, filters and a coffee belong to one sitting: only after this long without a look begins the next.
SITTING_ENDS_AFTER = timedelta(hours=1)
# So that most requests write nothing.
NOTED_EVERY = timedelta(minutes=5)

_VIEW = ("id", "name", "query", "is_default")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person has of a page: their sitting before it, None before the first, and their views of it by name."""

    person: User
    page: str
    visit: PageVisit | None
    views: list[SavedView]


def desk_of(person: User, page: str) -> Desk:
    """One statement, and before the first sitting another for the views."""
    for visit in _visits(person=person, page=page):
        return Desk(person, page, visit, [SavedView(**dict(zip(_VIEW, view, strict=True))) for view in visit.views or ()])
    return Desk(person, page, None, list(_views_of(person, page)))


@prepared
def _visits(*, person: Param, page: Param) -> QuerySet[PageVisit]:
    views = JsonRows(_views_of(OuterRef("person"), OuterRef("page")), *_VIEW)
    return PageVisit.objects.filter(person=person, page=page).annotate(views=views)


def _views_of(person: User | OuterRef, page: str | OuterRef) -> QuerySet[SavedView]:
    return SavedView.objects.current().filter(person=person, page=page)


def sit_down(desk: Desk, *, now: datetime) -> datetime | None:
    """Note that a person looks at a page, and return when their previous sitting ended; None before the second one.

    Of two requests at once one moves the sitting on: the filter on what was read lets the other do nothing.
    """
    visit = desk.visit
    if visit is None:
        PageVisit.objects.bulk_create([PageVisit(person=desk.person, page=desk.page, seen_at=now)], ignore_conflicts=True)
        return None
    gone_for = now - visit.seen_at
    if gone_for < NOTED_EVERY:
        return visit.before_at
    before = F("seen_at") if gone_for >= SITTING_ENDS_AFTER else F("before_at")
    PageVisit.objects.filter(pk=visit.pk, seen_at=visit.seen_at).update(seen_at=now, before_at=before)
    return visit.seen_at if gone_for >= SITTING_ENDS_AFTER else visit.before_at
