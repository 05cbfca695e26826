"""What the customer answered, and what they still owe us."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Ask
from engagements.selectors.my_week.work import Need, Work, named
from fde_portal.core import formats


def asks_answered(work: Work) -> list[Need]:
    """Asks the customer has answered: somebody must read the answer and close the ask."""
    rows = Ask.objects.filter(engagement__in=work.engagements, state=Ask.State.ANSWERED)
    return [
        Need(
            band="watch",
            title=named(ask.engagement, ask.text),
            detail=_("%(person)s has answered. Close the ask, or ask again.") % {"person": asked_of(ask)},
            due="",
            action=_("Read"),
            url=f"{reverse('weekly_log')}?engagement={ask.engagement.slug}",
            due_on=work.today,
        )
        for ask in rows.select_related("engagement__customer", "stakeholder")
    ]


def asked_of(ask: Ask) -> str:
    return ask.stakeholder.name if ask.stakeholder else ask.engagement.customer.name


def asks_overdue(work: Work) -> list[Need]:
    """What a customer has not answered although the date is past or today."""
    rows = Ask.objects.open().filter(
        Q(due_on__lte=work.today), engagement__in=work.engagements
    ).select_related("engagement__customer", "stakeholder")
    return [_ask_need(ask, work.today) for ask in rows]


def _ask_need(ask: Ask, today: date) -> Need:
    days = (today - ask.due_on).days
    person = asked_of(ask)
    waiting = ngettext(
        "Waiting for %(person)s, %(days)s day over the date.", "Waiting for %(person)s, %(days)s days over the date.", days
    ) % {"person": person, "days": days}
    return Need(
        band="watch",
        title=named(ask.engagement, ask.text),
        detail=waiting if days else _("Waiting for %(person)s, due today.") % {"person": person},
        due=formats.day(ask.due_on),
        action=_("Follow up"),
        url=f"{reverse('weekly_log')}?engagement={ask.engagement.slug}",
        due_on=ask.due_on,
    )
