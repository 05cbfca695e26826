"""Delivers the use of an engagement through the same door as a real source, and says who is meant to use it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from engagements.demo.clock import Clock, instant
from engagements.demo.flights import shifted_flights
from engagements.demo.plans import DeliverablePlan, EngagementPlan, TargetPlan
from engagements.demo.stories.reference import FLIGHTS
from engagements.demo.usage import actor_name, make_use
from engagements.intake.rows import UsageLine
from engagements.models import Actor, Deliverable, Engagement, Feature, TargetPopulation, UsageSource
from engagements.services.actors import hashes_of, number_actors
from engagements.services.usages import receive_usage_batch

# The newest use arrives week by week, what is older came in larger parts.
WEEKLY_FOR, WEEKS_IN_A_PART = 6, 5


def create_usage(plan: EngagementPlan, *, engagement: Engagement, clock: Clock, now: datetime) -> list[UsageLine]:
    """Deliver everything up to yesterday and return it."""
    if plan.slug == FLIGHTS:
        return _deliver_flights(engagement, clock, now)
    use: list[UsageLine] = []
    for part in plan.deliverables:
        if part.use:
            use += _deliver(part, engagement, clock, now)
    return use


def _deliver(plan: DeliverablePlan, engagement: Engagement, clock: Clock, now: datetime) -> list[UsageLine]:
    deliverable = engagement.deliverables.get(name=plan.name)
    use = make_use(plan.use, prefix=engagement.slug, zone=engagement.time_zone, clock=clock)
    kind = UsageSource.Kind.EVENTS if plan.use.by_event else UsageSource.Kind.DAILY
    source = UsageSource.objects.create(deliverable=deliverable, name=plan.use.source, kind=kind)
    Feature.objects.bulk_create(Feature(deliverable=deliverable, name=name) for name, __ in plan.use.features)
    if plan.target:
        _create_target(plan.target, deliverable, clock)
    _send(use, source, clock, now)
    return use


def _create_target(plan: TargetPlan, deliverable: Deliverable, clock: Clock) -> None:
    who = [{"actor_id": actor} for actor in _named(plan.people, deliverable)] if plan.named else [{"licences": plan.people}]
    starts_on, full_on = clock.date(plan.starts), clock.date(plan.full) if plan.full else None
    TargetPopulation.objects.bulk_create(
        TargetPopulation(deliverable=deliverable, starts_on=starts_on, full_adoption_on=full_on, **one) for one in who
    )


def _named(count: int, deliverable: Deliverable) -> list[int]:
    """Ids of so many actors, as `make_use` names them; some of them may never begin."""
    engagement = deliverable.engagement
    names = [actor_name(engagement.slug, number) for number in range(count)]
    actors = number_actors(engagement.customer_id, hashes_of(engagement.customer_id, names), keep_names=False)
    return list(actors.values())


def _deliver_flights(engagement: Engagement, clock: Clock, now: datetime) -> list[UsageLine]:
    """The public log. Every aircraft seen is named as somebody meant to use it, from the first day on."""
    deliverable = engagement.deliverables.get()
    use = shifted_flights(clock)
    # The log ends within the running week; a weekly cadence keeps it from looking like a feed that broke.
    source = UsageSource.objects.create(
        deliverable=deliverable, name="Public flight log, 2013", keeps_names=True, cadence_days=7
    )
    _send(use, source, clock, now)
    first_day = min(line.day for line in use)
    TargetPopulation.objects.bulk_create(
        TargetPopulation(deliverable=deliverable, actor=actor, starts_on=first_day)
        for actor in Actor.objects.filter(customer=engagement.customer_id)
    )
    return use


def _send(use: Sequence[UsageLine], source: UsageSource, clock: Clock, now: datetime) -> None:
    """Send the lines in parts, each on the morning after its last day."""
    ordered = sorted(use, key=lambda line: line.day)
    for __, lines in groupby(ordered, key=lambda line: _part_of(line.day, clock)):
        part = [line._replace(event_id=f"{line.day}/{number}") for number, line in enumerate(lines)]
        key = f"{part[0].day} to {part[-1].day}"
        receive_usage_batch(
            source=source,
            rows=part,
            key=key,
            content_hash=hashlib.sha256(repr(part).encode()).hexdigest(),
            by=None,
            label=source.name,
            now=min(now, instant(part[-1].day + timedelta(days=1), 3, source.deliverable.engagement.zone)),
        )


def _part_of(day: date, clock: Clock) -> int:
    week = clock.week_of(day)
    return week if week > -WEEKLY_FOR else (week + WEEKLY_FOR) // WEEKS_IN_A_PART - WEEKLY_FOR
