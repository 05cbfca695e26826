"""What the customer answered, and what they still owe us."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Ask, Engagement, Response
from engagements.selectors.my_week.work import Need, Work, named, question
from fde_portal.core import formats
from fde_portal.core.addresses import address
from fde_portal.core.prepared import Param


def asks_overdue(work: Work) -> list[Need]:
    """What a customer has not answered although the date is past or today."""
    return [_ask_need(ask, work.today) for ask in work.rows(_asks_due)]


@question
def _asks_due(*, engagements: Param, today: Param) -> QuerySet[Ask]:
    return Ask.objects.open().filter(due_on__lte=today, engagement__in=engagements).select_related("stakeholder")


def _ask_need(ask: Ask, today: date) -> Need:
    days = (today - ask.due_on).days
    person = ask.stakeholder.name if ask.stakeholder else ask.engagement.customer.name
    waiting = ngettext(
        "Waiting for %(person)s, %(days)s day over the date.", "Waiting for %(person)s, %(days)s days over the date.", days
    ) % {"person": person, "days": days}
    return Need(
        band="watch",
        title=named(ask.engagement, ask.text),
        detail=waiting if days else _("Waiting for %(person)s, due today.") % {"person": person},
        due=formats.day(ask.due_on),
        action=_("Follow up"),
        url=ask.get_absolute_url(),
        due_on=ask.due_on,
    )


def answers_given(work: Work) -> list[Need]:
    """Answers of customers that nobody of us has read."""
    return [_answer_need(answer) for answer in work.rows(_unread)]


@question
def _unread(*, engagements: Param) -> QuerySet[Response]:
    return Response.objects.counted().filter(engagement__in=engagements, read_at=None)


OWES_US = {Response.Kind.QUESTION, Response.Kind.REJECT, Response.Kind.DECLINE, Response.Kind.DISPUTE, Response.Kind.DISPUTE_VALUE}


def answer_words(kind: str, name: str, item: str) -> str:
    """What a customer did, in a sentence without the text they wrote."""
    return {
        Response.Kind.ACKNOWLEDGE: _("%(person)s has seen “%(item)s”"),
        Response.Kind.ANSWER: _("%(person)s answered “%(item)s”"),
        Response.Kind.ACCEPT: _("%(person)s accepted “%(item)s”"),
        Response.Kind.REJECT: _("%(person)s did not accept “%(item)s”"),
        Response.Kind.SIGN: _("%(person)s signed off “%(item)s”"),
        Response.Kind.DECLINE: _("%(person)s declined to sign off “%(item)s”"),
        Response.Kind.CONFIRM: _("%(person)s confirmed the figure of “%(item)s”"),
        Response.Kind.DISPUTE: _("%(person)s disputes the figure of “%(item)s”"),
        Response.Kind.CONFIRM_VALUE: _("%(person)s confirmed the value of “%(item)s”"),
        Response.Kind.DISPUTE_VALUE: _("%(person)s disputes the value of “%(item)s”"),
        Response.Kind.PULSE: _("%(person)s gave a pulse after “%(item)s”"),
        Response.Kind.QUESTION: _("%(person)s asks you something"),
    }[Response.Kind(kind)] % {"person": name, "item": item}


def _answer_need(answer: Response) -> Need:
    """Questions and what was not accepted cannot wait; the rest can."""
    said = answer_words(answer.kind, answer.signed, answer.item_text)
    owes_us = answer.kind in OWES_US
    given_on = answer.confirmed_at.astimezone(answer.engagement.zone).date()
    return Need(
        band="watch" if owes_us else "",
        title=named(answer.engagement, said),
        detail=answer.text or answer.who_will,
        due=formats.day(given_on),
        action=_("Reply") if owes_us else _("Read"),
        url=reverse("answer_reply", args=[answer.engagement.slug, answer.pk])
        if answer.kind == Response.Kind.QUESTION
        else f"{address('engagement_answers', answer.engagement.slug)}#answer-{answer.pk}",
        due_on=given_on,
    )


def customers_silent(work: Work) -> list[Need]:
    """Customers who neither opened their page nor answered for longer than the organization allows."""
    last = work.today - timedelta(days=work.organization.silence_days)
    silent = [engagement for engagement in work.engagements if engagement.customer_seen_on and engagement.customer_seen_on < last]
    return [_silence_need(engagement, work.today) for engagement in silent]


def _silence_need(engagement: Engagement, today: date) -> Need:
    days = (today - engagement.customer_seen_on).days
    silent = ngettext("silent for %(days)s day", "silent for %(days)s days", days) % {"days": days}
    return Need(
        band="watch",
        title=named(engagement, silent),
        detail=_("Nobody opened the page or answered. Call instead of writing again."),
        due="",
        action=_("See who can open it"),
        url=address("engagement_sharing", engagement.slug),
        due_on=engagement.customer_seen_on + timedelta(days=1),
    )
