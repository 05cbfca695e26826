"""Acts on usage sources and the tokens with which programs send to them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from engagements.models import UsageSource, UsageToken
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import archive_record, restore_record, save_record


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
def revoke_usage_token(token: UsageToken, *, by: User, now: datetime) -> None:
    """End a token. Twice changes nothing."""
    if UsageToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        _record("revoke", token, by)


def _record(verb: str, token: UsageToken, by: User) -> None:
    engagement = token.source.deliverable.engagement
    audit.record(verb, token, by=by, customer_id=engagement.customer_id, engagement_id=engagement.pk)
