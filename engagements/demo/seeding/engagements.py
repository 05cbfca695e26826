"""Writes an engagement: team, phases, milestones with every forecast, deliverables, value."""

from __future__ import annotations

from collections.abc import Mapping

from customers.models import Customer
from engagements.demo.clock import MON, SUN, WED, Clock, Day, instant
from engagements.demo.plans import CasePlan, DeliverablePlan, EngagementPlan, MilestonePlan, ValueLinePlan
from engagements.models import (
    Deliverable,
    Engagement,
    ForecastChange,
    Milestone,
    PhaseChange,
    RealisedValue,
    TeamMember,
    ValueAmount,
    ValueCase,
    ValueDriver,
    ValueLine,
)
from fde_portal.accounts.models import User

STORY_TEXTS = ("problem", "current_process", "target_process", "definition_of_done", "out_of_scope", "exit_plan")


def create_engagement(plan: EngagementPlan, *, customer: Customer, staff: Mapping[str, User], clock: Clock) -> Engagement:
    """Write everything of an engagement but its use and its weeks."""
    engagement = _create_row(plan, customer, staff, clock)
    _write_history(plan, engagement, staff, clock)
    for milestone in plan.milestones:
        _create_milestone(milestone, plan.starts, engagement, clock)
    for deliverable in plan.deliverables:
        _create_deliverable(deliverable, engagement, clock)
    if plan.case:
        _create_case(plan.case, engagement, clock)
    return engagement


def _create_row(plan: EngagementPlan, customer: Customer, staff: Mapping[str, User], clock: Clock) -> Engagement:
    return Engagement.objects.create(
        customer=customer,
        name=plan.name,
        slug=plan.slug,
        lead=staff[plan.lead],
        backup=staff[plan.backup],
        manager=staff[plan.manager],
        phase=plan.phases[-1][0],
        status=plan.status,
        started_on=clock.date(plan.starts),
        target_end=clock.date(plan.ends) if plan.ends else None,
        time_zone=customer.time_zone,
        currency=customer.currency,
        **{name: getattr(plan, name) for name in STORY_TEXTS},
    )


def _write_history(plan: EngagementPlan, engagement: Engagement, staff: Mapping[str, User], clock: Clock) -> None:
    created_at = instant(engagement.started_on, 9, engagement.zone)
    Engagement.objects.filter(pk=engagement.pk).update(created_at=created_at)
    TeamMember.objects.bulk_create(
        TeamMember(engagement=engagement, user=staff[key], weekly_share=share) for key, share in plan.team
    )
    PhaseChange.objects.bulk_create(
        PhaseChange(engagement=engagement, phase=phase, entered_on=clock.date((week, MON))) for phase, week in plan.phases
    )


def _create_milestone(plan: MilestonePlan, starts: Day, engagement: Engagement, clock: Clock) -> None:
    last = plan.moves[-1][1] if plan.moves else None
    milestone = Milestone.objects.create(
        engagement=engagement,
        title=plan.title,
        kind=plan.kind,
        summary=plan.summary,
        baseline_on=clock.date(plan.baseline),
        forecast_on=clock.date(last) if last else None,
        actual_on=clock.date(plan.actual) if plan.actual else None,
        our_part=plan.ours,
        their_part=plan.theirs,
        is_shared=plan.shared,
    )
    ForecastChange.objects.bulk_create(
        ForecastChange(
            milestone=milestone,
            changed_on=clock.date(on),
            forecast_on=clock.date(forecast) if forecast else None,
            actual_on=clock.date(actual) if actual else None,
            changed_by=engagement.lead,
        )
        for on, forecast, actual in _dates_over_time(plan, starts, last)
    )


def _dates_over_time(plan: MilestonePlan, starts: Day, last: Day | None) -> list[tuple[Day, Day | None, Day | None]]:
    """(changed on, forecast, reached) from the start on, as the service would have kept them."""
    moves: list[tuple[Day, Day | None, Day | None]] = [((week, WED), forecast, None) for week, forecast in plan.moves]
    reached = [(plan.actual, last, plan.actual)] if plan.actual else []
    return [(starts, None, None), *moves, *reached]


def _create_deliverable(plan: DeliverablePlan, engagement: Engagement, clock: Clock) -> None:
    Deliverable.objects.create(
        engagement=engagement,
        name=plan.name,
        kind=plan.kind,
        owner=engagement.lead,
        acceptance_criteria=plan.criteria,
        planned_on=clock.date(plan.planned),
        forecast_on=clock.date(plan.forecast) if plan.forecast else None,
        actual_on=clock.date(plan.actual) if plan.actual else None,
        state=plan.state,
        is_shared=plan.shared,
    )


def _create_case(plan: CasePlan, engagement: Engagement, clock: Clock) -> None:
    case = ValueCase.objects.create(
        engagement=engagement,
        title=plan.title,
        currency=engagement.currency,
        starts_on=clock.date(plan.starts),
        source=plan.source,
        weighs_confidence=plan.weighs_confidence,
        layout=ValueCase.Layout.MONTHS if plan.by_month else ValueCase.Layout.YEARS,
    )
    for position, line in enumerate(plan.lines):
        _create_line(line, case, position, clock)


def _create_realised(plan: ValueLinePlan, line: ValueLine, clock: Clock) -> None:
    engagement = line.case.engagement
    checker = engagement.customer.stakeholders.order_by("-influence").first()
    for row in plan.realised:
        is_decided = row.verdict != RealisedValue.State.PROVISIONAL
        RealisedValue.objects.create(
            line=line, period_from=clock.date((row.first, MON)), period_to=clock.date((row.last, SUN)), amount=row.amount, hours=row.hours, reason=row.reason,
            source=line.case.source, recorded_on=clock.date((row.last + 1, MON)), recorded_by=engagement.lead, state=row.verdict, comment=row.comment,
            decided_on=clock.date((row.last + 1, WED)) if is_decided else None, decided_by=checker.name if is_decided and checker else "",
        )


def _create_line(plan: ValueLinePlan, case: ValueCase, position: int, clock: Clock) -> None:
    line = ValueLine.objects.create(
        case=case,
        name=plan.name,
        kind=plan.kind,
        position=position,
        confidence=plan.confidence,
        attribution=plan.attribution,
        risk_adjustment=plan.risk,
        is_shared=plan.shared,
        basis=ValueLine.Basis.DRIVERS if plan.drivers else ValueLine.Basis.AMOUNTS,
        begins_month=plan.begins,
        ramp_months=plan.ramp,
        low_share=plan.low,
        high_share=plan.high,
        capture=plan.capture,
        work=plan.work,
        source=plan.source,
    )
    ValueDriver.objects.bulk_create(
        ValueDriver(
            line=line, position=number, name=driver.name, unit=driver.unit, low=driver.low, expected=driver.expected, high=driver.high,
            confidence=driver.confidence, source_kind=driver.comes_from, source=driver.source,
        )
        for number, driver in enumerate(plan.drivers)
    )
    _create_realised(plan, line, clock)
    ValueAmount.objects.bulk_create(
        ValueAmount(line=line, year=year, amount=amount) for year, amount in enumerate(plan.amounts)
    )
