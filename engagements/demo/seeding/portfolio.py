"""Writes a planned portfolio in bulk, and has the worker's services judge it. No file is read, no mail is written."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import models, transaction
from pyroaring import BitMap

from customers.models import Customer, Stakeholder, StanceRecord
from engagements.demo.portfolio_plans import TARGET, Plan, update_days
from engagements.models import (
    ActivityDay,
    Blocker,
    BlockerChange,
    Deliverable,
    Edition,
    Engagement,
    ForecastChange,
    Milestone,
    PhaseChange,
    Recompute,
    Share,
    ShareView,
    TargetPopulation,
    UsageBatch,
    UsageSource,
    WeeklyUpdate,
)
from engagements.services.health import backfill_health
from engagements.services.metrics import refresh_metrics
from engagements.services.portfolio import refresh_portfolio_row
from fde_portal.accounts.models import User

# A fall is judged over fourteen days: the closing days that must be there.
DAYS_JUDGED = 16
WORKDAYS = 5
_SUMS = dict.fromkeys(("seconds_saved", "accepted", "edited", "rejected", "failed"), 0)


@dataclass(frozen=True, slots=True)
class Place:
    """A plan with the engagement it became, and today."""

    plan: Plan
    engagement: Engagement
    today: date

    def day(self, back: int) -> date:
        return self.today - timedelta(days=back)

    def noon(self, back: int) -> datetime:
        return datetime.combine(self.day(back), time(12), UTC)


def write_portfolio(plans: Sequence[Plan], *, leads: Sequence[User], prefix: str, now: datetime) -> list[Engagement]:
    """Write every plan as an engagement of its own customer, in one transaction. Slugs begin with `prefix`."""
    today = now.date()
    with transaction.atomic():
        places = _engagements(plans, leads, prefix, today)
        for write in (_phases, _people, _milestones, _updates, _blockers, _openings, _use):
            write(places)
    return [place.engagement for place in places]


def judge_portfolio(engagements: Sequence[Engagement], *, now: datetime) -> None:
    """Compute figures, the closing days and the portfolio's line of each, as the worker does."""
    for engagement in engagements:
        Recompute.objects.filter(engagement=engagement).update(have=models.F("want"))
        refresh_metrics(engagement, now=now, watermark=1)
        backfill_health(engagement, DAYS_JUDGED, now=now)
        refresh_portfolio_row(engagement, today=now.date(), now=now)


def _created(rows: Sequence[Any], at: Sequence[datetime]) -> list[Any]:
    """Store rows as old as they say: `created_at` is set by the table otherwise."""
    stored = type(rows[0]).objects.bulk_create(rows, batch_size=500) if rows else []
    for row, moment in zip(stored, at, strict=True):
        row.created_at = moment
    if stored:
        type(stored[0]).objects.bulk_update(stored, ["created_at"], batch_size=500)
    return stored


def _engagements(plans: Sequence[Plan], leads: Sequence[User], prefix: str, today: date) -> list[Place]:
    customers = Customer.objects.bulk_create(
        Customer(name=f"{prefix.title()} customer {plan.number + 1}", slug=f"{prefix}-customer-{plan.number + 1}") for plan in plans
    )
    rows = [
        Engagement(
            customer=customer, name=f"Engagement {plan.number + 1}", slug=f"{prefix}-{plan.number + 1}", phase=plan.phase,
            lead=leads[plan.number % len(leads)], started_on=today - timedelta(days=plan.age),
        )
        for plan, customer in zip(plans, customers, strict=True)
    ]  # fmt: skip
    stored = Engagement.objects.bulk_create(rows)
    Recompute.objects.bulk_create(Recompute(engagement=row, want=1) for row in stored)
    return [Place(plan, row, today) for plan, row in zip(plans, stored, strict=True)]


def _phases(places: Sequence[Place]) -> None:
    PhaseChange.objects.bulk_create(
        PhaseChange(engagement=place.engagement, phase=place.plan.phase, entered_on=place.day(place.plan.age)) for place in places
    )


def _people(places: Sequence[Place]) -> None:
    found = [(place, role) for place in places for role in place.plan.stances if role not in place.plan.missing]
    rows = [
        Stakeholder(
            customer=place.engagement.customer, name=f"{role.replace('_', ' ').title()} {place.plan.number + 1}", role=role,
            influence=5 if role == "sponsor" else 3,
            left_on=place.day(place.plan.left[role]) if role in place.plan.left else None,
        )
        for place, role in found
    ]  # fmt: skip
    people = _created(rows, [place.noon(place.plan.age) for place, __ in found])
    StanceRecord.objects.bulk_create(
        (
            StanceRecord(stakeholder=person, stance=stance, recorded_on=place.day(back))
            for person, (place, role) in zip(people, found, strict=True)
            for back, stance in place.plan.stances[role]
        ),
        batch_size=500,
    )


def _milestones(places: Sequence[Place]) -> None:
    found = [(place, number, planned) for place in places for number, planned in enumerate(place.plan.milestones)]
    rows = [
        Milestone(
            engagement=place.engagement, title=f"Milestone {number + 1}", baseline_on=place.day(-planned.baseline),
            forecast_on=place.day(-planned.said[-1][1]) if planned.said else None,
            kind=Milestone.Kind.GO_LIVE if planned.go_live else Milestone.Kind.ORDINARY,
        )
        for place, number, planned in found
    ]  # fmt: skip
    stored = _created(rows, [place.noon(place.plan.age) for place, *__ in found])
    ForecastChange.objects.bulk_create(
        ForecastChange(milestone=row, changed_on=place.day(back), forecast_on=place.day(-expected))
        for row, (place, __, planned) in zip(stored, found, strict=True)
        for back, expected in ((place.plan.age, planned.baseline), *planned.said)
    )


def _updates(places: Sequence[Place]) -> None:
    WeeklyUpdate.objects.bulk_create((_update(place, back) for place in places for back in update_days(place.plan)), batch_size=500)


def _update(place: Place, back: int) -> WeeklyUpdate:
    year, week, __ = place.day(back).isocalendar()
    plan, frozen = place.plan, {"band": place.plan.computed, "score": None}
    return WeeklyUpdate(
        engagement=place.engagement, iso_year=year, iso_week=week, state=WeeklyUpdate.State.PUBLISHED, headline="A week of work",
        published_at=place.noon(back), published_by=place.engagement.lead, author=place.engagement.lead,
        schedule_rating=plan.rating, relationship_rating=plan.rating, derived_health=frozen,
    )  # fmt: skip


def _blockers(places: Sequence[Place]) -> None:
    found = [(place, opened, escalated) for place in places for opened, escalated in place.plan.blockers]
    rows = Blocker.objects.bulk_create(
        Blocker(
            engagement=place.engagement, text="Access is not granted", opened_on=place.day(opened),
            state=Blocker.State.OPEN if escalated is None else Blocker.State.ESCALATED,
        )
        for place, opened, escalated in found
    )  # fmt: skip
    BlockerChange.objects.bulk_create(
        BlockerChange(blocker=row, changed_on=place.day(back), state=state)
        for row, (place, opened, escalated) in zip(rows, found, strict=True)
        for back, state in ((opened, Blocker.State.OPEN), (escalated, Blocker.State.ESCALATED))
        if back is not None
    )


def _openings(places: Sequence[Place]) -> None:
    """A page that the customer last opened `seen` days ago. Its link opens nothing: nobody knows the key."""
    editions = Edition.objects.bulk_create(
        Edition(engagement=place.engagement, number=1, content="{}", content_hash="", published_at=place.noon(place.plan.age))
        for place in places
    )
    shares = _created(
        [Share(engagement=place.engagement, name="The customer", token_digest=secrets.token_hex(32)) for place in places],
        [place.noon(place.plan.age) for place in places],
    )
    ShareView.objects.bulk_create(
        ShareView(share=share, edition=edition, seen_at=place.noon(place.plan.seen))
        for share, edition, place in zip(shares, editions, places, strict=True)
    )


def _use(places: Sequence[Place]) -> None:
    used = [place for place in places if place.plan.users]
    tools = Deliverable.objects.bulk_create(
        Deliverable(engagement=place.engagement, name="Assistant", state=Deliverable.State.ACCEPTED) for place in used
    )
    sources = UsageSource.objects.bulk_create(UsageSource(deliverable=tool, name="Usage log", last_sequence=1) for tool in tools)
    TargetPopulation.objects.bulk_create(
        TargetPopulation(deliverable=tool, licences=TARGET, starts_on=place.day(place.plan.age))
        for tool, place in zip(tools, used, strict=True)
    )
    UsageBatch.objects.bulk_create(_batch(source, place) for source, place in zip(sources, used, strict=True))
    days = (_active(tool, place, day, count) for tool, place in zip(tools, used, strict=True) for day, count in _workdays(place))
    ActivityDay.objects.bulk_create(days, batch_size=500)


def _batch(source: UsageSource, place: Place) -> UsageBatch:
    first = min((day for day, __ in _workdays(place)), default=place.today)
    return UsageBatch(
        source=source, sequence=1, key="generated", content_hash="", first_day=first, last_day=place.day(1), received_at=place.noon(0)
    )


def _workdays(place: Place) -> list[tuple[date, int]]:
    """Each past workday of the planned weeks with the users of its week."""
    monday = place.day(place.today.weekday())
    weeks = [(monday - timedelta(weeks=back), count) for back, count in enumerate(reversed(place.plan.users))]
    days = [(first + timedelta(days=number), count) for first, count in weeks for number in range(WORKDAYS)]
    return [(day, count) for day, count in days if day < place.today]


def _active(tool: Deliverable, place: Place, day: date, count: int) -> ActivityDay:
    return ActivityDay(deliverable=tool, day=day, actors=BitMap(range(1, count + 1)).serialize(), events=3 * count, **_SUMS)
