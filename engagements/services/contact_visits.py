"""Remembering that a contact read their company's pages: a customer who reads is not silent."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from engagements.models.contact_visit import ContactVisit
from engagements.models.share import Edition
from fde_portal.accounts.models import User


def note_visit(editions: QuerySet[Edition], *, by: User, now: datetime) -> None:
    """Keep that `by` reads these editions today, by each engagement's own day. Two statements; twice changes nothing."""
    rows = editions.values_list("pk", "engagement__time_zone")
    visits = [ContactVisit(edition_id=pk, person=by, seen_on=now.astimezone(ZoneInfo(zone)).date()) for pk, zone in rows]
    ContactVisit.objects.bulk_create(visits, ignore_conflicts=True)
