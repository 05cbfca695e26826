"""Writes the reminders of last Thursday into the demo's mailbox, as the worker would have sent them."""

from __future__ import annotations

from engagements.demo.clock import THU, Clock, instant
from engagements.models import Engagement
from engagements.selectors.reminder import REMINDS_FROM, Left
from engagements.services.notices import message_id
from engagements.services.reminders import name_of, remind
from fde_portal.accounts.models import User
from fde_portal.core.models import OutgoingMail


def create_reminders(staff: dict[str, User], clock: Clock) -> None:
    """Updates are published on Fridays, so that on Thursday everybody's were left."""
    thursday = clock.date((0, THU))
    for person in staff.values():
        led = Engagement.objects.live().filter(lead=person, started_on__lte=thursday).select_related("customer")
        left = [Left(row.customer.name, row.name, is_begun=False) for row in led.order_by("customer__name", "name")]
        if left:
            remind(person, left, thursday)
            sent_at = instant(thursday, REMINDS_FROM[thursday.isoweekday()].hour, person.zone)
            OutgoingMail.objects.filter(message_id=message_id(name_of(person, thursday))).update(wanted_at=sent_at, sent_at=sent_at)
