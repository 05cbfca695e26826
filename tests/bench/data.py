"""The record that is measured: 100 engagements on one page, one of them with a full history."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.forms import model_to_dict

from customers.models import Stakeholder
from engagements.intake.rows import UsageLine
from engagements.models import (
    Engagement,
    LineKind,
    OutcomeAgreement,
    Phase,
    PortfolioRow,
    SharedLine,
    ValueLine,
    WeeklyUpdate,
)
from engagements.services.editions import publish_edition
from engagements.services.recomputes import request_recompute, run_recompute
from engagements.services.shares import create_share
from engagements.services.usages import receive_usage_batch
from engagements.services.weekly_updates import publish_weekly_update
from fde_portal.accounts.models import User
from tests.factories.concerns import BlockerFactory, ReleaseFactory, RiskFactory
from tests.factories.customers import StakeholderFactory, StanceRecordFactory
from tests.factories.engagements import (
    AskFactory,
    DeliverableFactory,
    EngagementFactory,
    MilestoneFactory,
    WeeklyUpdateFactory,
)
from tests.factories.log import IntegrationFactory
from tests.factories.outcomes import ObservationFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.responses import ResponseFactory
from tests.factories.usage import TargetPopulationFactory, UsageSourceFactory
from tests.factories.value import ValueAmountFactory, ValueCaseFactory

ROWS = 100
OWN = 8
PEOPLE = 100
DAYS = 26 * 7


@dataclass(frozen=True)
class Bench:
    """What the pages are asked with: sessions, one engagement, one shared page."""

    manager_session: str
    fde_session: str
    slug: str
    secret: str


def fill(now: datetime) -> Bench:
    """Fill an empty database. The rows of the list are copies of one that was really computed."""
    manager, fde = ManagerFactory(name="Ruth Adeyemi"), UserFactory(name="Maya Okafor")
    full = _full_engagement(fde, now)
    leads = [fde, *UserFactory.create_batch(4)]
    _copies(full, leads)
    __, secret = create_share(engagement=full, name="Board", by=fde, language="en")
    return Bench(session_of(manager), session_of(fde), full.slug, secret)


def _full_engagement(lead: User, now: datetime) -> Engagement:
    today = now.date()
    engagement = EngagementFactory(
        name="Customs declaration copilot", lead=lead, phase=Phase.PILOT, started_on=today - timedelta(days=DAYS)
    )
    for step in range(7):
        baseline = engagement.started_on + timedelta(days=35 * step)
        MilestoneFactory(engagement=engagement, baseline_on=baseline, actual_on=baseline if baseline < today else None)
    for role in Stakeholder.COVERED_ROLES:
        person = StakeholderFactory(customer=engagement.customer, role=role)
        StanceRecordFactory(stakeholder=person, stance=Stakeholder.Stance.SUPPORTER, recorded_on=today)
    _usage(engagement, today, now)
    _records(engagement, today)
    _update(engagement, lead, today, now)
    request_recompute(engagement.pk)
    run_recompute(engagement.pk, now=now)
    _customer_page(engagement, today, now)
    return engagement


def _usage(engagement: Engagement, today: date, now: datetime) -> None:
    source = UsageSourceFactory(deliverable__engagement=engagement)
    TargetPopulationFactory(deliverable=source.deliverable, licences=2 * PEOPLE, starts_on=engagement.started_on)
    chance = random.Random(1)
    days = [today - timedelta(days=back) for back in range(DAYS)]
    # Four people begin each week, so that the triangle of retention is full.
    begun = [(day, n) for day in days for n in range(PEOPLE) if day >= engagement.started_on + timedelta(weeks=n // 4)]
    rows = [UsageLine(f"p{n}", day) for day, n in begun if chance.random() < 0.4]
    receive_usage_batch(source=source, rows=rows, key="bench", content_hash="0" * 64, by=None, now=now)


def _records(engagement: Engagement, today: date) -> None:
    """Something in every panel: what stands in the way, data sources, releases, outcomes, a value case of three years."""
    for number in range(3):
        BlockerFactory(engagement=engagement, needed_by=today + timedelta(days=number))
        RiskFactory(engagement=engagement)
        IntegrationFactory(engagement=engagement)
        ReleaseFactory(deliverable=engagement.deliverables.get(), released_on=today - timedelta(weeks=5 + number))
        ObservationFactory(agreement__engagement=engagement)
    case = ValueCaseFactory(engagement=engagement)
    for year in range(1, 4):
        ValueAmountFactory(line__case=case, year=year)


def _update(engagement: Engagement, lead: User, today: date, now: datetime) -> None:
    year, week, __ = today.isocalendar()
    update: WeeklyUpdate = WeeklyUpdateFactory(engagement=engagement, iso_year=year, iso_week=week)
    for position in range(6):
        SharedLine.objects.create(update=update, kind=LineKind.PROGRESS, text=f"Step {position} is done", position=position)
    publish_weekly_update(update=update, by=lead, now=now)


def _customer_page(engagement: Engagement, today: date, now: datetime) -> None:
    """An edition with everything on it: charts, asks of which one is answered, something to accept, an outcome."""
    open_ask, answered = AskFactory.create_batch(2, engagement=engagement, due_on=today)
    DeliverableFactory(engagement=engagement, state="submitted", is_shared=True, actual_on=today)
    OutcomeAgreement.objects.filter(engagement=engagement).update(is_shared=True)
    ValueLine.objects.filter(case__engagement=engagement).update(is_shared=True)
    edition = publish_edition(engagement=engagement, by=engagement.lead, now=now)
    later = now + timedelta(seconds=1)
    for ask, kind in ((open_ask, "acknowledge"), (answered, "answer"), (answered, "answer")):
        ResponseFactory(edition=edition, item=ask.pk, kind=kind, text="Grace knows", given_at=now, confirmed_at=later, read_at=later)


def _copies(full: Engagement, leads: list[User]) -> None:
    """The other rows of the list: same figures, other names and leads. `leads[0]` leads OWN of them."""
    row = model_to_dict(full.portfolio_row, exclude=["id", "engagement"]) | {"computed_at": full.portfolio_row.computed_at}
    others = [leads[0] if n < OWN else leads[1 + n % (len(leads) - 1)] for n in range(1, ROWS)]
    PortfolioRow.objects.bulk_create(PortfolioRow(engagement=EngagementFactory(lead=lead), **row) for lead in others)


def session_of(person: User) -> str:
    """The key of a new session in which `person` is signed in."""
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.create()
    return session.session_key
