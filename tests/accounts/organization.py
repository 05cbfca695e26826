"""What the form of the organization sends."""

from __future__ import annotations

from typing import Any

from fde_portal.accounts.forms.accounts import OrganizationForm
from fde_portal.accounts.models import OrganizationSettings


def typed(**changes: Any) -> dict[str, Any]:
    """Everything as it stands, but for `changes`."""
    form = OrganizationForm(instance=OrganizationSettings.current())
    fields = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in fields.items() if value not in (None, [])} | changes
