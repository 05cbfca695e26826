"""Writing back to a customer who answered or asked something."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from engagements.models.response import Response
from engagements.public_page.keys import Purpose, derived_key
from engagements.services.responses import mark_read
from fde_portal.accounts import audit
from fde_portal.accounts.mails import send_text
from fde_portal.accounts.models import OrganizationSettings, User
from fde_portal.accounts.records import Conflict


@transaction.atomic
def reply_to(response: Response, *, text: str, by: User, now: datetime) -> None:
    """Mail `text` to whoever gave the answer, in the language of their page, and keep it with the answer, which is read then.

    Raises Conflict when somebody replied before; nothing is mailed then.
    """
    unanswered = Response.objects.counted().filter(pk=response.pk, replied_at=None)
    if not unanswered.update(reply=text, replied_at=now, replied_by=by):
        raise Conflict
    mark_read(response, by=by, now=now)
    audit.record("reply_to_response", response, by=by)
    send_text(
        "reply",
        to=response.email,
        language=response.share.language if response.share else response.engagement.customer.language,
        vendor=OrganizationSettings.current().vendor_name,
        engagement=response.engagement.name,
        about=response.text or response.item_text,
        reply=text,
        author=by.name,
        page=settings.BASE_URL + page_of(response),
    )


def page_of(response: Response) -> str:
    """The page of theirs that the answer was given on."""
    if response.share:
        return reverse("shared_page", args=[derived_key(response.share, Purpose.PAGE)])
    return reverse("contact_edition", args=[response.engagement.slug])
