"""Gathers the dossier, field by field: the only way from internal records to the customer's security team."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Sum

from engagements.dossier.content import (
    Dossier,
    DossierCondition,
    DossierCriterion,
    DossierDecision,
    DossierGate,
    DossierIncident,
    DossierQuality,
    DossierRelease,
    DossierSource,
)
from engagements.metrics.gates import SAFETY_KEYS
from engagements.models import ActivityDay, Decision, Engagement, Gate, GateCriterion, Incident, Integration, Release
from engagements.selectors.gate import keyed_criteria
from fde_portal.accounts.models import OrganizationSettings

Dimension = ActivityDay.Dimension
CASES = ("events", "accepted", "edited", "rejected", "failed")


def dossier_of(engagement: Engagement, *, today: date) -> Dossier:
    """Everything that may go, as known on the local day `today`; as many statements for one gate as for many."""
    return Dossier(
        vendor=OrganizationSettings.current().vendor_name,
        customer=engagement.customer.name,
        engagement=engagement.name,
        phase=engagement.phase,
        made_on=today,
        compliance=_compliance(engagement),
        gates=_gates(engagement),
        decisions=_decisions(engagement),
        sources=_sources(engagement),
        releases=_releases(engagement),
        quality=_quality(engagement),
        incidents=_incidents(engagement),
    )


def _compliance(engagement: Engagement) -> tuple[DossierCriterion, ...]:
    rows = [row for row in keyed_criteria(engagement.pk) if row.key in SAFETY_KEYS]
    rows.sort(key=lambda row: (SAFETY_KEYS.index(row.key), row.pk))
    return tuple(_criterion(row, engagement) for row in rows)


def _criterion(row: GateCriterion, engagement: Engagement) -> DossierCriterion:
    because = row.reason if row.answer == GateCriterion.Answer.WAIVED else ""
    return DossierCriterion(row.text, row.is_hard, row.key, row.answer, row.evidence, _day(row.answered_at, engagement), because)


def _day(at: datetime | None, engagement: Engagement) -> date | None:
    return at.astimezone(engagement.zone).date() if at else None


def _gates(engagement: Engagement) -> tuple[DossierGate, ...]:
    gates = Gate.objects.standing().filter(engagement=engagement).exclude(decision=None).select_related("decision")
    rows = gates.prefetch_related("criteria", "decision__conditions").order_by("decision__decided_on", "decision__id")
    return tuple(_gate(row, engagement) for row in rows)


def _gate(row: Gate, engagement: Engagement) -> DossierGate:
    decision = row.decision
    return DossierGate(
        phase=row.phase,
        round=row.round,
        outcome=decision.outcome,
        decided_on=decision.decided_on,
        ours=decision.our_deciders,
        theirs=decision.their_deciders,
        sign_off=row.sign_off,
        criteria=tuple(_criterion(criterion, engagement) for criterion in row.criteria.all()),
        conditions=tuple(
            DossierCondition(condition.text, condition.due_on, _day(condition.done_at, engagement))
            for condition in decision.conditions.all()
        ),
    )


def _decisions(engagement: Engagement) -> tuple[DossierDecision, ...]:
    rows = Decision.objects.current().filter(engagement=engagement, in_dossier=True).order_by("noted_on", "id")
    return tuple(DossierDecision(*values) for values in rows.values_list("text", "decided_by", "noted_on", "reason"))


def _sources(engagement: Engagement) -> tuple[DossierSource, ...]:
    rows = Integration.objects.current().filter(engagement=engagement).order_by("text", "id")
    return tuple(DossierSource(*values) for values in rows.values_list("text", "legal_basis"))


def _releases(engagement: Engagement) -> tuple[DossierRelease, ...]:
    rows = Release.objects.current().filter(deliverable__engagement=engagement, deliverable__archived_at=None)
    rows = rows.order_by("released_on", "id")
    return tuple(DossierRelease(*values) for values in rows.values_list("deliverable__name", "name", "released_on"))


def _quality(engagement: Engagement) -> tuple[DossierQuality, ...]:
    days = ActivityDay.objects.filter(
        deliverable__engagement=engagement, deliverable__archived_at=None, dimension=Dimension.RELEASE
    )
    sums = days.order_by("deliverable__name", "name").values_list("deliverable__name", "name")
    return tuple(DossierQuality(*values) for values in sums.annotate(*(Sum(name) for name in CASES)))


def _incidents(engagement: Engagement) -> tuple[DossierIncident, ...]:
    rows = Incident.objects.current().filter(deliverable__engagement=engagement, deliverable__archived_at=None)
    columns = ("deliverable__name", "title", "severity", "started_at", "detected_at", "restored_at", "cause", "fix")
    return tuple(DossierIncident(*values) for values in rows.order_by("started_at", "id").values_list(*columns))
