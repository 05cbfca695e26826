"""Blockers and risks as health sees them at the close of any day: what became known later is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from engagements.metrics.health_facts import BlockerFact, BlockerFacts
from engagements.metrics.periods import local_day
from engagements.metrics.risks import Level
from engagements.models import Blocker, BlockerChange, Risk, RiskAssessment

State = Blocker.State


def blocker_facts(
    blockers: Sequence[Blocker], risks: Sequence[Risk], updates: Sequence[date], day: date, zone: ZoneInfo
) -> BlockerFacts:
    """Return what stood in the way at the close of `day`. `updates` are the days of publishing.

    An update shows the open blockers to its author, so publishing one is taken as a look at them.
    """
    facts = [fact for row in blockers if not _archived_by(row, day, zone) and (fact := blocker_fact(row, day))]
    judged = [assessment_on(row, day) for row in risks if not _archived_by(row, day, zone)]
    looked = [*updates, *_days_of(blockers, risks)]
    return BlockerFacts(
        standing=facts,
        unreviewed_high_risks=sum(_is_unreviewed(found, day) for found in judged if found),
        reviewed_on=max((on for on in looked if on <= day), default=None),
    )


def _days_of(blockers: Iterable[Blocker], risks: Iterable[Risk]) -> Iterator[date]:
    for blocker in blockers:
        yield from (change.changed_on for change in blocker.changes.all())
    for risk in risks:
        yield from (assessment.assessed_on for assessment in risk.assessments.all())


def blocker_fact(row: Blocker, day: date) -> BlockerFact | None:
    """Return the blocker as it stood at the close of `day`; None when it was not opened yet, or cleared."""
    closings = closing_states([change for change in row.changes.all() if change.changed_on <= day])
    if not closings or closings[-1][1] == State.CLEARED:
        return None
    return BlockerFact(row.opened_on, escalated_since(closings), row.pk)


def closing_states(changes: Iterable[BlockerChange]) -> list[tuple[date, str]]:
    """The last state of each day, oldest first: an escalation taken back on the same day never was."""
    return sorted({change.changed_on: change.state for change in changes}.items())


def escalated_since(closings: Sequence[tuple[date, str]]) -> date | None:
    """The first day of the escalation that still lasts."""
    since = None
    for day, state in closings:
        since = (since or day) if state == State.ESCALATED else None
    return since


def assessment_on(row: Risk, day: date) -> RiskAssessment | None:
    """How the risk was judged at the close of `day`; None before it was recorded."""
    known = [assessment for assessment in row.assessments.all() if assessment.assessed_on <= day]
    return known[-1] if known else None


def _is_unreviewed(judged: RiskAssessment, day: date) -> bool:
    if judged.state != Risk.State.OPEN or judged.level != Level.HIGH:
        return False
    return judged.review_on is None or judged.review_on < day


def _archived_by(record: Blocker | Risk, day: date, zone: ZoneInfo) -> bool:
    return record.archived_at is not None and local_day(record.archived_at, zone) <= day
