"""Reminders of weekly updates: on Thursday and Friday of the person's own week, once each, until it is done.

Each has a Message-ID made of person, week and day. The outbox takes it once, so that a sweep which runs
twice, or two schedulers, change nothing; a sweep that comes too late sends nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from engagements.selectors.reminder import Left, reminded_now, updates_left
from engagements.selectors.weekly_update import Week
from fde_portal.accounts import audit
from fde_portal.accounts.mails import send_text
from fde_portal.accounts.models import User
from fde_portal.core.models import OutgoingMail

SIGNER = Signer(salt="reminders")


def send_reminders(*, now: datetime) -> int:
    """Remind everybody for whom it is time and whose updates are left; return how many were reminded now."""
    by_day: dict[date, list[User]] = defaultdict(list)
    for person, today in reminded_now(now):
        by_day[today].append(person)
    return sum(remind_all(people, today) for today, people in by_day.items())


def remind_all(people: Sequence[User], today: date) -> int:
    """Remind those of `people` whose updates of the week of `today` are left, and who have not been today."""
    ids = {person.pk: message_id(person, today) for person in people}
    done = set(OutgoingMail.objects.filter(message_id__in=ids.values()).values_list("message_id", flat=True))
    waiting = [person for person in people if ids[person.pk] not in done]
    left = updates_left(waiting, Week.of(today))
    reminded = [person for person in waiting if person.pk in left]
    for person in reminded:
        remind(person, left[person.pk], today)
    return len(reminded)


def remind(person: User, left: Sequence[Left], today: date) -> None:
    """Write one reminder into the outbox, in the person's language."""
    mute_url = settings.BASE_URL + reverse("reminders", args=[SIGNER.sign(person.pk)])
    send_text(
        "reminder",
        to=person.email,
        language=person.language,
        headers={"Message-ID": message_id(person, today), "List-Unsubscribe": f"<{mute_url}>"},
        person=person,
        left=left,
        week=Week.of(today),
        mute_url=mute_url,
    )


def message_id(person: User, today: date) -> str:
    return f"<reminder-{person.pk}-{today.isoformat()}@{urlsplit(settings.BASE_URL).hostname}>"


def person_of(token: str) -> User | None:
    """Whom a link in a reminder belongs to; None when it was not made here, or they are gone."""
    try:
        return User.objects.filter(pk=SIGNER.unsign(token), is_active=True).first()
    except BadSignature:
        return None


def set_reminders(*, person: User, wanted: bool) -> None:
    """Mute a person's reminders, or send them again. Twice changes nothing."""
    if User.objects.filter(pk=person.pk, wants_reminders=not wanted).update(wants_reminders=wanted):
        person.wants_reminders = wanted
        audit.record("remind" if wanted else "mute", person, by=person)
