"""What the first page of an engagement reads beside its figures."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet, Value

from customers.selectors import StakeholderRow, stakeholder_rows
from engagements.models import Engagement, LineKind, WeeklyUpdate
from engagements.selectors.blocker import BlockerLine, blocker_lines, blockers_of
from engagements.selectors.risk import RiskLine, risk_lines, risks_of

MOST_PEOPLE = 6
MOST_CONCERNS = 4
# What was done, then what is next, then notes.
READING_ORDER = {LineKind.PROGRESS: 0, LineKind.NEXT: 1}


def worst_concerns(engagement: Engagement, today: date) -> list[BlockerLine | RiskLine]:
    """The blockers that stand, then the gravest open risks; alerts first. A few of each."""
    blockers = blocker_lines(blockers_of(engagement).standing()[:MOST_CONCERNS], today=today)
    risks = risk_lines(risks_of(engagement).open(), today=today)
    risks.sort(key=lambda line: not line.alert)
    return [*blockers, *risks[:MOST_CONCERNS]]


class LatestUpdate(NamedTuple):
    """A published update and the texts of its lines in reading order."""

    update: WeeklyUpdate
    shared: list[str]
    internal: list[str]


def latest_update(engagement: Engagement) -> LatestUpdate | None:
    """The newest published update, two statements; None before the first."""
    published = engagement.weekly_updates.filter(state=WeeklyUpdate.State.PUBLISHED)
    update = published.order_by("-iso_year", "-iso_week").first()
    if update is None:
        return None
    rows = _lines(update.internal_lines, "internal").union(_lines(update.shared_lines, "shared"), all=True)
    lines = sorted(rows, key=lambda line: (READING_ORDER.get(line[1], 2), line[2]))
    return LatestUpdate(update, *([text for own, *__, text in lines if own == side] for side in ("shared", "internal")))


def _lines(rows: QuerySet, side: str) -> QuerySet:
    return rows.order_by().values_list(Value(side), "kind", "position", "text")


def people_of(engagement: Engagement) -> list[StakeholderRow]:
    """The people at the customer who are still there, the most influential first, with their stances over time."""
    return stakeholder_rows(engagement.customer.stakeholders.current().filter(left_on=None))
