"""Acts on guardrails: what each reads is kept, one reading a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.forms import ModelForm

from engagements.models import Guardrail
from fde_portal.accounts.models import User
from fde_portal.accounts.records import save_record


@transaction.atomic
def save_guardrail(form: ModelForm, *, replaced: Sequence[date], by: User) -> Guardrail:
    """Save a guardrail from a valid form and keep its reading beside the others. The newest stands on the guardrail.

    The readings of the days `replaced` go.
    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    guardrail = save_record(form, by=by)
    guardrail.readings.filter(read_on__in=replaced).delete()
    _keep(guardrail, by=by)
    newest = guardrail.readings.first()
    guardrail.reading, guardrail.read_on = (newest.value, newest.read_on) if newest else (None, None)
    guardrail.save(update_fields=["reading", "read_on"])
    return guardrail


def _keep(guardrail: Guardrail, *, by: User) -> None:
    """Keep what was read beside the limit of that moment: a limit set later judges no earlier reading."""
    rows = guardrail.readings.filter(read_on=guardrail.read_on)
    if guardrail.reading is not None and not rows.filter(value=guardrail.reading).exists():
        values = {"value": guardrail.reading, "limit": guardrail.limit, "recorded_by": by}
        guardrail.readings.update_or_create(read_on=guardrail.read_on, defaults=values)
