"""What leaves as a file stands in the trail: who took which, and when."""

from __future__ import annotations

from django.db.models import Model

from fde_portal.accounts import audit
from fde_portal.accounts.models import OrganizationSettings, User


def note_list(file: str, *, by: User) -> None:
    """Note that a list across customers was taken as `file`."""
    audit.record("export_list", OrganizationSettings.current(), by=by, file=file)


def note_figures(file: str, *, of: Model, by: User) -> None:
    """Note that figures of one record were taken as `file`."""
    audit.record("export_figures", of, by=by, file=file)
