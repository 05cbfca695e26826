"""The mailbox of the demo: messages become rows and are read on a page."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from fde_portal.core.models import StoredMail


class MailboxBackend(BaseEmailBackend):
    """Keeps each message as a StoredMail row with its plain text."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [stored(message) for message in email_messages]
        StoredMail.objects.bulk_create(rows)
        return len(rows)


def stored(message: EmailMessage) -> StoredMail:
    return StoredMail(
        sender=message.from_email,
        recipients=", ".join(message.recipients()),
        subject=message.subject,
        body=message.body,
    )
