"""Putting away, and bringing back, a record that figures or health rest on: they are computed again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from engagements.services.recomputes import request_recompute
from fde_portal.accounts.models import User
from fde_portal.accounts.records import archive_record, restore_record


@transaction.atomic
def archive_counted(record: Any, *, by: User, now: datetime) -> None:
    archive_record(record, by=by, now=now)
    request_recompute(record.engagement_id)


@transaction.atomic
def restore_counted(record: Any, *, by: User) -> None:
    restore_record(record, by=by)
    request_recompute(record.engagement_id)
