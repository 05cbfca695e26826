"""The dated facts behind an engagement's health, read once, and cut off at any day's close.

Nothing that became known after a day enters that day's facts. Records without a history of their own
(people, milestones) count from the day they were entered or first dated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from customers.models import Stakeholder
from engagements.metrics.health_facts import (
    AdoptionFacts,
    FreshnessFacts,
    HealthFacts,
    MilestoneFact,
    RelationshipFacts,
    ScheduleFacts,
    StanceFact,
    with_next,
)
from engagements.metrics.periods import Interval, Period, is_over, is_partial, iter_periods, local_day, period_of
from engagements.metrics.targets import adoption, last_change, target_on
from engagements.metrics.trend import Trend, trend
from engagements.models import Blocker, Engagement, Milestone, OutcomeAgreement, Response, Risk, WeeklyUpdate, WeekSkip
from engagements.selectors.attention_signs import SignsHistory, read_attention_signs
from engagements.selectors.blocker_facts import blocker_facts
from engagements.selectors.gate import failed_hard
from engagements.selectors.outcome_facts import agreements_with_history, outcomes_facts
from engagements.selectors.usage_facts import DeliverableUsage, Usage, as_of_day, engagement_usage
from fde_portal.accounts.models import OrganizationSettings

# Long enough for a fit (six are needed), short enough that a good start does not hide a fall of this month.
TREND_WEEKS = 8
SIX_DAYS = timedelta(days=6)
PULSES_COUNT_FOR = timedelta(days=60)


@dataclass(frozen=True)
class HealthHistory:
    """Everything dated that the model looks at. `today` is the engagement's local day.

    Call `facts` for any day up to `today`.
    """

    engagement: Engagement
    today: date
    organization: OrganizationSettings
    usage: Sequence[DeliverableUsage]
    milestones: Sequence[Milestone]
    blockers: Sequence[Blocker]
    risks: Sequence[Risk]
    outcomes: Sequence[OutcomeAgreement]
    people: Sequence[Stakeholder]
    pulses: Sequence[tuple[date, int]]
    updates: Sequence[tuple[date, bool]]
    phases: Sequence[tuple[date, str]]
    signs: SignsHistory
    skips: Sequence[tuple[date, date]] = ()  # since when each skipped week is known, and its last day
    failed_criteria: Sequence[date] = ()  # since when each failed

    def facts(self, day: date) -> HealthFacts:
        """Return what was known at the close of `day`."""
        # A closed day is complete; the running one as far as its data arrived.
        as_of = min(day, as_of_day(self.usage, self.today))
        usage = Usage.of(self.usage, as_of)
        return HealthFacts(
            phase=self._phase(day),
            adoption=adoption_facts(usage, self.organization.first_weekday),
            schedule=self._schedule(day),
            relationship=self._relationship(day),
            freshness=self._freshness(day, usage.feed_stopped),
            blockers=blocker_facts(self.blockers, self.risks, [on for on, _ in self.updates], day, self.engagement.zone),
            outcomes=outcomes_facts(self.outcomes, day, self.engagement.zone),
            failed_hard_criteria=sum(since <= day for since in self.failed_criteria),
            signs=self.signs.on(day),
        )

    def _phase(self, day: date) -> str:
        """The phase entered last; before the first known change, the one it began with."""
        entered = [phase for since, phase in self.phases if since <= day]
        if entered:
            return entered[-1]
        return self.phases[0][1] if self.phases else self.engagement.phase

    def _schedule(self, day: date) -> ScheduleFacts:
        known = [row for row in self.milestones if milestone_known(row, day, self.engagement.zone)]
        facts = [milestone_fact(row, day) for row in known]
        return ScheduleFacts(
            milestones=with_next(facts),
            reviewed_on=max((on for on in self._reviews(known) if on <= day), default=None),
        )

    def _reviews(self, milestones: Iterable[Milestone]) -> Iterator[date]:
        """Days on which somebody set a date, or published an update that rates the schedule."""
        for row in milestones:
            yield local_day(row.created_at, self.engagement.zone)
            yield from (change.changed_on for change in row.forecast_changes.all())
            yield from (promise.changed_on for promise in row.rebaselines.all())
        yield from (on for on, rates_schedule in self.updates if rates_schedule)

    def _relationship(self, day: date) -> RelationshipFacts:
        recent = [score for on, score in self.pulses if day - PULSES_COUNT_FOR < on <= day]
        return replace(relationship_facts(self.people, day, self.engagement.zone), pulses=recent)

    def _freshness(self, day: date, feed_stopped: bool) -> FreshnessFacts:
        return FreshnessFacts(
            started_on=self.engagement.started_on,
            last_update_on=max((on for on, _ in self.updates if on <= day), default=None),
            cadence_days=self.organization.update_cadence_days,
            feed_stopped=feed_stopped,
            skipped_until=max((sunday for known_on, sunday in self.skips if known_on <= day and sunday - SIX_DAYS <= day), default=None),
        )


def read_history(
    engagement: Engagement, *, now: datetime, usage: list[DeliverableUsage] | None = None, signs: SignsHistory | None = None
) -> HealthHistory:
    """Read the dated facts of one engagement, in as many statements for one day as for a hundred.

    `usage` and `signs` are what was read already.
    """
    return HealthHistory(
        engagement=engagement,
        today=local_day(now, engagement.zone),
        organization=OrganizationSettings.current(),
        usage=engagement_usage(engagement) if usage is None else usage,
        milestones=list(Milestone.objects.filter(engagement=engagement).prefetch_related("forecast_changes", "rebaselines")),
        blockers=list(Blocker.objects.filter(engagement=engagement).prefetch_related("changes")),
        risks=list(Risk.objects.filter(engagement=engagement).prefetch_related("assessments")),
        outcomes=agreements_with_history(engagement),
        people=list(Stakeholder.objects.filter(customer=engagement.customer_id).prefetch_related("stances")),
        pulses=_pulses(engagement),
        updates=_published(engagement),
        phases=list(engagement.phase_changes.values_list("entered_on", "phase")),
        signs=signs or read_attention_signs(engagement),
        skips=_skips(engagement),
        failed_criteria=_failed_criteria(engagement),
    )


def _failed_criteria(engagement: Engagement) -> list[date]:
    """Since which local day each hard criterion of the gates before production is failed."""
    answered = failed_hard([engagement.pk]).values_list("answered_at", flat=True)
    return [local_day(at, engagement.zone) for at in answered if at]


def _published(engagement: Engagement) -> list[tuple[date, bool]]:
    """Local day of each publishing, and whether the update rated the schedule."""
    updates = WeeklyUpdate.objects.filter(engagement=engagement, published_at__isnull=False)
    rows = updates.values_list("published_at", "schedule_rating")
    return [(local_day(at, engagement.zone), bool(rating)) for at, rating in rows]


def _skips(engagement: Engagement) -> list[tuple[date, date]]:
    """Of each week skipped with a reason: the local day on which somebody did, and its Sunday."""
    rows = WeekSkip.objects.filter(engagement=engagement).values_list("created_at", "iso_year", "iso_week")
    return [(local_day(at, engagement.zone), date.fromisocalendar(year, week, 7)) for at, year, week in rows]


def _pulses(engagement: Engagement) -> list[tuple[date, int]]:
    """Local day and score of each pulse that the customer gave on the page."""
    pulses = Response.objects.counted().filter(engagement=engagement, kind=Response.Kind.PULSE)
    rows = pulses.values_list("confirmed_at", "score")
    return [(local_day(at, engagement.zone), score) for at, score in rows]


def milestone_known(row: Milestone, day: date, zone: ZoneInfo) -> bool:
    """Whether the milestone was in the plan at the close of `day`."""
    dated = [change.changed_on for change in row.forecast_changes.all()]
    return min([local_day(row.created_at, zone), *dated]) <= day and not _archived_by(row, day, zone)


def milestone_fact(row: Milestone, day: date) -> MilestoneFact:
    """Return the dates of a milestone as they stood at the close of `day`."""
    changes = list(row.forecast_changes.all())
    # Without any history the row's own dates are all there is.
    dated = [change for change in changes if change.changed_on <= day] if changes else [row]
    forecast, actual = (dated[-1].forecast_on, dated[-1].actual_on) if dated else (None, None)
    return MilestoneFact(
        baseline=baseline_on_day(row, day),
        expected=forecast,
        actual=actual if actual and actual <= day else None,
        is_go_live=row.kind == Milestone.Kind.GO_LIVE,
        ref=row.pk,
    )


def baseline_on_day(row: Milestone, day: date) -> date:
    """Return the promise that held at the close of `day`: later ones leave their old date behind."""
    later = [promise.old_on for promise in row.rebaselines.all() if promise.changed_on > day]
    return later[0] if later else row.baseline_on


def relationship_facts(people: Iterable[Stakeholder], day: date, zone: ZoneInfo) -> RelationshipFacts:
    """Return stances, uncovered roles and a lost sponsor at the close of `day`."""
    known = [person for person in people if _known(person, day, zone)]
    present = [person for person in known if not _gone(person, day)]
    roles = {person.role for person in present}
    return RelationshipFacts(
        stances=[fact for person in present if (fact := _stance(person, day))],
        coverage_gaps=sum(role not in roles for role in Stakeholder.COVERED_ROLES),
        sponsor_left_on=None if Stakeholder.Role.SPONSOR in roles else _sponsor_lost(known, present, day),
    )


def _known(person: Stakeholder, day: date, zone: ZoneInfo) -> bool:
    recorded = [stance.recorded_on for stance in person.stances.all()]
    return min([local_day(person.created_at, zone), *recorded]) <= day and not _archived_by(person, day, zone)


def _gone(person: Stakeholder, day: date) -> bool:
    return person.left_on is not None and person.left_on <= day


def _archived_by(record: Milestone | Stakeholder, day: date, zone: ZoneInfo) -> bool:
    return record.archived_at is not None and local_day(record.archived_at, zone) <= day


def _stance(person: Stakeholder, day: date) -> StanceFact | None:
    records = [record for record in person.stances.all() if record.recorded_on <= day]
    return StanceFact(records[-1].stance, person.influence, records[-1].recorded_on, person.pk) if records else None


def _sponsor_lost(known: Iterable[Stakeholder], present: Iterable[Stakeholder], day: date) -> date | None:
    """Return when the last sponsor left, unless a backup person stepped in."""
    here = {person.pk for person in present}
    lost = [one for one in known if one.role == Stakeholder.Role.SPONSOR and _gone(one, day)]
    return max((one.left_on for one in lost if one.backup_person_id not in here), default=None)


def adoption_facts(usage: Usage, first_weekday: int) -> AdoptionFacts:
    """Return target people active in the last whole week, unknown where it was not measured in full."""
    week = period_of(usage.as_of, Interval.WEEK, first_weekday)
    if not is_over(week, usage.as_of):
        week = week.previous
    target = target_on(usage.parts, week.last_day)
    wanted = None if target is None else Decimal(target)
    if usage.first_day is None or usage.feed_stopped or is_partial(week, usage.first_day, usage.as_of):
        return AdoptionFacts(None, wanted)
    reached = adoption(usage.parts, list(week.days())).rate
    return AdoptionFacts(reached.numerator, wanted, _trend(usage, week))


def _trend(usage: Usage, last: Period) -> Trend | None:
    """Return the trend of the weekly rate up to `last`; a change of the targets breaks the line."""
    broken_on = last_change(usage.parts, last.last_day)
    start = max(usage.first_day or last.start, broken_on or date.min, last.start - timedelta(weeks=TREND_WEEKS - 1))
    weeks = iter_periods(start, last.start, Interval.WEEK, last.start.weekday())
    rates = [adoption(usage.parts, list(week.days())).rate.rate for week in weeks if week.start >= start]
    return None if None in rates else trend([rate for rate in rates if rate is not None])
