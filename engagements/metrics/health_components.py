"""The components of health model 1: what each one weighs and how its facts become 0 to 100.

A component joins the model as one scoring function and one row of `MODEL`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engagements.metrics.health_facts import (
    AdoptionFacts,
    BlockerFact,
    BlockerFacts,
    FreshnessFacts,
    MilestoneFact,
    OutcomeFact,
    OutcomesFacts,
    Reason,
    RelationshipFacts,
    ScheduleFacts,
)
from engagements.metrics.outcomes import freshness, outcome_score
from engagements.metrics.trend import Trend

FULL = Decimal(100)
NONE = Decimal(0)

PHASES = ("discovery", "prototype", "pilot", "production", "handover")
FROM_PILOT = frozenset(PHASES[2:])
ALL_PHASES = frozenset(PHASES)

TREND_POINTS = {Trend.FALLING: -10, Trend.RISING: 5}
ZERO_SLIP_DAYS = 30
RECENTLY_REACHED_DAYS = 28
STANCE_POINTS = {"champion": 100, "supporter": 80, "neutral": 55, "sceptic": 30, "blocker": 5}
GAP_POINTS, MOST_GAP_POINTS = 10, 30
FEWEST_PULSES, MOST_OF_A_PULSE = 5, 5
ESCALATED_POINTS_PER_DAY, OLD_BLOCKER_POINTS, UNREVIEWED_RISK_POINTS = 4, 2, 15
BLOCKER_GRACE_DAYS = 3
STOPPED_FEED_POINTS = 40
EMPTY_CADENCES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Score of one component, 0 to 100 or None when unknown, and the age of its input.

    `known` is the share of its input that is there and fresh, for components of several parts.
    """

    score: Decimal | None
    reason: Reason
    age_days: int | None = None
    known: Decimal = Decimal(1)


def score_outcomes(facts: OutcomesFacts, today: date) -> Finding:
    """Score agreed outcomes: progress made / progress due by now, at most 100; their mean.

    An observation counts in full for its cadence after its period, then fades over one more. What is
    not observed, or has faded, is missing and not zero: it lowers the share that is known.
    """
    if not facts.agreements:
        return Finding(None, Reason("outcomes.none"))
    found = [_outcome_found(fact, today) for fact in facts.agreements]
    fresh = [(share, score) for share, score in found if share and score is not None]
    count = len(facts.agreements)
    if not fresh:
        return Finding(None, Reason("outcomes.not_observed", {"count": count}))
    known = sum((share for share, _ in fresh), NONE)
    mean = sum((share * score for share, score in fresh), NONE) / known
    behind = sum(score < FULL for _, score in fresh)
    ages = [days_since(fact.observed_until, today) for fact in facts.agreements if fact.observed_until]
    params = {"count": count, "observed": len(fresh), "behind": behind}
    return Finding(mean, Reason("outcomes.progress", params), min(age for age in ages if age is not None), known / count)


def _outcome_found(fact: OutcomeFact, today: date) -> tuple[Decimal, Decimal | None]:
    """How much of its observation still counts, and its score."""
    if fact.line is None or fact.value is None:
        return NONE, None
    return freshness(fact.observed_until, today, fact.cadence_days), outcome_score(fact.line, fact.value, today)


def score_adoption(facts: AdoptionFacts, _today: date) -> Finding:
    """Score weekly active targets against the target of the week, moved by the trend."""
    if facts.weekly_active is None:
        return Finding(None, Reason("adoption.no_usage"))
    if not facts.week_target:
        return Finding(None, Reason("adoption.no_target", {"active": facts.weekly_active}))
    reached = min(FULL * facts.weekly_active / facts.week_target, FULL)
    params = {"active": facts.weekly_active, "target": facts.week_target, "trend": facts.trend}
    moved = reached + (TREND_POINTS.get(facts.trend, 0) if facts.trend else 0)
    return Finding(_clamp(moved), Reason("adoption.of_target", params))


def slip_days(milestone: MilestoneFact, today: date) -> int:
    """Return actual, else forecast, minus baseline in days; negative when early.

    A forecast that has passed without the milestone says nothing any more: the promised day counts, or today once
    that has passed too.
    """
    if milestone.actual is not None:
        return (milestone.actual - milestone.baseline).days
    expected = milestone.expected if milestone.expected and milestone.expected >= today else max(milestone.baseline, today)
    return (expected - milestone.baseline).days


def score_schedule(facts: ScheduleFacts, today: date) -> Finding:
    """Score open and recently reached milestones by slip: 100 at none, 0 at 30 days.

    The next milestone counts double.
    """
    counted = [fact for fact in facts.milestones if _counts(fact, today)]
    age = days_since(facts.reviewed_on, today)
    if not counted:
        return Finding(None, Reason("schedule.no_milestones"), age)
    slips = [(2 if fact.is_next else 1, slip_days(fact, today)) for fact in counted]
    late = [days for _, days in slips if days > 0]
    reason = (
        Reason("schedule.late", {"count": len(late), "worst_slip": max(late)}) if late else Reason("schedule.on_plan")
    )
    return Finding(_weighted_mean((weight, _slip_score(days)) for weight, days in slips), reason, age)


def _counts(milestone: MilestoneFact, today: date) -> bool:
    reached = milestone.actual
    return reached is None or (today - reached).days <= RECENTLY_REACHED_DAYS


def _slip_score(slip: int) -> Decimal:
    return _clamp(FULL - FULL * slip / ZERO_SLIP_DAYS)


def score_relationship(facts: RelationshipFacts, today: date) -> Finding:
    """Score stances weighted by influence, less 10 for each role that nobody fills.

    From five pulses in 60 days on, their mean (1 is 0, 5 is 100) counts as much as all of that.
    The age is that of the newest stance: recording one is taken as a look at all of them.
    """
    gaps = {"gaps": facts.coverage_gaps}
    if not facts.stances:
        return Finding(None, Reason("relationship.no_stance", gaps))
    mean = _weighted_mean([(fact.influence, STANCE_POINTS[fact.stance]) for fact in facts.stances])
    critics = sum(fact.stance in ("sceptic", "blocker") for fact in facts.stances)
    code = "relationship.critics" if critics else "relationship.no_critics"
    seen = _clamp(mean - min(GAP_POINTS * facts.coverage_gaps, MOST_GAP_POINTS))
    # Fewer answers say nothing yet.
    pulses = facts.pulses if len(facts.pulses) >= FEWEST_PULSES else ()
    counted = {"pulses": len(pulses)} if pulses else {}
    return Finding(
        (seen + _pulse_points(pulses)) / 2 if pulses else seen,
        Reason(code, {"people": len(facts.stances), "critics": critics, **gaps, **counted}),
        days_since(max(fact.recorded_on for fact in facts.stances), today),
    )


def _pulse_points(pulses: Sequence[int]) -> Decimal:
    return (Decimal(sum(pulses)) / len(pulses) - 1) * FULL / (MOST_OF_A_PULSE - 1)


def score_blockers(facts: BlockerFacts, today: date) -> Finding:
    """Score what holds the work up: 100 less 4 a day for each escalated blocker, 2 for each other one
    older than 3 days, 15 for each high risk without a review to come.

    Unknown as long as nobody looked: nothing recorded is not nothing in the way.
    """
    escalated = [_escalated_days(fact, today) for fact in facts.standing if fact.escalated_on]
    waiting = sum(_is_old(fact, today) for fact in facts.standing if not fact.escalated_on)
    lost = ESCALATED_POINTS_PER_DAY * sum(escalated) + OLD_BLOCKER_POINTS * waiting
    lost += UNREVIEWED_RISK_POINTS * facts.unreviewed_high_risks
    age = days_since(facts.reviewed_on, today)
    if age is None:
        return Finding(None, Reason("blockers.not_reviewed"))
    params = {"standing": len(facts.standing), "escalated": len(escalated), "risks": facts.unreviewed_high_risks}
    return Finding(_clamp(FULL - lost), Reason("blockers.standing" if facts.standing else "blockers.none", params), age)


def _escalated_days(fact: BlockerFact, today: date) -> int:
    # The first day counts: to escalate never makes the score better.
    return (today - (fact.escalated_on or today)).days + 1


def _is_old(fact: BlockerFact, today: date) -> bool:
    return (today - fact.opened_on).days > BLOCKER_GRACE_DAYS


def score_freshness(facts: FreshnessFacts, today: date) -> Finding:
    """Score the last update: 100 within its cadence, 0 at three; a stopped feed takes 40 off.

    A week that was skipped with a reason makes it no older.
    """
    since = facts.last_update_on or facts.started_on
    age, owed = (today - since).days, (today - max(since, min(facts.skipped_until or since, today))).days
    beyond = Decimal(owed - facts.cadence_days) / ((EMPTY_CADENCES - 1) * facts.cadence_days)
    score = _clamp(FULL - FULL * beyond) - (STOPPED_FEED_POINTS if facts.feed_stopped else 0)
    params = {"days": age, "cadence": facts.cadence_days, "feed_stopped": facts.feed_stopped}
    params |= {"skipped": True} if owed < age else {}
    code = "freshness.updated" if facts.last_update_on else "freshness.no_update_yet"
    return Finding(_clamp(score), Reason(code, params), age)


def days_since(day: date | None, today: date) -> int | None:
    """Return the age in days, or None when there is no day to count from."""
    return None if day is None else (today - day).days


def _weighted_mean(pairs: Iterable[tuple[int, Decimal | int]]) -> Decimal:
    weights, weighted = zip(*((weight, Decimal(weight) * value) for weight, value in pairs), strict=True)
    return sum(weighted, NONE) / sum(weights)


def _clamp(score: Decimal) -> Decimal:
    return max(NONE, min(FULL, score))


@dataclass(frozen=True, slots=True)
class Component:
    """One row of the model; its facts are the field of `HealthFacts` named by its key.

    Human input counts in full for `full_days`; None never ages.
    """

    key: str
    weight: int
    phases: frozenset[str]
    full_days: int | None
    score: Callable[[Any, date], Finding]


MODEL: tuple[Component, ...] = (
    Component("outcomes", 25, FROM_PILOT, None, score_outcomes),
    Component("adoption", 25, FROM_PILOT, None, score_adoption),
    Component("schedule", 15, ALL_PHASES, 14, score_schedule),
    Component("relationship", 15, ALL_PHASES, 45, score_relationship),
    Component("blockers", 10, ALL_PHASES, 14, score_blockers),
    Component("freshness", 10, ALL_PHASES, None, score_freshness),
)
