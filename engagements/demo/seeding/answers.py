"""Has customers answer on their pages, through the services that they use."""

from __future__ import annotations

from datetime import datetime, timedelta

from customers.models import Stakeholder
from engagements.demo.clock import MON, THU, Clock, instant
from engagements.demo.plans import AnswerPlan, EngagementPlan
from engagements.models import Edition, Engagement, FrontLineAnswer, FrontLinePulse, Share
from engagements.public_page.answers import Item, items_on
from engagements.public_page.content import content_from
from engagements.services.responses import Answerer, Said, give_response
from fde_portal.accounts.models import User


def answer(plan: EngagementPlan, edition: Edition, share: Share, *, now: datetime) -> None:
    """Give the answers of a story that had time to be given before `now`."""
    items = items_on(content_from(edition.content), share.sections)
    for row in plan.answers:
        moment = edition.published_at + timedelta(hours=row.hours)
        if moment < now:
            said = Said(row.kind, row.text, row.who_will, score=row.score)
            give_response(edition=edition, item=_item(row, items), said=said, by=_answerer(row, share), now=moment)


def _item(row: AnswerPlan, items: list[Item]) -> Item:
    """The item with the text of the plan; without one the question to the team, which every page has."""
    return next(item for item in items if item.text == row.about) if row.about else items[0]


def _answerer(row: AnswerPlan, share: Share) -> Answerer:
    """A contact who signs in, or a stakeholder who opened the link."""
    person = Stakeholder.objects.get(customer=share.engagement.customer_id, name=row.person)
    contact = User.objects.filter(email=person.email).first()
    return Answerer(row.person, person.email, is_confirmed=row.is_confirmed, person=contact, share=None if contact else share)


# What the shift at Felixstowe tapped, (score, comment); nobody gave a name.
SHIFT = (
    (5, ""), (4, ""), (4, "It reads the night scans now."), (3, ""), (5, ""), (4, ""), (2, "Transit papers still come out wrong."),
    (4, ""), (5, ""), (3, ""), (4, ""), (4, "Faster than typing."),
)  # fmt: skip


def ask_front_line(engagement: Engagement, clock: Clock) -> None:
    """A question on the wall of one desk. Nobody knows a text with this digest, so its code opens nothing."""
    pulse = FrontLinePulse.objects.create(
        engagement=engagement,
        question="Does the copilot make your shift easier?",
        language=engagement.customer.language,
        token_digest="de" * 32,
        created_by=engagement.lead,
    )
    monday, day = clock.date((0, MON)), clock.date((0, THU))
    FrontLinePulse.objects.filter(pk=pulse.pk).update(created_at=instant(monday, 9, engagement.zone))
    FrontLineAnswer.objects.bulk_create(
        FrontLineAnswer(pulse=pulse, score=score, comment=comment, given_on=day) for score, comment in SHIFT
    )
