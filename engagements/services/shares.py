"""Acts on share links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from engagements.models.engagement import Engagement
from engagements.models.share import Edition, Share, ShareView, all_sections
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.tokens import digest_of, new_secret
from fde_portal.core.tries import Limit

# The secret in a link begins with it, so that a scanner can recognise a leaked one.
PREFIX = "fdes"
# For all readers of a link together: where somebody asks from can be forged.
PASSCODES = Limit(name="passcodes", most=10, window=timedelta(minutes=30))


class TooManyTries(Exception):
    """The passcode was wrong too often; for a while not even the right one opens."""


@transaction.atomic
def create_share(
    *,
    engagement: Engagement,
    name: str,
    by: User,
    language: str,
    sections: Sequence[str] | None = None,
    expires_at: datetime | None = None,
    passcode: str = "",
    **audience: str | bool,
) -> tuple[Share, str]:
    """Make a link to the shared page. The secret (256 random bits) can be read only here; its digest is stored.

    `audience` says for whom: `audience`, `recipient`, `domain`, `mails_editions` of `Share`; left out, it
    opens for whoever has it.
    """
    secret = new_secret(PREFIX)
    share = Share.objects.create(
        engagement=engagement,
        name=name,
        token_digest=digest_of(secret),
        sections=all_sections() if sections is None else list(sections),
        language=language,
        expires_at=expires_at,
        passcode=make_password(passcode) if passcode else "",
        created_by=by,
        **audience,
    )
    audit.record("share", share, by=by, customer_id=engagement.customer_id, sections=share.sections, opens_for=share.audience)
    return share, secret


@transaction.atomic
def revoke_share(share: Share, *, by: User, now: datetime) -> bool:
    """End a link with the next request. Twice changes nothing."""
    if not Share.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=now, revoked_by=by):
        return False
    audit.record("revoke", share, by=by)
    return True


@transaction.atomic
def revoke_all_shares(engagement: Engagement, *, by: User, now: datetime) -> int:
    """End every link of an engagement that still opens; returns how many."""
    working = Share.objects.open_at(now).filter(engagement=engagement)
    return sum(revoke_share(share, by=by, now=now) for share in working)


@transaction.atomic
def opt_out(share: Share, *, now: datetime) -> None:
    """Write to this recipient no more. Twice changes nothing."""
    if Share.objects.filter(pk=share.pk, opted_out_at=None).update(opted_out_at=now):
        audit.record("opt_out", share, by=None, label=share.recipient)


@transaction.atomic
def opt_in(share: Share) -> None:
    """Write again to a recipient who changed their mind."""
    if Share.objects.filter(pk=share.pk).exclude(opted_out_at=None).update(opted_out_at=None):
        audit.record("opt_in", share, by=None, label=share.recipient)


def opens_with(share: Share, passcode: str, *, now: datetime) -> bool:
    """Whether `passcode` is the share's. A right one costs no try. Call outside a transaction. Raises TooManyTries."""
    if not PASSCODES.claim(share.pk, now=now):
        raise TooManyTries
    if not check_password(passcode, share.passcode):
        return False
    PASSCODES.give_back(share.pk)
    return True


def log_view(*, share: Share, edition: Edition, address: str, now: datetime) -> None:
    """Remember that somebody opened the page, and who where they proved it. No network, no browser."""
    ShareView.objects.create(share=share, edition=edition, address=address, seen_at=now)
