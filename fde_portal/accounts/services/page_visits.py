"""Remembering when somebody last looked at a page, so that it can say what is new to them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from fde_portal.accounts.models import PageVisit, User

# Reloads, filters and a coffee belong to one sitting: only after this long without a look begins the next.
SITTING_ENDS_AFTER = timedelta(hours=1)
# So that most requests write nothing.
NOTED_EVERY = timedelta(minutes=5)


def sit_down(person: User, page: str, *, now: datetime) -> datetime | None:
    """Note that `person` looks at `page`, and return when their previous sitting ended; None before the second one.

    Of two requests at once one moves the sitting on: the filter on what was read lets the other do nothing.
    """
    visit = PageVisit.objects.filter(person=person, page=page).first()
    if visit is None:
        PageVisit.objects.bulk_create([PageVisit(person=person, page=page, seen_at=now)], ignore_conflicts=True)
        return None
    gone_for = now - visit.seen_at
    if gone_for < NOTED_EVERY:
        return visit.before_at
    before = F("seen_at") if gone_for >= SITTING_ENDS_AFTER else F("before_at")
    PageVisit.objects.filter(pk=visit.pk, seen_at=visit.seen_at).update(seen_at=now, before_at=before)
    return visit.seen_at if gone_for >= SITTING_ENDS_AFTER else visit.before_at
