"""Mail: written as rows in the caller's transaction, sent by the worker, each address for itself.

Delivery is at least once: a worker killed between the server's yes and its own note sends again, with the
same Message-ID. A caller that may run twice gives its message a Message-ID of its own; the second is dropped.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import MIMEMixin
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.encoding import force_str

from fde_portal.core import tasks
from fde_portal.core.models import OutgoingMail
from fde_portal.core.queue import LONGEST_ERROR, Claim, Queue, error_text

# Tries spread over twelve hours: grey-listing takes minutes, a full mailbox takes longer.
MAILS = Queue(
    name="mail",
    model=OutgoingMail,
    waiting=Q(sent_at=None, parked_at=None),
    # Longer than all the answers of one delivery, each of which may take EMAIL_TIMEOUT.
    lease=timedelta(minutes=3),
    most_tries=12,
    first_pause=timedelta(seconds=30),
    # A mail server that is away is no reason to take the portal away too.
    holds_readiness=False,
)
AT_ONCE = 50
SERVER_PAUSE = timedelta(minutes=1)
KEPT = timedelta(days=30)

Clock = Callable[[], datetime]


class OutboxBackend(BaseEmailBackend):
    """Django's way to send mail, named in EMAIL_BACKEND: keeps each message as one row per address."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        now = timezone.now()
        rows = [row for message in email_messages for row in rows_of(message, now)]
        OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True)
        nudge()
        return len(email_messages)


def rows_of(message: EmailMessage, now: datetime) -> Iterator[OutgoingMail]:
    """One row for each address, also the hidden ones; all carry the same text and Message-ID."""
    # Not the name of this machine, which is nobody's business.
    message.extra_headers.setdefault("Message-ID", make_msgid(domain=urlsplit(settings.BASE_URL).hostname))
    source = message.message().as_bytes()
    for recipient in dict.fromkeys(message.recipients()):
        yield OutgoingMail(
            message_id=message.extra_headers["Message-ID"],
            sender=message.from_email,
            recipient=recipient,
            subject=message.subject,
            source=source,
            wanted_at=now,
        )


def nudge() -> None:
    """Wake the worker once the current transaction is through."""

    def send() -> None:  # no partial: Django logs a failure by the function's name
        tasks.deliver_mail.delay()

    # Robust: when the broker is away the change still succeeds, and the schedule finds the mail.
    transaction.on_commit(send, robust=True)


class StoredMessage(EmailMessage):
    """A row of the outbox in the shape that Django's delivering backends take."""

    def __init__(self, mail: OutgoingMail) -> None:
        super().__init__(mail.subject, from_email=mail.sender, to=[mail.recipient])
        self.source = bytes(mail.source)

    def message(self) -> Message:
        return message_from_bytes(self.source, _class=WireMessage)


class WireMessage(MIMEMixin, Message):
    """Parsed mail that writes itself out the way those backends ask for."""


def deliver_waiting(*, clock: Clock) -> int:
    """Send what waits through one connection, those never tried first; return how many mails left.

    A mail that is refused is tried later or, if the refusal is for good, parked. When the server is away,
    or falls silent, everything that waits pauses for a minute, so that no worker hangs on it mail by mail.
    """
    MAILS.sweep(now=clock())
    waiting = MAILS.claimable(clock()).order_by("attempts", "wanted_at").values_list("pk", flat=True)
    ids, sent = list(waiting[:AT_ONCE]), 0
    if not ids:
        return 0
    try:
        with get_connection(settings.MAIL_DELIVERY_BACKEND) as connection:
            for pk in ids:
                sent += deliver(pk, connection, clock=clock)
    except OSError as fault:  # smtplib's exceptions are OSErrors too
        now = clock()
        MAILS.claimable(now).update(next_try_at=now + SERVER_PAUSE, error=answer_in(fault)[:LONGEST_ERROR])
    return sent


def deliver(pk: int, connection: BaseEmailBackend, *, clock: Clock) -> bool:
    """Send one mail, if it still waits. Raises OSError when the connection broke on it."""
    claim = MAILS.claim(now=clock(), pk=pk)
    if claim is None:
        return False
    try:
        connection.send_messages([StoredMessage(claim.row.get())])
    except (OSError, ValueError) as fault:  # ValueError: no address at all
        claim.give_back(answer_in(fault), now=clock(), for_good=is_refused_for_good(fault))
        if broke_connection(fault):
            raise
        return False
    return note_sent(claim, now=clock())


def note_sent(claim: Claim, *, now: datetime) -> bool:
    erased = {} if settings.DEMO else {"source": b""}
    return claim.finish(sent_at=now, **erased)


def is_refused_for_good(fault: Exception) -> bool:
    """Whether another try would be answered the same: a reply of 500 and above."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in fault.recipients.values())
    if isinstance(fault, smtplib.SMTPResponseException):
        return fault.smtp_code >= 500
    return isinstance(fault, ValueError | smtplib.SMTPNotSupportedError)


def answer_in(fault: Exception) -> str:
    """The server's own words where it spoke, such as "550 5.1.1 User unknown"."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        replies = list(fault.recipients.values())
    elif isinstance(fault, smtplib.SMTPResponseException):
        replies = [(fault.smtp_code, fault.smtp_error)]
    else:
        return error_text(fault)
    return "; ".join(f"{code} {force_str(text, errors='replace')}" for code, text in replies)


def broke_connection(fault: Exception) -> bool:
    answered = smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException | smtplib.SMTPNotSupportedError
    return isinstance(fault, OSError) and not isinstance(fault, answered)


def forget_sent(*, now: datetime) -> None:
    """Delete what was sent a month ago, and did not come back."""
    OutgoingMail.objects.filter(sent_at__lt=now - KEPT, bounced_at=None).delete()
