"""What health model 1 looks at: plain, dated facts, and reasons to be put into words.

A fact that is not known is None and never 0. `ref` is the id of the record a fact is about, for whoever
words it; the score does not look at it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from engagements.metrics.outcomes import OutcomeLine
from engagements.metrics.trend import Trend


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a figure is what it is: a code to be worded by the caller, and its parameters."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AdoptionFacts:
    """Target actors active in the last whole week and the target that week (with its ramp).

    `weekly_active` is None when usage is unknown, for instance because the feed stopped.
    `trend` is the word of `trend.trend`, None when there are too few weeks.
    """

    weekly_active: int | None
    week_target: Decimal | None
    trend: Trend | None = None


@dataclass(frozen=True, slots=True)
class MilestoneFact:
    """One milestone: `expected` is the current forecast, `actual` the day it was reached."""

    baseline: date
    expected: date | None = None
    actual: date | None = None
    is_next: bool = False
    is_go_live: bool = False
    ref: int | None = None


def with_next(milestones: Iterable[MilestoneFact]) -> list[MilestoneFact]:
    """Return the milestones with the open one that is expected first marked as the next."""
    facts = [replace(fact, is_next=False) for fact in milestones]
    waiting = (fact for fact in facts if fact.actual is None)
    upcoming = min(waiting, key=lambda fact: fact.expected or fact.baseline, default=None)
    return [replace(fact, is_next=fact is upcoming) for fact in facts]


@dataclass(frozen=True, slots=True)
class ScheduleFacts:
    """Milestones, and the last day on which somebody set or confirmed a date."""

    milestones: Sequence[MilestoneFact] = ()
    reviewed_on: date | None = None


@dataclass(frozen=True, slots=True)
class StanceFact:
    """The latest stance of one stakeholder; `influence` is 1 to 5."""

    stance: str
    influence: int
    recorded_on: date
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class RelationshipFacts:
    """Stances of present stakeholders, roles nobody fills, a sponsor lost without heir, and pulses.

    `pulses` are the customer's answers from 1 to 5 of the last 60 days.
    """

    stances: Sequence[StanceFact] = ()
    coverage_gaps: int = 0
    sponsor_left_on: date | None = None
    pulses: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class BlockerFact:
    """One blocker that is not cleared; `escalated_on` is the day since which it is escalated, or None."""

    opened_on: date
    escalated_on: date | None = None
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class BlockerFacts:
    """Blockers that stand, high risks nobody reviews, and the last day on which somebody looked at either."""

    standing: Sequence[BlockerFact] = ()
    unreviewed_high_risks: int = 0
    reviewed_on: date | None = None


@dataclass(frozen=True, slots=True)
class FreshnessFacts:
    """Last published update; before the first one, age counts from `started_on`.

    Up to `skipped_until`, the last day of a week skipped with a reason, no update was owed.
    """

    started_on: date
    last_update_on: date | None = None
    cadence_days: int = 7
    feed_stopped: bool = False
    skipped_until: date | None = None


@dataclass(frozen=True, slots=True)
class OutcomeFact:
    """An agreed outcome: its line, the newest value with the last day of its period, and how often one is owed.

    `line` is None while the agreement leaves it open, `value` while nothing was observed. `cadence_days`
    is None once it is decided: then nothing more is owed, and what was seen last never ages.
    """

    line: OutcomeLine | None
    value: Decimal | None
    observed_until: date | None
    cadence_days: int | None
    ref: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomesFacts:
    """Outcomes both sides agreed on that are not retired; those that were met or missed stay in."""

    agreements: Sequence[OutcomeFact] = ()


@dataclass(frozen=True, slots=True)
class AttentionSigns:
    """What the order of attention looks at and the score does not; kept with the day, so that a past week can be told in full.

    `customer_seen_on` is the last sign of the customer, None while nobody there can open a page. `overdue_conditions` are
    those of gates; `rosier_weeks` the published weeks in a row, up to the newest, that reported better than was computed.
    """

    customer_seen_on: date | None = None
    overdue_conditions: int = 0
    rosier_weeks: int = 0


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """Everything the model looks at, as known at the close of one day.

    `failed_hard_criteria` counts the hard criteria of the gates passed so far that fail now. `signs` move no score.
    """

    phase: str
    adoption: AdoptionFacts
    schedule: ScheduleFacts
    relationship: RelationshipFacts
    freshness: FreshnessFacts
    blockers: BlockerFacts = field(default_factory=BlockerFacts)
    outcomes: OutcomesFacts = field(default_factory=OutcomesFacts)
    failed_hard_criteria: int = 0
    signs: AttentionSigns = field(default_factory=AttentionSigns)
