"""Saving, archiving and restoring plain records: one transaction, one audit event, no lost update."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.forms import ModelForm

from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.core.models import Record, Versioned


class Conflict(Exception):
    """Somebody else saved the record after the form was opened. Nothing was written."""


@transaction.atomic
def save_record(form: ModelForm, *, by: User, **details: Any) -> Any:
    """Save a valid form's record and write what changed (field names, and `details`) to the audit trail.

    Raises Conflict when the record's version is no longer the one the form was opened with.
    """
    is_new = form.instance.pk is None
    if not is_new:
        claim_version(form.instance, form.cleaned_data.get("version"))
    record = form.save()
    audit.record("create" if is_new else "edit", record, by=by, fields=sorted(form.changed_data), **details)
    return record


def claim_version(record: Versioned, seen: int | None) -> None:
    """Count the version up if it is still `seen`. Raises Conflict otherwise."""
    if seen is None:
        seen = record.version
    rows = type(record)._default_manager.filter(pk=record.pk, version=seen)
    if not rows.update(version=models.F("version") + 1):
        raise Conflict
    record.version = seen + 1


@transaction.atomic
def archive_record(record: Record, *, by: User, now: datetime) -> bool:
    """Take a record out of all lists; whether it was in them. Archiving twice changes nothing."""
    return _set_archived(record, now, verb="archive", by=by)


@transaction.atomic
def restore_record(record: Record, *, by: User) -> bool:
    """Bring an archived record back; whether it was away. Restoring twice changes nothing."""
    return _set_archived(record, None, verb="restore", by=by)


def _set_archived(record: Record, at: datetime | None, *, verb: str, by: User) -> bool:
    rows = type(record)._default_manager.filter(pk=record.pk, archived_at__isnull=at is not None)
    if not rows.update(archived_at=at, version=models.F("version") + 1):
        return False
    record.archived_at = at
    audit.record(verb, record, by=by)
    return True
