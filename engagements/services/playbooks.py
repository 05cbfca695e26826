"""Acts on playbooks, and beginning an engagement from one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models, transaction

from engagements.models import (
    Deliverable,
    Engagement,
    Milestone,
    PlannedIntegration,
    Playbook,
    PlaybookCriterion,
    PlaybookDeliverable,
    PlaybookIntegration,
    PlaybookMilestone,
)
from engagements.playbook.standard import STANDARD, PlaybookText
from engagements.services.gates import ask_missing, open_gates
from engagements.services.milestones import plan_milestone
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import save_record
from fde_portal.core.search.index import refresh

PARTS = (PlaybookMilestone, PlaybookDeliverable, PlaybookCriterion, PlaybookIntegration)


@transaction.atomic
def ensure_standard_playbooks() -> None:
    """Write the playbooks that come with the portal where they were never written. Archived ones stay archived."""
    keys = {f"standard:{language}": text for language, text in STANDARD.items()}
    for key in keys.keys() - set(Playbook.objects.filter(key__in=keys).values_list("key", flat=True)):
        _write_standard(key, keys[key])


def _write_standard(key: str, text: PlaybookText) -> None:
    language = key.partition(":")[2]
    playbook, is_new = Playbook.objects.get_or_create(
        key=key, defaults={"name": text.name, "summary": text.summary, "language": language}
    )
    if not is_new:
        return
    rows: list[models.Model] = [
        *(PlaybookMilestone(playbook=playbook, days=days, title=title, kind=kind) for days, title, kind in text.milestones),
        *(PlaybookDeliverable(playbook=playbook, days=days, name=name, kind=kind) for days, name, kind in text.deliverables),
        *(PlaybookCriterion(playbook=playbook, phase=phase, text=line.text, is_hard=line.is_hard, key=line.key) for phase, lines in text.criteria.items() for line in lines),
        *(PlaybookIntegration(playbook=playbook, name=name) for name in text.integrations),
    ]
    for part in PARTS:
        part.objects.bulk_create(row for row in rows if isinstance(row, part))
    refresh(playbook)


@transaction.atomic
def save_playbook(form: Any, *, by: User) -> Playbook:
    """Save a playbook and its lines from a valid PlaybookForm. Engagements begun from it stay as they are.

    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    playbook = save_record(form, by=by)
    for formset in form.parts.values():
        formset.instance = playbook
        formset.save()
    refresh(playbook)  # its lines were not written yet when the act was recorded
    return playbook


@transaction.atomic
def copy_playbook(playbook: Playbook, *, name: str, by: User) -> Playbook:
    """Make a playbook with the same lines that can be changed on its own."""
    copy = Playbook.objects.create(name=name[:120], language=playbook.language, summary=playbook.summary)
    for part in PARTS:
        rows = list(part.objects.filter(playbook=playbook))
        for row in rows:
            row.pk, row.playbook = None, copy
        part.objects.bulk_create(rows)
    audit.record("create", copy, by=by, copy_of=playbook.pk)
    return copy


@transaction.atomic
def begin_from(playbook: Playbook, *, engagement: Engagement, today: date, by: User) -> None:
    """Give a new engagement what the playbook plans, counted from its start. `today` is its local day."""
    start = engagement.started_on
    for line in playbook.milestones.all():
        milestone = Milestone(engagement=engagement, title=line.title, kind=line.kind, is_shared=line.is_shared)
        milestone.baseline_on = start + timedelta(days=line.days)
        plan_milestone(milestone, today=today, by=by)
    for line in playbook.deliverables.all():
        due = None if line.days is None else start + timedelta(days=line.days)
        deliverable = Deliverable.objects.create(engagement=engagement, name=line.name, kind=line.kind, planned_on=due)
        audit.record("create", deliverable, by=by)
    names = playbook.integrations.values_list("name", flat=True)
    PlannedIntegration.objects.bulk_create(PlannedIntegration(engagement=engagement, name=name) for name in names)
    open_gates(playbook, engagement=engagement)
    audit.record("begin_from_playbook", engagement, by=by, playbook=playbook.pk)


@transaction.atomic
def take_criteria(playbook: Playbook, *, engagement: Engagement, by: User) -> bool:
    """Give an engagement without gates those of a playbook; one with gates, what is not asked about safety. Twice changes nothing."""
    # The row is locked by the write, so that two clicks do not give two of each.
    Engagement.objects.filter(pk=engagement.pk).update(updated_at=models.F("updated_at"))
    if engagement.gates.exists():
        return ask_missing(engagement, by=by)
    open_gates(playbook, engagement=engagement)
    audit.record("take_criteria", engagement, by=by, playbook=playbook.pk)
    return True
