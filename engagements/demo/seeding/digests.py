"""Writes the mails of this week's Monday into the demo's mailbox, as the worker would have sent them."""

from __future__ import annotations

from datetime import datetime

from engagements.demo.clock import Clock, instant
from engagements.models import Digest
from engagements.selectors.digest import BEGINS
from engagements.selectors.weekly_update import Week
from engagements.services.digests import name_of, write, written_for
from engagements.services.notices import message_id
from fde_portal.accounts.models import User
from fde_portal.core.models import OutgoingMail


def create_digests(staff: dict[str, User], clock: Clock, *, now: datetime) -> None:
    for person in staff.values():
        week = Week.of(clock.today)
        at = min(instant(week.monday, BEGINS.hour, person.zone), now)
        contents = written_for(person, at)
        Digest.objects.create(
            person=person, iso_year=week.year, iso_week=week.number, decided_at=at, is_sent=contents.says_something
        )
        if contents.says_something:
            write(person, week, contents)
            OutgoingMail.objects.filter(message_id=message_id(name_of(person, week))).update(wanted_at=at, sent_at=at)
