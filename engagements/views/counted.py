"""Archiving and restoring records that figures or health rest on."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from engagements.services.counted import archive_counted, restore_counted
from fde_portal.accounts.pages import RecordArchive, RecordRestore


class CountedArchive(RecordArchive):
    def archive(self, record: Any) -> None:
        archive_counted(record, by=self.request.user, now=timezone.now())


class CountedRestore(RecordRestore):
    def restore(self, record: Any) -> None:
        restore_counted(record, by=self.request.user)
