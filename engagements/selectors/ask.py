"""Asks as pages show them: who owes an answer, since when, what came back, and what the customer's page says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from engagements.models import Ask, Edition, Engagement, Response, WeeklyUpdate
from engagements.selectors.response import ABOUT_ASKS
from engagements.selectors.share import latest_edition
from engagements.selectors.shareable import shared_ask
from engagements.selectors.weekly_update import Week, days_asked
from engagements.selectors.withdrawal import standing_content
from fde_portal.accounts.acts import details_of, verb_label
from fde_portal.accounts.models import AuditEvent
from fde_portal.core import formats

State = Ask.State
# What the people who wait for the customer still have to look at.
UNSETTLED = (State.OPEN, State.ANSWERED)


@dataclass(frozen=True, slots=True)
class AskLine:
    """An ask in words, as of one local day. `days` is how long ago the customer was asked, `week` in which week."""

    ask: Ask
    band: str
    person: str
    due: str
    is_overdue: bool
    days: int
    week: Week


class AskThen(NamedTuple):
    """The words the customer read, and the ask as it stands today; None where it was put away since."""

    text: str
    ask: Ask | None


class Step(NamedTuple):
    """What became of a record: in words, by whom, when."""

    text: str
    more: str
    by: str
    at: datetime


def asks_of(engagement: Engagement) -> QuerySet[Ask]:
    """The engagement's asks but for those only a draft says, the next due first. The caller found it in their scope."""
    # Read through the engagement, so that each of them knows it without a join.
    return engagement.asks.asked().select_related("stakeholder", "raised_in")


def ask_lines(asks: Iterable[Ask], *, today: date) -> list[AskLine]:
    return [ask_line(ask, today) for ask in asks]


def ask_line(ask: Ask, today: date) -> AskLine:
    days = days_asked(ask, ask.engagement, today)
    is_overdue = bool(ask.state == State.OPEN and ask.due_on and ask.due_on < today)
    return AskLine(
        ask=ask,
        band=band_of(ask, is_overdue),
        person=ask.stakeholder.name if ask.stakeholder else ask.engagement.customer.name,
        due=_("By %(day)s") % {"day": formats.day(ask.due_on)} if ask.due_on else "",
        is_overdue=is_overdue,
        days=days,
        week=week_of(ask),
    )


def band_of(ask: Ask, is_overdue: bool) -> str:
    if ask.state == State.DONE:
        return "good"
    return "watch" if is_overdue or ask.state == State.ANSWERED else "idle"


def week_of(ask: Ask) -> Week:
    """The week in whose update it was raised; else the week in which somebody wrote it down."""
    if ask.raised_in:
        return Week(ask.raised_in.iso_year, ask.raised_in.iso_week)
    return Week.of(ask.created_at.astimezone(ask.engagement.zone).date())


def asks_published_with(update: WeeklyUpdate) -> list[AskThen]:
    """What the customer's page asked for when `update` was published, asks of earlier weeks among them.

    The edition of that moment holds them. A draft, and an update published without an edition, names those raised in it.
    """
    published = Edition.objects.filter(engagement=update.engagement_id, published_at=update.published_at).last()
    if published is None:
        return [AskThen(ask.text, ask) for ask in update.current_asks]
    asked = standing_content(published).asks
    now = update.engagement.asks.current().select_related("raised_in").in_bulk([item.id for item in asked])
    return [AskThen(item.text, now.get(item.id)) for item in asked]


def answers_to(ask: Ask) -> QuerySet[Response]:
    """What the customer answered to it and did not take back, newest first."""
    rows = Response.objects.counted().filter(engagement=ask.engagement_id, kind__in=ABOUT_ASKS, item=ask.pk)
    return rows.select_related("read_by").order_by("-confirmed_at", "-id")


def page_says(ask: Ask) -> str:
    """What the customer's page says of an ask now, in a sentence about what follows from it."""
    edition = latest_edition(ask.engagement_id)
    shown = {item.id: item for item in standing_content(edition).asks}.get(ask.pk) if edition else None
    is_open = ask.state == State.OPEN and not ask.is_archived
    if shown is None:
        return _("Not on their page yet. They read it once the page is published again.") if is_open else ""
    if not is_open:
        return _("Still on their page. It leaves it when the page is published again.")
    if shown != shared_ask(ask):
        return _("Their page still has the earlier words. They read these once it is published again.")
    return _("On their page now, in edition %(number)s.") % {"number": edition.number}


def steps_of(ask: Ask) -> list[Step]:
    """What the trail kept about it, newest first."""
    events = AuditEvent.objects.filter(subject_type=ask._meta.model_name, subject_id=ask.pk)
    return [Step(step_word(event), details_of(event), event.actor_label, event.at) for event in events]


def step_word(event: AuditEvent) -> str:
    """The state it entered, or the act where that changed none."""
    state = event.details.get("state")
    return str(State(state).label) if state in State.values else verb_label(event.verb)
