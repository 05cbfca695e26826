"""Gathers what may go into an edition, field by field.

This is the only way from the records to a customer. It reads what is named here and nothing else:
no ratings, no health, no notes, no stances, no internal lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Subquery

from engagements.metrics.rounding import round_half_up
from engagements.models.blocker import Blocker
from engagements.models.deliverable import Deliverable
from engagements.models.engagement import Engagement
from engagements.models.gate import Gate
from engagements.models.milestone import Milestone
from engagements.models.observation import Observation
from engagements.models.outcome import OutcomeAgreement
from engagements.models.value import ValueCase
from engagements.models.value_ledger import RealisedValue
from engagements.models.weekly_update import Ask, LineKind, WeeklyUpdate
from engagements.public_page.content import (
    WEEKS_OF_USE,
    SharedAdoption,
    SharedAsk,
    SharedBlocker,
    SharedContent,
    SharedDeliverable,
    SharedGate,
    SharedMilestone,
    SharedOutcome,
    SharedRealised,
    SharedValue,
    SharedWeek,
    WeekOfUse,
)
from engagements.selectors.metric import latest_metrics
from engagements.selectors.value_flow import shared_flow
from fde_portal.accounts.models import OrganizationSettings


def shareable_content(engagement: Engagement, *, now: datetime) -> SharedContent:
    """The page as it would be published at `now`: newest published update, open asks, shared milestones, figures."""
    asks = tuple(shared_ask(ask) for ask in open_asks(engagement))
    return replace(
        week_content(engagement, now=now, week=newest_week(engagement), asks=asks),
        blockers=tuple(shared_blocker(row) for row in shared_blockers(engagement)),
        deliverables=tuple(shared_deliverable(row) for row in submitted_deliverables(engagement)),
        gates=tuple(shared_gates(engagement)),
        milestones=tuple(shared_milestone(row) for row in shared_milestones(engagement)),
        adoption=shared_adoption(engagement),
        value=shared_value(engagement),
        outcomes=tuple(shared_outcomes(engagement)),
        realised=tuple(shared_realised(engagement)),
        figures=tuple(engagement.shared_figures),
    )


def week_content(
    engagement: Engagement, *, now: datetime, week: SharedWeek, asks: tuple[SharedAsk, ...]
) -> SharedContent:
    """A page of one week's words alone: what the preview of a draft shows."""
    organization = OrganizationSettings.current()
    return SharedContent(
        engagement=engagement.name,
        customer=engagement.customer.name,
        vendor=organization.vendor_name,
        vendor_mark=organization.initials,
        vendor_logo=organization.logo.digest if organization.logo else "",
        contact_name=engagement.lead.name,
        contact_email=engagement.lead.email,
        time_zone=engagement.time_zone,
        published_on=now.astimezone(engagement.zone).date(),
        week=week,
        asks=asks,
        milestones=(),
        adoption=None,
        value=None,
    )


def newest_week(engagement: Engagement) -> SharedWeek:
    update = WeeklyUpdate.objects.filter(engagement=engagement).published().first()
    return shared_week(update) if update else SharedWeek()


def shared_week(update: WeeklyUpdate) -> SharedWeek:
    lines = list(update.shared_lines.all())
    return SharedWeek(
        monday=update.monday,
        headline=update.headline,
        progress=tuple(line.text for line in lines if line.kind == LineKind.PROGRESS),
        next=tuple(line.text for line in lines if line.kind == LineKind.NEXT),
    )


def open_asks(engagement: Engagement) -> Iterable[Ask]:
    return Ask.objects.filter(engagement=engagement).open().select_related("stakeholder")


def shared_ask(ask: Ask) -> SharedAsk:
    person = ask.stakeholder.name if ask.stakeholder else ""
    return SharedAsk(ask.pk or 0, ask.text, person, ask.due_on, ask.consequence)


def shared_blockers(engagement: Engagement) -> Iterable[Blocker]:
    """Those that stand and have a wording for the customer; their own text is not even read."""
    rows = Blocker.objects.standing().filter(engagement=engagement).exclude(shared_wording="")
    return rows.select_related("milestone").defer("text").order_by("opened_on", "id")


def shared_blocker(row: Blocker) -> SharedBlocker:
    """The milestone is named only where the customer sees it and it is still ahead."""
    shared = SharedBlocker(row.pk, row.shared_wording, row.owing_side, row.opened_on)
    milestone = row.milestone
    if milestone is None or not milestone.is_shared or milestone.is_archived or milestone.actual_on:
        return shared
    return replace(shared, milestone=milestone.title, planned=milestone.baseline_on, expected=milestone.expected_on)


def submitted_deliverables(engagement: Engagement) -> Iterable[Deliverable]:
    """What was handed over and waits for the customer's word, the oldest first."""
    rows = Deliverable.objects.current().filter(engagement=engagement, is_shared=True, state=Deliverable.State.SUBMITTED)
    return rows.order_by("actual_on", "id")


def shared_deliverable(row: Deliverable) -> SharedDeliverable:
    return SharedDeliverable(row.pk, row.name, row.actual_on, tuple(row.criteria))


def shared_gates(engagement: Engagement) -> Iterator[SharedGate]:
    """Decisions the customer is asked to sign off: their own wording, the outcome and its day, nothing of what they rested on.

    One they declined is asked again, unless a later round has decided in its place.
    """
    later = Gate.objects.standing().filter(engagement=engagement, phase=OuterRef("phase"), round__gt=OuterRef("round")).exclude(decision=None)
    rows = Gate.objects.filter(engagement=engagement, is_shared=True).exclude(decision=None)
    rows = rows.exclude(Exists(later), sign_off=Gate.SignOff.DECLINED).order_by("decision__decided_on", "id")
    for values in rows.values_list("id", "shared_wording", "decision__outcome", "decision__decided_on"):
        yield SharedGate(*values)


def shared_milestones(engagement: Engagement) -> list[Milestone]:
    """In the order in which they are expected; the promised order decides between equal days."""
    rows = Milestone.objects.current().filter(engagement=engagement, is_shared=True)
    return sorted(rows, key=lambda row: (row.expected_on, row.baseline_on, row.pk))


def shared_milestone(row: Milestone) -> SharedMilestone:
    return SharedMilestone(row.pk, row.title, row.summary, row.baseline_on, row.expected_on, row.actual_on is not None)


def shared_adoption(engagement: Engagement) -> SharedAdoption | None:
    """None before the first day of use was measured."""
    metrics = latest_metrics(engagement)
    if metrics is None or metrics.values.get("last_usage_day") is None:
        return None
    complete = [week for week in metrics.series.get("weeks", ()) if not week["partial"]]
    weeks = tuple(
        WeekOfUse(date.fromisoformat(week["start"]), week["wau"], week["target"]) for week in complete[-WEEKS_OF_USE:]
    )
    return SharedAdoption(metrics.values["wau"], metrics.values["weekly_target"], weeks)


def shared_value(engagement: Engagement) -> SharedValue | None:
    """From the shared lines of the newest value case; None when none is shared."""
    case = ValueCase.objects.current().filter(engagement=engagement).first()
    flow = shared_flow(case) if case else None
    if case is None or flow is None:
        return None
    return SharedValue(
        currency=case.currency,
        counts_costs=any(flow.costs),
        starts_on=case.starts_on,
        cumulative=tuple(round_half_up(amount) for amount in flow.cumulative),
        payback_years=None if flow.payback_years is None else round_half_up(flow.payback_years, 2),
        periods=flow.periods,
    )


def shared_realised(engagement: Engagement) -> Iterator[SharedRealised]:
    """What the shared lines of the newest value case brought, newest first."""
    case = ValueCase.objects.current().filter(engagement=engagement).first()
    rows = RealisedValue.objects.current().filter(line__case=case, line__is_shared=True) if case else ()
    for row in rows.select_related("line") if case else ():
        yield SharedRealised(row.pk, row.line.name, row.line.is_benefit, round_half_up(row.amount, 2), case.currency, row.period_from, row.period_to, row.state)


def shared_outcomes(engagement: Engagement) -> Iterator[SharedOutcome]:
    """Agreed outcomes the customer sees, with the newest figure nobody disputes; those never observed are left out."""
    agreements = OutcomeAgreement.objects.current().filter(engagement=engagement, is_shared=True).exclude(state="draft")
    newest = Observation.objects.current().filter(agreement=OuterRef("pk")).exclude(state=Observation.State.DISPUTED)
    rows = list(agreements.select_related("verifier").annotate(newest=Subquery(newest.values("pk")[:1])))
    observations = Observation.objects.select_related("agreement").in_bulk([row.newest for row in rows if row.newest])
    for row in rows:
        seen = observations.get(row.newest)
        if seen and seen.value is not None:
            value = round_half_up(seen.value, 1)
            yield SharedOutcome(
                row.pk, row.metric or row.outcome, row.unit.strip(), value, row.baseline, row.target,
                observation=seen.pk, until=seen.period_to, due=row.due_on, verifier=row.verifier.name if row.verifier else "", state=seen.state,
            )
