"""An engagement whose page shows everything a page can show, and every key by which somebody outside reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from engagements.models import Engagement, MetricSnapshot, Share, ValueAmount, ValueCase, ValueLine
from engagements.models.weekly_update import LineKind
from engagements.public_page.keys import Purpose, derived_key
from engagements.public_page.visit import COOKIE, Visit, remember
from engagements.selectors.weekly_update import Line
from engagements.services.asks import AskDraft
from engagements.services.front_line_pulses import open_front_line_pulse
from engagements.services.shares import create_share
from engagements.services.weekly_updates import WeekDraft, open_draft, publish_weekly_update, save_draft
from fde_portal.accounts.models import User
from tests.engagements.internal_world import DAY, MARK, NOW
from tests.factories.concerns import BlockerFactory
from tests.factories.customers import MembershipFactory, StakeholderFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.people import ContactFactory, InvitationFactory
from tests.permissions.place import IDS, WORDS, routes

BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140.0"}
# Where each of the keys of `readers_of` opens something.
BEGINNINGS = ("s", "s", "calendar", "calendar", "q", "invitations")
ANNEKE = "anneke@harbourline.example"


def shown_engagement() -> Engagement:
    """A published week, milestones, use, value with shared lines, an ask, a blocker with a wording."""
    engagement = EngagementFactory(phase="pilot")
    MilestoneFactory(
        engagement=engagement, title="Go-live", summary="Follows the review", forecast_on=date(2026, 12, 14)
    )
    show_value(engagement)
    weeks = [{"start": f"2026-11-{day:02}", "partial": False, "wau": day, "target": 20} for day in (2, 9)]
    MetricSnapshot.objects.create(
        engagement=engagement,
        day=DAY,
        definition_version=1,
        watermark=1,
        computed_at=NOW,
        values={"wau": 11, "weekly_target": 20, "last_usage_day": "2026-11-19"},
        series={"weeks": weeks},
    )
    BlockerFactory(engagement=engagement, text=f"{MARK}inside", shared_wording="The review has no reviewer yet")
    person = StakeholderFactory(customer=engagement.customer, name="Pieter Bakker")
    update = open_draft(engagement=engagement, year=2026, week=46, by=engagement.lead)
    lines = (Line(LineKind.PROGRESS, "Trained 19 clerks"), Line(LineKind.NEXT, "Agree a date"))
    content = WeekDraft(
        "All shifts are live", {}, lines, (AskDraft("Name a reviewer", person, date(2026, 11, 24), "Else"),)
    )
    save_draft(update=update, content=content, seen=1, by=engagement.lead, today=DAY)
    with time_machine.travel(NOW, tick=False):
        publish_weekly_update(update=update, by=engagement.lead, now=NOW)
    return engagement


def show_value(engagement: Engagement) -> None:
    case = ValueCase.objects.create(engagement=engagement, title="Case", starts_on=date(2026, 6, 1), years=1)
    for kind, amount in (("cost_avoided", 900), ("engineering", 300)):
        line = ValueLine.objects.create(case=case, name=kind, kind=kind, is_shared=True)
        ValueAmount.objects.create(line=line, year=1, amount=amount)


@dataclass
class Readers:
    """Who reads from outside: `keys` by what they are for, and a contact with an account.

    `proven` is a share for one recipient, whose address a browser brings along.
    """

    engagement: Engagement
    keys: dict[str, str]
    proven: Share
    contact: User

    def browser(self) -> Client:
        """Nobody's, but with the proof of an address for the share that asks for one."""
        client = Client(raise_request_exception=False, **BROWSER)
        answer = remember(HttpResponse(), token=self.keys["mail"], share=self.proven, visit=Visit(ANNEKE))
        client.cookies[COOKIE] = answer.cookies[COOKIE].value
        return client

    def contacts_browser(self) -> Client:
        client = self.browser()
        client.force_login(self.contact)
        return client


def readers_of(engagement: Engagement) -> Readers:
    """A link for everybody, one for a recipient who gets mails, the calendar, a question to the front line, an invitation."""
    link, secret = create_share(engagement=engagement, name="Board", by=engagement.lead, language="en")
    proven, _ = create_share(
        engagement=engagement,
        name="Anneke",
        by=engagement.lead,
        language="zh-hans",
        audience="recipient",
        recipient=ANNEKE,
        mails_editions=True,
    )
    _, question = open_front_line_pulse(
        engagement=engagement, question="Does it help?", language="en", by=engagement.lead
    )
    contact = ContactFactory(language="en")
    MembershipFactory(customer=engagement.customer, user=contact)
    invitation = InvitationFactory.build(
        customer_id=engagement.customer_id, role="contact", invited_by=engagement.lead, secret="fdei_real"
    )
    invitation.save()
    keys = {
        "page": secret,
        "mail": derived_key(proven, Purpose.PAGE),
        "calendar": derived_key(link, Purpose.CALENDAR),
        "calendar of one": derived_key(proven, Purpose.CALENDAR),
        "question": question,
        "invitation": "fdei_real",
    }
    return Readers(engagement, keys, proven, contact)


def addresses(engagement: Engagement, token: str, numbers: Sequence[int] = (1, 2, 3)) -> Iterator[tuple[str, str]]:
    """Every address of the portal, filled with what leads to the engagement; `token` wherever a key stands."""
    for name, _, parts in routes(get_resolver()):
        slug = engagement.customer.slug if name.startswith("customer") else engagement.slug
        values = WORDS | {"slug": slug, "week": "2026-W46", "token": token, "secret": token}
        if name.startswith("admin:") or not set(parts) <= {*values, *IDS}:
            continue
        for number in numbers if set(parts) & set(IDS) else [0]:
            yield name, reverse(name, kwargs={part: values.get(part, number) for part in parts})


def addresses_of_readers(readers: Readers) -> Iterator[tuple[str, str]]:
    """Addresses that answer somebody outside: below every key, and those of a contact."""
    asked = [readers.engagement.asks.open().get(text="Name a reviewer").pk]
    for key, begin in zip(readers.keys.values(), BEGINNINGS, strict=True):
        for name, address in addresses(readers.engagement, key, asked):
            if address.startswith(f"/{begin}/{key}/"):
                yield name, address
    for name, address in addresses(readers.engagement, "unknown", asked):
        if name.startswith(("shared_pages", "contact_")):
            yield name, address
