"""What health knows of agreed outcomes at the close of a day: lines, states and observations as they stood then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from engagements.metrics.health_facts import OutcomeFact, OutcomesFacts
from engagements.metrics.outcomes import OutcomeLine
from engagements.metrics.periods import local_day
from engagements.models import Engagement, Observation, OutcomeAgreement

State = OutcomeAgreement.State
COUNTED = frozenset({State.AGREED, State.MEASURING, State.MET, State.MISSED})


def agreements_with_history(engagement: Engagement) -> list[OutcomeAgreement]:
    """Every agreement with what is dated about it, archived ones too: they counted until then."""
    rows = OutcomeAgreement.objects.filter(engagement=engagement)
    return list(rows.prefetch_related("changes", "rebaselines", "observations__agreement"))


def outcomes_facts(rows: Iterable[OutcomeAgreement], day: date, zone: ZoneInfo) -> OutcomesFacts:
    """The agreements that were agreed on by the close of `day` and not retired."""
    counted = [row for row in rows if state_on(row, day) in COUNTED and not _archived_by(row, day, zone)]
    return OutcomesFacts([_fact(row, day, zone) for row in counted])


def state_on(row: OutcomeAgreement, day: date) -> str:
    """The state entered last by the close of `day`; "" before the first one."""
    return next((change.state for change in reversed(row.changes.all()) if change.changed_on <= day), "")


def line_on(row: OutcomeAgreement, day: date) -> OutcomeLine | None:
    """The line in force at the close of `day`: the one the next rebaseline replaced, else today's."""
    return next((kept.line for kept in row.rebaselines.all() if kept.changed_on > day), row.line)


def observed_by(row: OutcomeAgreement, day: date, zone: ZoneInfo) -> Observation | None:
    """The newest observation known at the close of `day` that nobody disputes."""
    known = (found for found in row.observations.all() if found.recorded_on <= day and found.period_to <= day)
    return next((found for found in known if not _disputed_by(found, day) and not _archived_by(found, day, zone)), None)


def _fact(row: OutcomeAgreement, day: date, zone: ZoneInfo) -> OutcomeFact:
    newest = observed_by(row, day, zone)
    value = newest.value if newest else None
    cadence = None if state_on(row, day) in (State.MET, State.MISSED) else row.cadence_days
    return OutcomeFact(line_on(row, day), value, newest.period_to if newest else None, cadence, row.pk)


def _disputed_by(found: Observation, day: date) -> bool:
    return found.state == Observation.State.DISPUTED and found.decided_on is not None and found.decided_on <= day


def _archived_by(record: OutcomeAgreement | Observation, day: date, zone: ZoneInfo) -> bool:
    return record.archived_at is not None and local_day(record.archived_at, zone) <= day
