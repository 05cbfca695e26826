"""Reminders of weekly updates: on Thursday and Friday of the person's own week, once each, until it is done.

Each has a Message-ID made of person, week and day. The outbox takes it once, so that a sweep which runs
twice, or two schedulers, change nothing; a sweep that comes too late sends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from engagements.models import NoticeKind
from engagements.selectors.notices.mutes import Mutable
from engagements.selectors.reminder import Left, reminded_now, updates_left
from engagements.selectors.weekly_update import Week
from engagements.services.notices import mail_headers, message_id
from fde_portal.accounts.mails import send_text
from fde_portal.accounts.models import User
from fde_portal.core.models import OutgoingMail


def send_reminders(*, now: datetime) -> int:
    """Remind everybody for whom it is time and whose updates are left; return how many were reminded now."""
    by_day: dict[date, list[User]] = defaultdict(list)
    for person, today in reminded_now(now):
        by_day[today].append(person)
    return sum(remind_all(people, today) for today, people in by_day.items())


def remind_all(people: Sequence[User], today: date) -> int:
    """Remind those of `people` whose updates of the week of `today` are left, and who have not been today."""
    ids = {person.pk: message_id(name_of(person, today)) for person in people}
    done = set(OutgoingMail.objects.filter(message_id__in=ids.values()).values_list("message_id", flat=True))
    waiting = [person for person in people if ids[person.pk] not in done]
    left = updates_left(waiting, Week.of(today))
    reminded = [person for person in waiting if person.pk in left]
    for person in reminded:
        remind(person, left[person.pk], today)
    return len(reminded)


def remind(person: User, left: Sequence[Left], today: date) -> None:
    """Write one reminder into the outbox, in the person's language."""
    mutable = Mutable(person, NoticeKind.REMINDER)
    send_text(
        "reminder",
        to=person.email,
        language=person.language,
        headers=mail_headers(name_of(person, today), mutable),
        person=person,
        left=left,
        week=Week.of(today),
        mute_url=mutable.url,
    )


def name_of(person: User, today: date) -> str:
    """The same for the same reminder, whoever writes it again."""
    return f"reminder-{person.pk}-{today.isoformat()}"
