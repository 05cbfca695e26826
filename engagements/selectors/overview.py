"""What the first page of an engagement reads beside its figures."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import Case, OuterRef, Prefetch, Subquery, When

from customers.models import Stakeholder, StanceRecord
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


class PersonLine(NamedTuple):
    """A person at the customer in words. Internal: it holds a stance."""

    name: str
    role: str
    stance: str


def people_of(engagement: Engagement) -> list[PersonLine]:
    """The most influential people at the customer who are still there, with their newest stance."""
    newest = StanceRecord.objects.filter(stakeholder=OuterRef("pk")).order_by("-recorded_on", "-id").values("stance")[:1]
    people = engagement.customer.stakeholders.current().filter(left_on=None)
    rows = people.annotate(stance=Subquery(newest)).order_by("-influence", "name")[:MOST_PEOPLE]
    return [PersonLine(row.name, row.get_role_display(), stance_word(row.stance)) for row in rows]


def stance_word(stance: str | None) -> str:
    return str(Stakeholder.Stance(stance).label) if stance else ""
