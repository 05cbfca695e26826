"""Acts on check-ins. They leave no audit event: the trail is read by more people than the week's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import models, transaction
from django.forms import ModelForm

from engagements.models import CheckIn, CheckInHours, Engagement
from fde_portal.accounts.records import claim_version


@transaction.atomic
def save_check_in(form: ModelForm, hours: Mapping[Engagement, Decimal | None]) -> CheckIn:
    """Save a person's week from a valid form, with their hours by engagement; saving takes an archived one up again.

    Raises Conflict (accounts.records) when it was saved elsewhere in between.
    """
    if form.instance.pk:
        claim_version(form.instance, form.cleaned_data.get("version"))
    form.instance.archived_at = None
    check_in = form.save()
    check_in.hours.filter(engagement__in=hours).delete()
    CheckInHours.objects.bulk_create(
        CheckInHours(check_in=check_in, engagement=engagement, hours=spent) for engagement, spent in hours.items() if spent
    )
    return check_in


@transaction.atomic
def set_check_in_archived(check_in: CheckIn, at: datetime | None) -> None:
    """Take a week out of the trends, or with None put it back. Twice changes nothing."""
    rows = CheckIn.objects.filter(pk=check_in.pk, archived_at__isnull=at is not None)
    rows.update(archived_at=at, version=models.F("version") + 1)
