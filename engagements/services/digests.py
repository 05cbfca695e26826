"""The mail of a Monday: once per person and local week, late rather than never, and not when there is nothing to say."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation

from engagements.models import Digest, NoticeKind
from engagements.selectors.digest import Contents, contents_for, due_now
from engagements.selectors.notices.mutes import Mutable
from engagements.selectors.weekly_update import Week
from engagements.services.notices import is_added, mail_headers
from fde_portal.accounts.mails import send_text
from fde_portal.accounts.models import User

logger = logging.getLogger(__name__)


def send_digests(*, now: datetime) -> int:
    """Decide every week that is due; returns how many mails were written here. One that cannot be written keeps no other back."""
    return sum(_sent(person, week, now) for person, week in due_now(now))


def _sent(person: User, week: Week, now: datetime) -> bool:
    try:
        return send_digest(person, week, now=now)
    except Exception:  # whatever it was: the week stays undecided, and the next sweep tries it again
        logger.exception("Writing the mail of week %s for person %s failed", week, person.pk)
        return False


def send_digest(person: User, week: Week, *, now: datetime) -> bool:
    """Decide one week of one person, and write the mail in the same transaction; False when none was written here."""
    contents = None if Mutable(person, NoticeKind.DIGEST).is_muted else written_for(person, now)
    is_sent = contents is not None and contents.says_something
    with transaction.atomic():
        row = Digest(person=person, iso_year=week.year, iso_week=week.number, decided_at=now, is_sent=is_sent)
        if not is_added(row):  # another worker decided it
            return False
        if is_sent:
            write(person, week, contents)
    return is_sent


def written_for(person: User, now: datetime) -> Contents:
    """What the mail says, in the person's language and on their local day."""
    with translation.override(person.language), timezone.override(person.zone):
        return contents_for(person, now.astimezone(person.zone).date())


def write(person: User, week: Week, contents: Contents) -> None:
    mutable = Mutable(person, NoticeKind.DIGEST)
    send_text(
        "digest",
        to=person.email,
        language=person.language,
        headers=mail_headers(name_of(person, week), mutable),
        person=person,
        week=week,
        contents=contents,
        mute_url=mutable.url,
    )


def name_of(person: User, week: Week) -> str:
    """The same for the same mail, whoever writes it again."""
    return f"digest-{person.pk}-{week}"
