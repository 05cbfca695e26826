"""Writes blockers, risks, releases, incidents and the lives of deliverables, as the services would have left them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from engagements.demo.clock import Clock, Day, instant
from engagements.demo.concerns import (
    CONCERNS,
    NOTHING,
    BlockerPlan,
    ConcernsPlan,
    IncidentPlan,
    RebaselinePlan,
    RiskPlan,
)
from engagements.models import (
    Blocker,
    BlockerChange,
    BlockerRevision,
    Deliverable,
    DeliverableChange,
    Engagement,
    EvidenceLink,
    Incident,
    Rebaseline,
    Release,
    Risk,
    RiskAssessment,
)

State = Deliverable.State
WORKED_FOR, LOOKED_AT_FOR = timedelta(weeks=4), timedelta(hours=20)


def create_concerns(engagement: Engagement, *, clock: Clock) -> None:
    plan = CONCERNS.get(engagement.slug, NOTHING)
    for blocker in plan.blockers:
        _create_blocker(blocker, engagement, clock)
    for risk in plan.risks:
        _create_risk(risk, engagement, clock)
    for promise in plan.rebaselines:
        _create_rebaseline(promise, engagement, clock)
    deliverables = {row.name: row for row in engagement.deliverables.all()}
    for deliverable in deliverables.values():
        _write_life(deliverable, engagement, dict(plan.rejections).get(deliverable.name, ""), clock)
    _create_parts(plan, engagement, deliverables, clock)


def _create_blocker(plan: BlockerPlan, engagement: Engagement, clock: Clock) -> None:
    moves = ((plan.opened, Blocker.State.OPEN), (plan.escalated, Blocker.State.ESCALATED), (plan.cleared, Blocker.State.CLEARED))
    changes = [(clock.date(day), state) for day, state in moves if day]
    blocker = Blocker.objects.create(
        engagement=engagement,
        text=plan.text,
        owing_side=plan.side,
        owner=engagement.lead,
        opened_on=clock.date(plan.opened),
        needed_by=_day(plan.needed, clock),
        milestone=engagement.milestones.filter(title=plan.milestone).first(),
        state=changes[-1][1],
        cleared_on=_day(plan.cleared, clock),
        shared_wording=plan.shared,
    )
    BlockerChange.objects.bulk_create(
        BlockerChange(blocker=blocker, changed_on=on, state=state, changed_by=engagement.lead) for on, state in changes
    )
    if plan.before:
        text, replaced = plan.before
        at = instant(clock.date(replaced), 10, engagement.zone)
        BlockerRevision.objects.create(blocker=blocker, text=text, replaced_at=at, replaced_by=engagement.lead)


def _day(day: Day | None, clock: Clock) -> date | None:
    return clock.date(day) if day else None


def _create_risk(plan: RiskPlan, engagement: Engagement, clock: Clock) -> None:
    judged = {"likelihood": plan.likelihood, "impact": plan.impact, "review_on": _day(plan.review, clock)}
    risk = Risk.objects.create(
        engagement=engagement,
        text=plan.text,
        mitigation=plan.mitigation,
        trigger=plan.trigger,
        threshold=plan.threshold,
        owner=engagement.lead,
        state=Risk.State.CLOSED if plan.closed else Risk.State.OPEN,
        **judged,
    )
    moves = ((plan.named, Risk.State.OPEN), (plan.closed, Risk.State.CLOSED))
    RiskAssessment.objects.bulk_create(
        RiskAssessment(risk=risk, assessed_on=clock.date(day), state=state, assessed_by=engagement.lead, **judged)
        for day, state in moves
        if day
    )


def _create_rebaseline(plan: RebaselinePlan, engagement: Engagement, clock: Clock) -> None:
    milestone = engagement.milestones.get(title=plan.milestone)
    Rebaseline.objects.create(
        milestone=milestone,
        changed_on=clock.date(plan.on),
        old_on=clock.date(plan.old),
        new_on=milestone.baseline_on,
        reason=plan.reason,
        changed_by=engagement.lead,
    )


def _write_life(deliverable: Deliverable, engagement: Engagement, rejected_for: str, clock: Clock) -> None:
    """The steps that lead to the state the deliverable is in."""
    delivered = deliverable.actual_on or deliverable.planned_on
    begun = max(min(deliverable.planned_on, delivered, clock.today) - WORKED_FOR, engagement.started_on)
    submitted_at = instant(min(delivered, clock.today - timedelta(days=1)), 15, engagement.zone)
    steps: list[tuple[State, datetime, str]] = [(State.IN_PROGRESS, instant(begun, 10, engagement.zone), "")]
    if deliverable.state in (State.SUBMITTED, State.ACCEPTED, State.REJECTED):
        steps.append((State.SUBMITTED, submitted_at, ""))
    if deliverable.state in (State.ACCEPTED, State.REJECTED):
        steps.append((State(deliverable.state), submitted_at + LOOKED_AT_FOR, rejected_for))
    if deliverable.state == State.PLANNED:
        return
    befores = [State.PLANNED, *(state for state, *__ in steps)]
    DeliverableChange.objects.bulk_create(
        DeliverableChange(deliverable=deliverable, was=was, state=state, changed_at=at, reason=reason, changed_by=engagement.lead)
        for was, (state, at, reason) in zip(befores, steps, strict=False)
    )


def _create_parts(plan: ConcernsPlan, engagement: Engagement, deliverables: dict[str, Deliverable], clock: Clock) -> None:
    Release.objects.bulk_create(
        Release(deliverable=deliverables[row.deliverable], name=row.name, released_on=clock.date(row.day), note=row.note)
        for row in plan.releases
    )
    Incident.objects.bulk_create(_incident(row, engagement, deliverables[row.deliverable], clock) for row in plan.incidents)
    EvidenceLink.objects.bulk_create(
        EvidenceLink(deliverable=deliverables[name], label=label, url=url) for name, label, url in plan.evidence
    )


def _incident(plan: IncidentPlan, engagement: Engagement, deliverable: Deliverable, clock: Clock) -> Incident:
    started = instant(clock.date(plan.day), plan.hour, engagement.zone)
    return Incident(
        deliverable=deliverable,
        title=plan.title,
        severity=plan.severity,
        started_at=started,
        detected_at=started + timedelta(minutes=plan.detected),
        restored_at=started + timedelta(minutes=plan.restored),
        cause=plan.cause,
        fix=plan.fix,
    )
