"""Telling recipients of a new edition by mail: once each, at most one a week, and not after they opted out."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from engagements.models.edition_mail import EditionMail
from engagements.models.share import Edition, Share
from engagements.public_page.keys import Purpose, derived_key
from engagements.selectors.edition_mail import message_id, owed_mails
from engagements.selectors.withdrawal import standing_content
from engagements.services.publications import UNDO_WINDOW
from fde_portal.accounts.mails import send_text


def write_owed_mails(*, now: datetime) -> int:
    """Write the mails that are owed; returns how many. Twice at once writes each only once."""
    return sum(write_mail(share, edition, now=now) for share, edition in owed_mails(now=now, undo_window=UNDO_WINDOW))


def write_mail(share: Share, edition: Edition, *, now: datetime) -> bool:
    """Put one mail into the outbox; False when another worker did. The row and the mail are one transaction."""
    try:
        with transaction.atomic():
            EditionMail.objects.create(share=share, edition=edition, written_at=now)
            _send(share, edition)
    except IntegrityError:  # one mail per share and edition
        return False
    return True


def _send(share: Share, edition: Edition) -> None:
    content = standing_content(edition)
    page = settings.BASE_URL + reverse("shared_page", args=[derived_key(share, Purpose.PAGE)])
    send_text(
        "new_edition",
        to=share.recipient,
        language=share.language,
        headers={
            "Message-ID": message_id(share.pk, edition.pk),
            "List-Unsubscribe": f"<{page}mails/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        vendor=content.vendor,
        engagement=content.engagement,
        headline=content.week.headline if "lines" in share.sections else "",
        page=page,
    )
