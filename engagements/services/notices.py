"""Telling people what happened: written once each, with one mail per person and sweep for what cannot wait, in the same transaction.

Whether something was told is decided by the unique row, so that a sweep that runs twice, two schedulers, a
killed worker or an emptied broker change nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Model
from django.utils import translation

from engagements.models import Notice, NoticeKind, NoticeMute
from engagements.selectors.notices import notices_of, owed_notices
from engagements.selectors.notices.mutes import Mutable
from engagements.selectors.notices.words import Words, reason_of, words_of
from fde_portal.accounts import audit
from fde_portal.accounts.mails import send_text
from fde_portal.accounts.models import User
from fde_portal.core.faults import Faults

KEPT = timedelta(days=180)


def write_owed_notices(*, now: datetime) -> int:
    """Write what is owed, with one mail to each person for what cannot wait; returns how many notices were written here.

    What cannot be found or written keeps nothing else back: it is logged, shown to whoever runs the installation, and tried
    again by the next sweep.
    """
    faults = Faults("notices")
    owed: dict[User, list[Notice]] = defaultdict(list)
    for notice in owed_notices(now, faults.note):
        owed[notice.person].append(notice)
    written = sum(_told(person, notices, faults) for person, notices in owed.items())
    faults.keep(now=now)
    return written


def _told(person: User, owed: Sequence[Notice], faults: Faults) -> int:
    try:
        return tell(person, owed, faults)
    except Exception as fault:  # whatever it was: other people are told all the same
        faults.note(f"person {person.pk}", fault)
        return 0


def tell(person: User, owed: Sequence[Notice], faults: Faults) -> int:
    """Keep the notices of one person and put their mail into the outbox, in one transaction.

    One of the mail that cannot be worded is left for the next sweep, and keeps back none of the others.
    Returns how many were written here: of two workers at the same moment each tells what it was first to write.
    """
    worded = [(notice, item) for notice in owed if _is_mailed(notice) and (item := _composed(notice, faults))]
    with transaction.atomic():
        listed = [notice for notice in owed if not _is_mailed(notice) and is_added(notice)]
        mailed = [(notice, item) for notice, item in worded if is_added(notice)]
        if unread := len(mailed) + sum(notice.read_at is None for notice in listed):
            User.objects.filter(pk=person.pk).update(unread_notices=F("unread_notices") + unread)
        if mailed:
            send_notices(person, *map(list, zip(*mailed, strict=True)))
    return len(listed) + len(mailed)


def _is_mailed(notice: Notice) -> bool:
    """Whether it goes out at once. The rest stands in the list without words: those are found as somebody reads it."""
    return notice.read_at is None and NoticeKind(notice.kind).cannot_wait


@dataclass(frozen=True, slots=True)
class Item:
    """A notice as a mail tells it, in its person's language, with both ways to mute what it is about."""

    words: Words
    reason: str
    kind: str
    engagement: str
    mute_kind: str
    mute_engagement: str


def _composed(notice: Notice, faults: Faults) -> Item | None:
    try:
        return item_of(notice)
    except Exception as fault:  # the person's other notices are told
        faults.note(notice.kind, fault)
        return None


def item_of(notice: Notice) -> Item:
    person = notice.person
    with translation.override(person.language):
        return Item(
            words_of(notice),
            reason_of(notice),
            notice.get_kind_display(),
            notice.engagement.name,
            Mutable(person, notice.kind).url,
            Mutable(person, "", notice.engagement).url,
        )


def is_added(row: Model) -> bool:
    """Insert a row that there is once; False when it is there already. Call it inside the transaction of what goes with it."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def send_notices(person: User, notices: Sequence[Notice], items: Sequence[Item]) -> None:
    """Write the one mail of a sweep, in its person's language. One click mutes it where all of it is of one kind."""
    kinds = {notice.kind for notice in notices}
    one_click = Mutable(person, *kinds) if len(kinds) == 1 else None
    send_text(
        "notice",
        to=person.email,
        language=person.language,
        headers=mail_headers(f"notice-{notices[0].pk}", one_click),
        person=person,
        items=items,
        more=len(items) - 1,
    )


def mail_headers(name: str, mutable: Mutable | None) -> dict[str, str]:
    """Headers of a mail that is written once under `name`, and that mail programs can mute by one click where it is about one thing."""
    headers = {"Message-ID": message_id(name)}
    if mutable:
        headers |= {"List-Unsubscribe": f"<{mutable.url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


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
