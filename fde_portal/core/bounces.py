"""Mail that came back after a server had taken it: delivery status notifications (RFC 3464) against the outbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import HeaderParser

from fde_portal.core.models import OutgoingMail
from fde_portal.core.queue import LONGEST_ERROR

REPORT, ORIGINAL = "message/delivery-status", ("message/rfc822", "text/rfc822-headers", "message/global-headers")
FAILED_FOR_GOOD = re.compile(r"5\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that a message did not reach, for good. `answer` is what the server there said."""

    message_id: str
    recipient: str
    answer: str


def bounces_in(notice: Message) -> Iterator[Bounce]:
    """What `notice` reports as failed for good. Nothing when it reports a delay or a success, or is an ordinary mail."""
    message_id = original_id(notice)
    for part in notice.walk() if message_id else ():
        if part.get_content_type() == REPORT and part.is_multipart():
            # The first block is about the message, each further one about a recipient.
            for block in part.get_payload()[1:]:
                yield from failure_in(block, message_id)


def failure_in(block: Message, message_id: str) -> Iterator[Bounce]:
    recipient = typed(block, "Original-Recipient") or typed(block, "Final-Recipient")
    status = words(block, "Status")
    if words(block, "Action").lower() == "failed" and recipient and FAILED_FOR_GOOD.match(status):
        yield Bounce(message_id, recipient, typed(block, "Diagnostic-Code") or status)


def original_id(notice: Message) -> str:
    """The Message-ID of what was sent: a report carries it, or its headers alone. "" for none."""
    for part in notice.walk():
        if part.get_content_type() not in ORIGINAL:
            continue
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) else HeaderParser().parsestr(str(payload))
        if found := words(inner, "Message-ID"):
            return found
    return ""


def typed(block: Message, name: str) -> str:
    """A field such as "rfc822; anneke@example.org", without the type before it."""
    return words(block, name).partition(";")[2].strip().strip("<>")


def words(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def note_bounce(bounce: Bounce, *, now: datetime) -> bool:
    """Mark the mail as come back, as if the server had refused it at once. False when it is unknown or marked already."""
    sent = OutgoingMail.objects.filter(message_id=bounce.message_id, recipient__iexact=bounce.recipient, bounced_at=None)
    return bool(sent.exclude(sent_at=None).update(bounced_at=now, error=bounce.answer[:LONGEST_ERROR]))
