"""Plain-text mail in the language of whoever receives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


class MailRefused(Exception):
    """The mail server did not take the message. Whatever it was about stays written."""


def send_text(
    template: str, *, to: str, language: str, headers: Mapping[str, str] | None = None, **context: Any
) -> None:
    """Send `emails/<template>.txt`, whose first line is the subject, to one address.

    `headers` may name a Message-ID of the caller's own, which keeps a second run from sending again.
    With the backend of the settings, the outbox, it writes a row in the caller's transaction: the mail goes out with what it is
    about, or not at all, and no server is waited for. Raises MailRefused where a backend speaks to a server itself.
    """
    with translation.override(language):
        text = render_to_string(f"emails/{template}.txt", context | {"base_url": settings.BASE_URL}).strip()
    subject, __, body = text.partition("\n")
    try:
        EmailMultiAlternatives(subject.strip(), body.strip() + "\n", None, [to], headers=dict(headers or {})).send()
    except OSError as fault:  # smtplib's errors are OSErrors too
        raise MailRefused from fault
