"""Acts on usage sources and the tokens with which programs send to them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.forms import ModelForm

from engagements.models import ClosedPeriod, UsageSource, UsageToken
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import archive_record, restore_record, save_record

# How long a token works beside the one that takes its place.
OVERLAP = timedelta(days=7)


@transaction.atomic
def save_source(form: ModelForm, *, by: User) -> UsageSource:
    """Save a source from a valid form. Raises Conflict (accounts.records)."""
    source = save_record(form, by=by)
    request_recompute(source.deliverable.engagement_id)  # its cadence says when the feed has stopped
    return source


@transaction.atomic
def archive_source(source: UsageSource, *, by: User, now: datetime) -> None:
    """Stop a source: its tokens are refused, it is no feed any more. What it delivered still counts."""
    archive_record(source, by=by, now=now)
    request_recompute(source.deliverable.engagement_id)


@transaction.atomic
def restore_source(source: UsageSource, *, by: User) -> None:
    restore_record(source, by=by)
    request_recompute(source.deliverable.engagement_id)


@transaction.atomic
def create_usage_token(*, source: UsageSource, name: str, by: User) -> tuple[UsageToken, str]:
    """Make a token that appends usage to one source. The secret can be read only here."""
    token = UsageToken(source=source, name=name)
    secret = token.set_new_secret()
    token.save()
    _record("create", token, by)
    return token, secret


@transaction.atomic
def rotate_usage_token(token: UsageToken, *, by: User, now: datetime) -> tuple[UsageToken, str]:
    """Make a token in the place of `token`, which works for a week longer at most. The secret can be read only here."""
    fresh, secret = create_usage_token(source=token.source, name=token.name, by=by)
    end = now + OVERLAP
    UsageToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=end), pk=token.pk).update(expires_at=end)
    _record("rotate", token, by)
    return fresh, secret


@transaction.atomic
def revoke_usage_token(token: UsageToken, *, by: User, now: datetime) -> None:
    """End a token. Twice changes nothing."""
    if UsageToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        _record("revoke", token, by)


@transaction.atomic
def close_period(source: UsageSource, *, until: date, by: User, now: datetime) -> None:
    """Refuse what would change days up to `until`, that day included, until somebody opens them again."""
    values = {"until": until, "closed_at": now, "closed_by": by}
    ClosedPeriod.objects.update_or_create(source=source, defaults=values)
    _record("close_period", source, by, until=until.isoformat())


@transaction.atomic
def open_period(source: UsageSource, *, by: User) -> None:
    """Take changes of all days again. Twice changes nothing."""
    if ClosedPeriod.objects.filter(source=source).delete()[0]:
        _record("open_period", source, by)


def _record(verb: str, record: UsageToken | UsageSource, by: User, **details: str) -> None:
    source = record if isinstance(record, UsageSource) else record.source
    engagement = source.deliverable.engagement
    audit.record(verb, record, by=by, **details, customer_id=engagement.customer_id, engagement_id=engagement.pk)
