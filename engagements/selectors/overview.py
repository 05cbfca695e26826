"""What the first page of an engagement reads beside its figures."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet

from customers.selectors import StakeholderRow, people_there
from engagements.models import Blocker, Engagement, InternalLine, LineKind, Milestone, Risk, SharedLine, WeeklyUpdate
from engagements.selectors.blocker import BlockerLine, blocker_lines, in_order
from engagements.selectors.risk import RiskLine, facts_of, gravest_first, risk_lines
from fde_portal.core.json_rows import JsonRows
from fde_portal.core.prepared import Param, prepared

MOST_PEOPLE = 6
MOST_CONCERNS = 4
# What was done, then what is next, then notes.
READING_ORDER = {LineKind.PROGRESS: 0, LineKind.NEXT: 1}


def worst_concerns(engagement: Engagement, milestones: list[Milestone], today: date) -> list[BlockerLine | RiskLine]:
    """The blockers that stand, then the gravest open risks; alerts first. A few of each, in two statements.

    `engagement` was read with the columns of risk.FACTS, `milestones` are its current ones.
    """
    standing, open_risks = _standing(engagement=engagement), _open_risks(engagement=engagement)
    for blocker in standing:
        blocker.engagement = engagement
    facts = {engagement.pk: facts_of(engagement, milestones, today)}
    blockers, risks = blocker_lines(standing, today=today), risk_lines(open_risks, today=today, facts=facts)
    risks.sort(key=lambda line: not line.alert)
    return [*blockers, *risks[:MOST_CONCERNS]]


@prepared
def _standing(*, engagement: Param) -> QuerySet[Blocker]:
    return in_order(Blocker.objects.standing().filter(engagement=engagement))[:MOST_CONCERNS]


@prepared
def _open_risks(*, engagement: Param) -> QuerySet[Risk]:
    return gravest_first(Risk.objects.open().filter(engagement=engagement).select_related("owner"))


class LatestUpdate(NamedTuple):
    """A published update and the texts of its lines in reading order."""

    update: WeeklyUpdate
    shared: list[str]
    internal: list[str]


def latest_update(engagement: Engagement) -> LatestUpdate | None:
    """The newest published update, one statement; None before the first."""
    for update in _newest_published(engagement=engagement):
        return LatestUpdate(update, _in_reading_order(update.shared), _in_reading_order(update.internal))
    return None


@prepared
def _newest_published(*, engagement: Param) -> QuerySet[WeeklyUpdate]:
    published = WeeklyUpdate.objects.filter(engagement=engagement, state=WeeklyUpdate.State.PUBLISHED)
    lines = {"shared": _lines(SharedLine), "internal": _lines(InternalLine)}
    return published.annotate(**lines).order_by("-iso_year", "-iso_week")[:1]


def _lines(side: type[SharedLine | InternalLine]) -> JsonRows:
    return JsonRows(side.objects.filter(update=OuterRef("pk")), "kind", "position", "text")


def _in_reading_order(lines: list[tuple[str, int, str]] | None) -> list[str]:
    ordered = sorted(lines or (), key=lambda line: (READING_ORDER.get(line[0], 2), line[1]))
    return [text for *__, text in ordered]


def people_of(engagement: Engagement) -> list[StakeholderRow]:
    """The people at the customer who are still there, the most influential first, with their stances over time."""
    return people_there(engagement.customer)
