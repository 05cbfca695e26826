"""Everything the page of all adoption measures shows: any subject, any range, from bitmaps, never from rows of usage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pyroaring import BitMap

from engagements.metrics import adoption, depth, firsts, quality
from engagements.metrics.adoption import MONTH_WINDOW, AdoptionRate
from engagements.metrics.lifecycle import PeriodLifecycle, lifecycle
from engagements.metrics.periods import Interval, Period, days_between, is_over, is_partial, iter_periods, local_day
from engagements.metrics.retention import (
    Bracket,
    CohortKind,
    Mode,
    SoFar,
    Triangle,
    bracket_retention,
    retention,
    so_far,
)
from engagements.metrics.series import WEEK_WINDOW
from engagements.metrics.targets import Adoption, target_on
from engagements.metrics.targets import adoption as adoption_of
from engagements.metrics.trend import Trend, trend
from engagements.models import Deliverable, Engagement, Incident
from engagements.selectors.adoption_material import Material
from engagements.selectors.usage_facts import Usage

TWO_WEEKS = timedelta(days=14)
MOST_COHORTS = 26
# Days after a person's first one, both ends included, as Mixpanel has them.
BRACKETS = ((1, 3), (4, 7), (8, 14), (15, 30))


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: both days are local and included, widened to whole periods; they end with the data at the latest."""

    first: date
    last: date
    interval: Interval = Interval.WEEK
    cohorts: CohortKind = CohortKind.FIRST_TIME
    mode: Mode = Mode.ON

    @property
    def before(self) -> Question:
        """The same number of days just before."""
        length = self.last - self.first + timedelta(days=1)
        return Question(self.first - length, self.last - length, self.interval, self.cohorts, self.mode)


@dataclass(frozen=True, slots=True)
class FeatureUse:
    """One feature in the range: who used it, on how many days each, out of all active people; people by whole period."""

    name: str
    declared: bool
    actors: int
    share_of_active: float | None
    depth: depth.Depth
    active: list[int]


@dataclass(frozen=True, slots=True)
class ReleaseQuality:
    """Outcomes of one release in the range, and how acceptance changed with it."""

    name: str
    outcomes: quality.Outcomes
    change: quality.Change | None


@dataclass(frozen=True, slots=True)
class Running:
    """The period that is not over on the last day, and what is known of it so far. Never compared with a whole one.

    Who is dormant is not: they may still come.
    """

    period: Period
    active: int
    growth: PeriodLifecycle
    cohorts: SoFar


@dataclass(frozen=True, slots=True)
class DeliverableActivation:
    """Who of the people named for a deliverable reached its rule; `found` is None where nobody is named."""

    deliverable: str
    rule: firsts.ActivationRule
    found: firsts.Activation | None


@dataclass(frozen=True, slots=True)
class Study:
    """The answers. Lists by period hold whole periods only; `left_out` says whether a partial one was dropped."""

    question: Question
    periods: list[Period]
    left_out: bool
    active: list[int]
    running: Running | None
    targets: list[int | None]
    outcomes: list[quality.Outcomes]
    growth: list[PeriodLifecycle]
    rolling_days: list[date]
    rolling: dict[int, list[int]]
    stickiness: list[float | None]
    rate: Adoption
    rate_interval: tuple[float, float] | None
    direction: Trend | None
    stickiness_now: float | None
    dau: int
    wau: int
    mau: int
    l7: dict[int, int]
    l28: dict[int, int]
    histogram: dict[int, int]
    triangle: Triangle
    brackets: list[Bracket]
    breadth: depth.Breadth
    depth: depth.Depth
    features: list[FeatureUse]
    releases: list[ReleaseQuality]
    quality: quality.Outcomes
    activations: list[DeliverableActivation]
    time_to_value: firsts.TimeToValue | None
    data_until: datetime | None
    sources: list[str]
    closed_until: date | None


def study(material: Material, question: Question, first_weekday: int) -> Study:
    """Answer a question about a subject. The same functions as for the stored figures."""
    usage, last = material.usage, question.last
    days = usage.days
    every = list(iter_periods(question.first, last, question.interval, first_weekday))
    whole = [period for period in every if not is_partial(period, usage.first_day or last, last)]
    span = list(days_between(question.first, last))
    provisioned = usage.provisioned
    return Study(
        question=question,
        left_out=len(whole) < len(every),
        running=running(days, every, whole, question),
        **_by_period(material, question, whole),
        **_at_the_end(usage, last),
        rolling_days=span,
        rolling={size: list(adoption.rolling_active(days, span[0], last, size).values()) for size in (WEEK_WINDOW, MONTH_WINDOW)},
        histogram=adoption.stickiness_histogram(days, every),
        triangle=retention(days, whole[-MOST_COHORTS:], as_of=last, kind=question.cohorts, mode=question.mode),
        brackets=bracket_retention(started(days, question), days, BRACKETS, as_of=last),
        breadth=depth.breadth(material.features, material.declared, span),
        depth=depth.depth(days, span),
        features=feature_use(material, span, whole),
        releases=release_quality(material, question),
        quality=material.over(question.first, last),
        activations=activations(material),
        time_to_value=firsts.time_to_value(provisioned, days, as_of=last) if provisioned else None,
        data_until=usage.data_until,
        sources=material.sources,
        closed_until=material.closed_until,
    )


def _by_period(material: Material, question: Question, whole: Sequence[Period]) -> dict[str, Any]:
    """What a study tells of each whole period, and where that leads."""
    usage, days = material.usage, material.usage.days
    active = [len(adoption.active_within(days, period.days())) for period in whole]
    return {
        "periods": whole,
        "active": active,
        "targets": [target_on(usage.parts, period.last_day) for period in whole],
        "outcomes": [material.over(period.start, period.last_day) for period in whole],
        "growth": lifecycle(days, whole),
        "stickiness": [_float(adoption.stickiness(days, period.last_day)) for period in whole],
        "direction": trend(active) if question.interval is Interval.WEEK else None,
    }


def _at_the_end(usage: Usage, last: date) -> dict[str, Any]:
    """What a study tells of the windows that end on its last day."""
    days = usage.days
    rate = adoption_of(usage.parts, list(adoption.window(last, WEEK_WINDOW)))
    return {
        "rate": rate,
        "rate_interval": interval_of(rate.rate),
        "stickiness_now": _float(adoption.stickiness(days, last)),
        "dau": len(adoption.active_on(days, last, 1)),
        "wau": len(adoption.active_on(days, last, WEEK_WINDOW)),
        "mau": len(adoption.active_on(days, last, MONTH_WINDOW)),
        "l7": adoption.l_ness_histogram(days, last, WEEK_WINDOW),
        "l28": adoption.l_ness_histogram(days, last, MONTH_WINDOW),
    }


def running(days: Mapping[date, BitMap], every: Sequence[Period], whole: Sequence[Period], question: Question) -> Running | None:
    """What is known by the last day of the newest of `every` period; None where it is over. `days` end with that day."""
    if not every or is_over(every[-1], question.last):
        return None
    growth, = lifecycle(days, every[-1:])
    return Running(every[-1], growth.active, growth, so_far(days, whole[-MOST_COHORTS:], every[-1], kind=question.cohorts))


def started(days: Mapping[date, BitMap], question: Question) -> dict[int, date]:
    """Actor ordinal -> first day, of those who began in the range of the question."""
    return {actor: day for actor, day in firsts.first_days(days).items() if question.first <= day <= question.last}


def activations(material: Material) -> list[DeliverableActivation]:
    """By deliverable, because each has its own rule, in the order of their names."""
    usage = material.usage
    found = {member.deliverable_id: Usage.of([member], usage.as_of).activation for member in usage.members}
    return [
        DeliverableActivation(deliverable.name, deliverable.activation_rule, found[deliverable.pk])
        for deliverable in sorted(material.deliverables, key=lambda one: one.name)
    ]


def interval_of(rate: AdoptionRate) -> tuple[float, float] | None:
    """Wilson's interval of an adoption rate; None without a rate, and when more users than licences make it no share."""
    if not rate.denominator or rate.numerator > rate.denominator:
        return None
    return adoption.wilson(rate.numerator, rate.denominator)


def feature_use(material: Material, span: Sequence[date], periods: Sequence[Period]) -> list[FeatureUse]:
    """Declared features, used or not, and those that the data name, the most used first."""
    everyone = len(adoption.active_within(material.usage.days, span))
    found = []
    for name in sorted(material.declared | material.features.keys()):
        days = material.features.get(name, {})
        actors = len(adoption.active_within(days, span))
        share = _float(adoption.ratio(actors, everyone))
        active = [len(adoption.active_within(days, period.days())) for period in periods]
        found.append(FeatureUse(name, name in material.declared, actors, share, depth.depth(days, span), active))
    return sorted(found, key=lambda use: -use.actors)


def release_quality(material: Material, question: Question) -> list[ReleaseQuality]:
    """Each release that the data name in the range, in the order in which it first answered."""
    found = []
    for name, days in sorted(material.by_release.items(), key=lambda item: min(item[1])):
        outcomes = material.over(question.first, question.last, days)
        begin = min(days)
        before = material.over(begin - TWO_WEEKS, begin - timedelta(days=1))
        after = material.over(begin, begin + TWO_WEEKS - timedelta(days=1))
        if outcomes.handled:
            found.append(ReleaseQuality(name, outcomes, quality.change_after(before, after)))
    return found


@dataclass(frozen=True, slots=True)
class CohortMembers:
    """One cohort of the triangle: how many of it were active in each later period."""

    period: Period
    size: int
    periods: list[Period]
    active: list[int]


def cohort_members(asked: Study, start: date) -> CohortMembers | None:
    """Return the cohort that began in the period of `start`; None when the study has none."""
    for cohort in asked.triangle.cohorts:
        if cohort.period.start == start:
            later = [period for period in asked.periods if period.start >= start]
            return CohortMembers(cohort.period, cohort.size, later, [cell for cell in cohort.cells if cell is not None])
    return None


def incident_spans(engagement: Engagement, deliverables: Sequence[Deliverable], first: date, last: date) -> tuple[quality.Spans, quality.Spans]:
    """Time to detect and time to restore of the incidents that began in the range."""
    incidents = [
        incident
        for incident in Incident.objects.current().filter(deliverable__in=deliverables)
        if first <= local_day(incident.started_at, engagement.zone) <= last
    ]
    return (
        quality.median_span([(incident.started_at, incident.detected_at) for incident in incidents]),
        quality.median_span([(incident.started_at, incident.restored_at) for incident in incidents]),
    )


def _float(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
