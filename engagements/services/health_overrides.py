"""A manager judges an engagement's health beside the computed band, and that judgement ends."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from engagements.models import Band, Engagement, HealthOverride
from engagements.selectors.health import latest_health
from engagements.services.override_ends import end_standing
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import Conflict

End = HealthOverride.End


def set_override(engagement: Engagement, *, band: str, reason: str, until: date, today: date, by: User) -> HealthOverride:
    """Judge the health until a day; an earlier judgement is replaced. `today` is the engagement's local day.

    Raises Conflict when somebody else did at the same moment.
    """
    health = latest_health(engagement)
    override = HealthOverride(
        engagement=engagement, band=band, reason=reason, set_on=today, until=until, author=by,
        computed_band=health.band if health else Band.UNKNOWN,
    )  # fmt: skip
    try:
        with transaction.atomic():
            end_standing(engagement, on=today, because=End.REPLACED)
            override.save()
            audit.record("override_health", override, by=by, band=band)
            request_recompute(engagement.pk)
    except IntegrityError as fault:
        raise Conflict from fault
    return override


@transaction.atomic
def withdraw_override(override: HealthOverride, *, today: date, by: User) -> None:
    """Take a judgement back. Twice changes nothing."""
    if HealthOverride.objects.filter(pk=override.pk, ended_on=None).update(ended_on=today, ended_because=End.WITHDRAWN):
        audit.record("end_override", override, by=by)
        request_recompute(override.engagement_id)


@transaction.atomic
def resume_override(override: HealthOverride, *, today: date, by: User) -> bool:
    """Let a judgement that was taken back stand again, if its days are not over and none stands instead."""
    standing = HealthOverride.objects.filter(engagement=override.engagement_id, ended_on=None)
    rows = HealthOverride.objects.filter(pk=override.pk, ended_because=End.WITHDRAWN, until__gte=today)
    if standing.exists() or not rows.update(ended_on=None, ended_because=""):
        return False
    audit.record("override_health", override, by=by, band=override.band)
    request_recompute(override.engagement_id)
    return True
