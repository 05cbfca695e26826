"""What would turn an engagement green: single facts are tried, and the score says what each is worth.

A try changes one fact in the way somebody could bring about: publish an update, clear a blocker, bring a
milestone back to its date. Nothing here knows weights: `assess` judges every try.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from engagements.metrics.bands import Band
from engagements.metrics.health import Health, assess
from engagements.metrics.health_components import STANCE_POINTS
from engagements.metrics.health_facts import HealthFacts, MilestoneFact, with_next
from engagements.metrics.health_model import DEFAULT_MODEL, HealthModel

MOST_STEPS = 6
BETTER_STANCE = "supporter"


@dataclass(frozen=True, slots=True)
class Try:
    """One changed fact: its code and component, the record it is about, and all facts as they would be."""

    code: str
    component: str
    facts: HealthFacts
    ref: int | None = None
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A try that helps, with the score (0 to 100) and the band after it and all steps before it."""

    done: Try
    score: Decimal | None
    band: Band


@dataclass(frozen=True, slots=True)
class Way:
    """Steps to green, the most helpful first. `reaches` is False where no tried facts lead there."""

    steps: tuple[Step, ...]
    reaches: bool


def way_to_green(facts: HealthFacts, today: date, model: HealthModel = DEFAULT_MODEL) -> Way:
    """Return the fewest changes found by always taking the one that helps most, up to six.

    Green is the band of the day on its own: leaving a band may take a second day (see `bands`).
    """
    steps: list[Step] = []
    health = assess(facts, today, model)
    while health.band(model.bands) is not Band.ON_TRACK and len(steps) < MOST_STEPS:
        tried = [(one, assess(one.facts, today, model)) for one in tries(facts, today)]
        found = max(tried, key=lambda pair: _worth(pair[1]), default=None)
        if found is None or _worth(found[1]) <= _worth(health):
            break
        facts, health = found[0].facts, found[1]
        steps.append(Step(found[0], health.score, health.band(model.bands)))
    return Way(tuple(steps), health.band(model.bands) is Band.ON_TRACK)


def single_tries(facts: HealthFacts, today: date, model: HealthModel = DEFAULT_MODEL) -> list[Step]:
    """Return what each fact alone would bring, best first; what brings nothing is left out."""
    now = _worth(assess(facts, today, model))
    tried = [(one, assess(one.facts, today, model)) for one in tries(facts, today)]
    helping = sorted((pair for pair in tried if _worth(pair[1]) > now), key=lambda pair: _worth(pair[1]), reverse=True)
    return [Step(one, health.score, health.band(model.bands)) for one, health in helping]


def _worth(health: Health) -> tuple[int, bool, Decimal, Decimal]:
    """What comes first: no hard rule, enough known to judge, a higher score, more known."""
    score = health.score if health.score is not None else Decimal(-1)
    return -len(health.hard_rules), health.closing_score is not None, score, health.coverage


def tries(facts: HealthFacts, today: date) -> Iterator[Try]:
    """Yield every single change worth trying."""
    for source in SOURCES:
        yield from source(facts, today)


def _updates(facts: HealthFacts, today: date) -> Iterator[Try]:
    """Publishing an update is a look at the dates and at what stands in the way, too."""
    changed = replace(
        facts,
        freshness=replace(facts.freshness, last_update_on=today),
        schedule=replace(facts.schedule, reviewed_on=today),
        blockers=replace(facts.blockers, reviewed_on=today),
    )
    yield Try("green.update", "freshness", changed)
    if facts.freshness.feed_stopped:
        yield Try("green.feed", "freshness", replace(facts, freshness=replace(facts.freshness, feed_stopped=False)))


def _milestones(facts: HealthFacts, today: date) -> Iterator[Try]:
    for number, fact in enumerate(facts.schedule.milestones):
        if fact.actual is not None or max(fact.expected or fact.baseline, today) <= fact.baseline:
            continue
        kept = fact.baseline >= today
        better = replace(fact, expected=fact.baseline) if kept else replace(fact, actual=today)
        code = "green.milestone_kept" if kept else "green.milestone_reached"
        yield Try(code, "schedule", _with_milestone(facts, number, better), fact.ref)


def _with_milestone(facts: HealthFacts, number: int, better: MilestoneFact) -> HealthFacts:
    rows = with_next(_put(facts.schedule.milestones, number, better))
    return replace(facts, schedule=replace(facts.schedule, milestones=rows))


def _people(facts: HealthFacts, today: date) -> Iterator[Try]:
    seen = facts.relationship
    for number, fact in enumerate(seen.stances):
        if STANCE_POINTS[fact.stance] < STANCE_POINTS[BETTER_STANCE]:
            won = replace(fact, stance=BETTER_STANCE, recorded_on=today)
            yield Try("green.stance", "relationship", _related(facts, stances=_put(seen.stances, number, won)), fact.ref)
    if seen.stances:
        fresh = [replace(fact, recorded_on=today) for fact in seen.stances]
        yield Try("green.look_at_people", "relationship", _related(facts, stances=fresh))
    if seen.coverage_gaps:
        yield Try("green.roles", "relationship", _related(facts, coverage_gaps=0), params={"count": seen.coverage_gaps})
    if seen.sponsor_left_on:
        yield Try("green.sponsor", "relationship", _related(facts, sponsor_left_on=None))


def _related(facts: HealthFacts, **changes: Any) -> HealthFacts:
    return replace(facts, relationship=replace(facts.relationship, **changes))


def _in_the_way(facts: HealthFacts, today: date) -> Iterator[Try]:
    found = facts.blockers
    for number, fact in enumerate(found.standing):
        rest = [*found.standing[:number], *found.standing[number + 1 :]]
        cleared = replace(found, standing=rest, reviewed_on=today)
        yield Try("green.blocker", "blockers", replace(facts, blockers=cleared), fact.ref)
    if found.unreviewed_high_risks:
        reviewed = replace(found, unreviewed_high_risks=0, reviewed_on=today)
        yield Try("green.risks", "blockers", replace(facts, blockers=reviewed), params={"count": found.unreviewed_high_risks})


def _use(facts: HealthFacts, today: date) -> Iterator[Try]:
    """People who should use it and do not. Unknown use is not tried: nobody can tell what it would show."""
    active, target = facts.adoption.weekly_active, facts.adoption.week_target
    if active is not None and target is not None and active < target:
        changed = replace(facts.adoption, weekly_active=int(-(-target // 1)))
        yield Try("green.use", "adoption", replace(facts, adoption=changed), params={"missing": int(-(-target // 1)) - active})


def _outcomes(facts: HealthFacts, today: date) -> Iterator[Try]:
    """An observation from today that lies on the line."""
    for number, fact in enumerate(facts.outcomes.agreements):
        if fact.line is not None:
            seen = replace(fact, value=fact.line.expected(today), observed_until=today)
            rows = _put(facts.outcomes.agreements, number, seen)
            code = "green.outcome_observed" if fact.value is None else "green.outcome_on_line"
            yield Try(code, "outcomes", replace(facts, outcomes=replace(facts.outcomes, agreements=rows)), fact.ref)


def _gates(facts: HealthFacts, today: date) -> Iterator[Try]:
    if facts.failed_hard_criteria:
        yield Try("green.criteria", "gates", replace(facts, failed_hard_criteria=0), params={"count": facts.failed_hard_criteria})


def _put(rows: Sequence[Any], number: int, row: Any) -> list[Any]:
    return [*rows[:number], row, *rows[number + 1 :]]


SOURCES: tuple[Callable[[HealthFacts, date], Iterator[Try]], ...] = (
    _updates, _milestones, _people, _in_the_way, _use, _outcomes, _gates,
)  # fmt: skip
