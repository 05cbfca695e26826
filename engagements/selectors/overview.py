"""What the first page of an engagement reads beside its figures."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, Prefetch, When

from customers.selectors import StakeholderRow, stakeholder_rows
from engagements.models import Engagement, InternalLine, LineKind, SharedLine, WeeklyUpdate
from engagements.selectors.blocker import BlockerLine, blocker_lines, blockers_of
from engagements.selectors.risk import RiskLine, risk_lines, risks_of
from fde_portal.accounts.models import User

MOST_PEOPLE = 6
MOST_CONCERNS = 4
# What was done, then what is next, then notes.
IN_READING_ORDER = Case(When(kind=LineKind.PROGRESS, then=0), When(kind=LineKind.NEXT, then=1), default=2)


def worst_concerns(engagement: Engagement, user: User, today: date) -> list[BlockerLine | RiskLine]:
    """The blockers that stand, then the gravest open risks; alerts first. A few of each."""
    blockers = blocker_lines(blockers_of(engagement, user).standing()[:MOST_CONCERNS], today=today)
    risks = risk_lines(risks_of(engagement, user).open(), today=today)
    risks.sort(key=lambda line: not line.alert)
    return [*blockers, *risks[:MOST_CONCERNS]]


def latest_update(engagement: Engagement) -> WeeklyUpdate | None:
    """The newest published update with its lines, two statements; None before the first."""
    lines = (
        Prefetch("shared_lines", SharedLine.objects.order_by(IN_READING_ORDER, "position")),
        Prefetch("internal_lines", InternalLine.objects.order_by(IN_READING_ORDER, "position")),
    )
    published = engagement.weekly_updates.filter(state=WeeklyUpdate.State.PUBLISHED)
    return published.prefetch_related(*lines).order_by("-iso_year", "-iso_week").first()


def people_of(engagement: Engagement) -> list[StakeholderRow]:
    """The most influential people at the customer who are still there, with their stances over time."""
    return stakeholder_rows(engagement.customer.stakeholders.current().filter(left_on=None))[:MOST_PEOPLE]
