"""Writes agreed outcomes with their lines, observations and guardrails, as the services would have left them."""

from __future__ import annotations

from datetime import timedelta

from customers.models import Stakeholder
from engagements.demo.clock import FRI, MON, SUN, Clock
from engagements.demo.outcomes import OUTCOMES, OutcomePlan, RailPlan, SeenPlan, decimal
from engagements.models import (
    Engagement,
    Guardrail,
    GuardrailReading,
    Observation,
    OutcomeAgreement,
    OutcomeChange,
    OutcomeRebaseline,
)

State = OutcomeAgreement.State
CHECKED_AFTER = timedelta(days=4)


def create_outcomes(engagement: Engagement, *, clock: Clock) -> None:
    people = {person.name: person for person in engagement.customer.stakeholders.all()}
    for plan in OUTCOMES.get(engagement.slug, ()):
        agreement = _create_agreement(plan, engagement, people, clock)
        _write_life(plan, agreement, clock)
        Observation.objects.bulk_create(_observation(seen, plan, agreement, clock) for seen in plan.seen)
        for rail in plan.rails:
            _create_rail(rail, agreement, clock)


def _create_rail(rail: RailPlan, agreement: OutcomeAgreement, clock: Clock) -> None:
    made = Guardrail.objects.create(
        agreement=agreement, text=rail.text, limit=rail.limit, unit=rail.unit, reading=rail.reading, read_on=clock.date(rail.day)
    )
    GuardrailReading.objects.bulk_create(
        GuardrailReading(guardrail=made, value=value, limit=rail.limit, read_on=clock.date(day), recorded_by=agreement.our_person)
        for value, day in ((rail.reading, rail.day), *rail.before)
    )


def _create_agreement(plan: OutcomePlan, engagement: Engagement, people: dict[str, Stakeholder], clock: Clock) -> OutcomeAgreement:
    agreement = OutcomeAgreement.objects.create(
        engagement=engagement,
        outcome=plan.outcome,
        metric=plan.metric,
        unit=plan.unit,
        direction=plan.direction,
        population=plan.population,
        source_of_truth=plan.source,
        baseline_kind=OutcomeAgreement.Baseline.MEASURED,
        baseline=plan.baseline,
        baseline_on=clock.date(plan.since),
        target=plan.target,
        due_on=clock.date(plan.due),
        our_person=engagement.lead,
        their_person=people[plan.theirs],
        verifier=people[plan.verifier],
        producer=people.get(plan.producer),
        cadence_days=plan.cadence,
        usage_figure=OutcomeAgreement.UsageFigure.WEEKLY_USERS if plan.from_usage else "",
        is_shared=not plan.from_usage,  # the page shows people using it already, and their day is the newest one
        state=State.AGREED if plan.from_usage else State.MEASURING,
        agreed_on=clock.date(plan.agreed),
        agreed_how=plan.how,
    )
    agreement.deliverables.set(engagement.deliverables.filter(name__in=plan.deliverables))
    return agreement


def _write_life(plan: OutcomePlan, agreement: OutcomeAgreement, clock: Clock) -> None:
    agreed_on = clock.date(plan.agreed)
    moves = [(State.DRAFT, clock.date(plan.since)), (State.AGREED, agreed_on)]
    if plan.seen:
        moves.append((State.MEASURING, clock.date((plan.seen[0].last + 1, MON))))
    OutcomeChange.objects.bulk_create(
        OutcomeChange(agreement=agreement, state=state, changed_on=on, changed_by=agreement.our_person) for state, on in moves
    )
    if plan.earlier:
        OutcomeRebaseline.objects.create(
            agreement=agreement,
            changed_on=clock.date(plan.earlier.day),
            old_baseline=agreement.baseline,
            old_baseline_on=agreement.baseline_on,
            old_baseline_kind=agreement.baseline_kind,
            old_target=plan.earlier.target,
            old_due_on=clock.date(plan.earlier.due),
            reason=plan.earlier.reason,
            approved_by=agreement.their_person,
            approved_on=clock.date(plan.earlier.day),
            changed_by=agreement.our_person,
        )


def _observation(seen: SeenPlan, plan: OutcomePlan, agreement: OutcomeAgreement, clock: Clock) -> Observation:
    """Known on the Monday after its last week, checked four days later where the verifier has looked.

    The newest edition tells it, so that it reaches no further than the Friday on which that was published.
    """
    friday = clock.date((0, FRI))
    known = min(clock.date((seen.last + 1, MON)), friday)
    is_decided = seen.state != Observation.State.PROVISIONAL
    return Observation(
        agreement=agreement,
        period_from=clock.date((seen.first, MON)),
        period_to=min(clock.date((seen.last, SUN)), friday),
        numerator=seen.value,
        denominator=decimal(seen.of),
        source=plan.source,
        confidence=plan.confidence,
        state=seen.state,
        comment=seen.comment,
        recorded_on=known,
        recorded_by=agreement.our_person,
        decided_on=min(known + CHECKED_AFTER, clock.today) if is_decided else None,
        decided_by=plan.verifier if is_decided else "",
    )
