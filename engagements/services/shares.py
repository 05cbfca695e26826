"""Acts on share links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from engagements.models.engagement import Engagement
from engagements.models.share import Edition, Share, ShareView, all_sections
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.tokens import digest_of, new_secret

# The secret in a link begins with it, so that a scanner can recognise a leaked one.
PREFIX = "fdes"


@transaction.atomic
def create_share(
    *,
    engagement: Engagement,
    name: str,
    by: User,
    language: str,
    sections: Sequence[str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[Share, str]:
    """Make a link to the shared page. The secret (256 random bits) can be read only here; its digest is stored."""
    secret = new_secret(PREFIX)
    share = Share.objects.create(
        engagement=engagement,
        name=name,
        token_digest=digest_of(secret),
        sections=all_sections() if sections is None else list(sections),
        language=language,
        expires_at=expires_at,
        created_by=by,
    )
    audit.record("share", share, by=by, customer_id=engagement.customer_id, sections=share.sections)
    return share, secret


@transaction.atomic
def revoke_share(share: Share, *, by: User, now: datetime) -> bool:
    """End a link with the next request. Twice changes nothing."""
    if not Share.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=now, revoked_by=by):
        return False
    audit.record("revoke", share, by=by)
    return True


def log_view(*, share: Share, edition: Edition, now: datetime) -> None:
    """Remember that somebody opened the page. Nothing else is kept: no address, no browser."""
    ShareView.objects.create(share=share, edition=edition, seen_at=now)
