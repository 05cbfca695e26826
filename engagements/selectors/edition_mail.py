"""Which recipients are owed a mail about a new edition, and what became of those that were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from engagements.models.edition_mail import EditionMail
from engagements.models.share import Edition, Share
from fde_portal.core.models import OutgoingMail

MAIL_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class MailState:
    """A mail about an edition. `error` is the mail server's answer when it refused for good, at once or later, else ""."""

    mail: EditionMail
    sent_at: datetime | None
    error: str


def owed_mails(*, now: datetime, undo_window: timedelta) -> Iterator[tuple[Share, Edition]]:
    """Shares whose recipient was not told of the newest edition that can no longer be undone, and that edition.

    Whoever was written to within a week, wants no mail, or has a link that no longer opens is owed nothing;
    neither is anybody an edition from before their link.
    """
    shares = Share.objects.open_at(now).filter(
        audience=Share.Audience.RECIPIENT, mails_editions=True, opted_out_at=None, engagement__archived_at=None,
        engagement__customer__archived_at=None,
    )
    for share in shares.exclude(mails__written_at__gt=now - MAIL_EVERY).select_related("engagement"):
        editions = Edition.objects.standing().filter(engagement=share.engagement_id, published_at__lte=now - undo_window)
        edition = editions.first()
        if edition and edition.published_at > share.created_at and not edition.mails.filter(share=share).exists():
            yield share, edition


def message_id(share_id: int, edition_id: int) -> str:
    """The same for the same mail, whoever writes it again."""
    return f"<edition-{edition_id}-share-{share_id}@{urlsplit(settings.BASE_URL).hostname}>"


def mail_states(mails: Iterable[EditionMail]) -> list[MailState]:
    """What became of each mail, in the given order. One statement."""
    ids = {mail: message_id(mail.share_id, mail.edition_id) for mail in mails}
    rows = OutgoingMail.objects.filter(message_id__in=ids.values()).values_list("message_id", "sent_at", "parked_at", "bounced_at", "error")
    found = {name: (sent_at, error if parked_at or bounced_at else "") for name, sent_at, parked_at, bounced_at, error in rows}
    return [MailState(mail, *found.get(name, (mail.written_at, ""))) for mail, name in ids.items()]
