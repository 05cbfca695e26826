"""Telling people what happened: written once each, with the mail of what cannot wait in the same transaction.

Whether something was told is decided by the unique row, so that a sweep that runs twice, two schedulers, a
killed worker or an emptied broker change nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils import translation

from engagements.models import Notice, NoticeKind, NoticeMute
from engagements.selectors.notices import notices_of, owed_notices
from engagements.selectors.notices.mutes import Mutable
from engagements.selectors.notices.words import reason_of, words_of
from fde_portal.accounts import audit
from fde_portal.accounts.mails import send_text
from fde_portal.accounts.models import User

logger = logging.getLogger(__name__)

KEPT = timedelta(days=180)


def write_owed_notices(*, now: datetime) -> int:
    """Write what is owed; returns how many notices were written here. One that cannot be written keeps no other back."""
    return sum(_written(notice) for notice in owed_notices(now))


def _written(notice: Notice) -> bool:
    try:
        return write_notice(notice)
    except Exception:  # whatever it was: the next sweep tries it again
        logger.exception("Writing notice %s of %s for person %s failed", notice.key, notice.kind, notice.person_id)
        return False


def write_notice(notice: Notice) -> bool:
    """Keep one notice and put its mail into the outbox; False when another worker did."""
    with transaction.atomic():
        if not is_added(notice):
            return False
        if notice.read_at is None:
            User.objects.filter(pk=notice.person_id).update(unread_notices=F("unread_notices") + 1)
            if NoticeKind(notice.kind).cannot_wait:
                send_notice(notice)
    return True


def is_added(row: Model) -> bool:
    """Insert a row that there is once; False when it is there already. Call it inside the transaction of what goes with it."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def send_notice(notice: Notice) -> None:
    """Write the mail of a notice, in its person's language, with both ways to mute what it is about."""
    person = notice.person
    kind, place = Mutable(person, notice.kind), Mutable(person, "", notice.engagement)
    with translation.override(person.language):
        words, reason, label = words_of(notice), reason_of(notice), notice.get_kind_display()
    send_text(
        "notice",
        to=person.email,
        language=person.language,
        headers=mail_headers(f"notice-{notice.pk}", kind),
        person=person,
        notice=notice,
        words=words,
        reason=reason,
        kind=label,
        mute_kind=kind.url,
        mute_engagement=place.url,
    )


def mail_headers(name: str, mutable: Mutable) -> dict[str, str]:
    """Headers of a mail that is written once under `name`, and that mail programs can mute by one click."""
    return {
        "Message-ID": message_id(name),
        "List-Unsubscribe": f"<{mutable.url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def message_id(name: str) -> str:
    """The same for the same mail, whoever writes it again."""
    return f"<{name}@{urlsplit(settings.BASE_URL).hostname}>"


@transaction.atomic
def set_muted(mutable: Mutable, *, muted: bool) -> None:
    """Mute a kind or an engagement for its person, or tell of it again. Twice changes nothing."""
    if muted:
        row = NoticeMute(person=mutable.person, kind=mutable.kind, engagement=mutable.engagement)
        changed = is_added(row)
    else:
        changed = bool(mutable.rows.delete()[0])
    if changed:
        about = {"kind": mutable.kind} if mutable.kind else {"engagement_id": mutable.engagement.pk}
        audit.record("mute" if muted else "unmute", mutable.person, by=mutable.person, **about)


@transaction.atomic
def mark_read(notices: list[int] | None, *, person: User, now: datetime) -> int:
    """Take notices of `person` off the count: those with these ids, or all. Twice changes nothing."""
    rows = Notice.objects.filter(person=person).unread()
    if notices is not None:
        rows = rows.filter(pk__in=notices)
    done = rows.update(read_at=now)
    count_unread(person)
    return done


@transaction.atomic
def mark_unread(*, person: User, read_at: datetime) -> None:
    """Take back what was marked as read at that instant (UTC)."""
    Notice.objects.visible_to(person).filter(read_at=read_at).update(read_at=None)
    count_unread(person)


@transaction.atomic
def forget_notices(*, now: datetime) -> None:
    """Delete what was read long ago, and what nobody read for as long. Nothing is told again: sources look back a few days alone."""
    Notice.objects.filter(read_at__lt=now - KEPT).delete()
    unread = Notice.objects.unread().filter(written_at__lt=now - KEPT)
    people = list(User.objects.filter(pk__in=unread.values("person")))
    unread.delete()
    for person in people:
        count_unread(person)


def count_unread(person: User) -> None:
    """Set the count beside the bell anew."""
    person.unread_notices = notices_of(person).unread().count()
    User.objects.filter(pk=person.pk).update(unread_notices=person.unread_notices)
