"""Writes the notices of the demo's last week, as the worker would have; those older than a day are read."""

from __future__ import annotations

from datetime import datetime, timedelta

from engagements.models import Notice
from engagements.services.notices import mark_read, write_owed_notices
from fde_portal.accounts.models import User

READ_AFTER = timedelta(days=1)


def create_notices(staff: dict[str, User], *, now: datetime) -> None:
    write_owed_notices(now=now)
    for person in staff.values():
        older = Notice.objects.filter(person=person, happened_at__lt=now - READ_AFTER)
        mark_read(list(older.values_list("pk", flat=True)), person=person, now=now)
