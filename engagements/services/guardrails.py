"""Acts on guardrails: what each reads is kept, one reading a day."""

from __future__ import annotations

from django.db import transaction
from django.forms import ModelForm

from engagements.models import Guardrail
from fde_portal.accounts.models import User
from fde_portal.accounts.records import save_record


@transaction.atomic
def save_guardrail(form: ModelForm, *, by: User) -> Guardrail:
    """Save a guardrail from a valid form and keep its reading beside the earlier ones.

    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    guardrail = save_record(form, by=by)
    if {"reading", "read_on", "limit"} & set(form.changed_data):
        keep_reading(guardrail, by=by)
    return guardrail


def keep_reading(guardrail: Guardrail, *, by: User | None) -> None:
    """Make what the guardrail says its newest reading: one of a later day was a mistake, or is being taken back."""
    if guardrail.reading is None:
        if newest := guardrail.readings.first():
            newest.delete()
        return
    guardrail.readings.filter(read_on__gt=guardrail.read_on).delete()
    values = {"value": guardrail.reading, "limit": guardrail.limit, "recorded_by": by}
    guardrail.readings.update_or_create(read_on=guardrail.read_on, defaults=values)
