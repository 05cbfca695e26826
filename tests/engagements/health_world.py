"""Engagements with dated facts for tests of health: known to the day, and late by as much as one asks."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from engagements.models import Engagement, ForecastChange, WeeklyUpdate
from engagements.services.health import backfill_health
from engagements.services.recomputes import request_recompute, run_recompute
from tests.engagements.deliveries import noon
from tests.factories.customers import StakeholderFactory, StanceRecordFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory, WeeklyUpdateFactory

ROLES = ("sponsor", "operational_owner", "technical_owner", "risk_owner", "front_line_user")


def healthy(today: date, *, days: int = 90, **fields: object) -> Engagement:
    """An engagement in discovery on which everything is known and well, and which nothing was computed for yet."""
    start = today - timedelta(days=days)
    engagement = EngagementFactory(started_on=start, **fields)
    for role in ROLES:
        person = StakeholderFactory(customer=engagement.customer, role=role, influence=3)
        type(person).objects.filter(pk=person.pk).update(created_at=noon(start))
        for back in range(0, days + 1, 30):
            StanceRecordFactory(stakeholder=person, stance="supporter", recorded_on=start + timedelta(days=back))
    milestone = MilestoneFactory(engagement=engagement, title="Readiness agreed", baseline_on=today + timedelta(days=20))
    type(milestone).objects.filter(pk=milestone.pk).update(created_at=noon(start))
    ForecastChange.objects.create(milestone=milestone, changed_on=start, forecast_on=milestone.baseline_on)
    for back in range(0, days, 7):
        publish(engagement, today - timedelta(days=back))
    return engagement


def publish(engagement: Engagement, on: date, **fields: object) -> WeeklyUpdate:
    """Publish the week of `on` with a rating of the schedule, as far as nothing else is said."""
    year, week, __ = on.isocalendar()
    values = {"schedule_rating": "on_track", "published_at": noon(on), **fields}
    return WeeklyUpdateFactory(engagement=engagement, iso_year=year, iso_week=week, state="published", **values)


def slip(engagement: Engagement, *, by: int, on: date) -> None:
    """Say on a day that the milestone is expected `by` days later."""
    milestone = engagement.milestones.get()
    expected = milestone.baseline_on + timedelta(days=by)
    ForecastChange.objects.create(milestone=milestone, changed_on=on, forecast_on=expected)
    milestone.forecast_on = expected
    milestone.save(update_fields=["forecast_on"])


def compute(engagement: Engagement, *, now: datetime | None = None) -> None:
    """Let the worker do what waits."""
    request_recompute(engagement.pk)
    assert run_recompute(engagement.pk, now=now or timezone.now())


def computed(engagement: Engagement, *, days: int = 30, now: datetime | None = None) -> Engagement:
    """Store the last closing days, and let the worker do the rest."""
    backfill_health(engagement, days, now=now or timezone.now())
    compute(engagement, now=now)
    return engagement
