"""What the pages of playbooks and checklists read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from engagements.models import ChecklistItem, Engagement, Phase, Playbook
from fde_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class PhaseChecklist:
    """The items of one phase. `is_current` where the engagement is in it."""

    phase: str
    label: str
    is_current: bool
    items: Sequence[ChecklistItem]

    @property
    def done(self) -> int:
        return sum(item.done_at is not None for item in self.items)


def checklist_of(engagement: Engagement) -> list[PhaseChecklist]:
    """The engagement's checklist by phase, in order, one statement; phases without items are left out."""
    items = list(ChecklistItem.objects.filter(engagement=engagement).select_related("done_by"))
    by_phase = {phase: [item for item in items if item.phase == phase] for phase in Phase}
    return [
        PhaseChecklist(phase.value, str(phase.label), phase == engagement.phase, of_phase)
        for phase, of_phase in by_phase.items()
        if of_phase
    ]


def playbooks_with_sizes(user: User) -> models.QuerySet:
    """Playbooks with how many lines of each kind they have, one statement."""
    parts = ("milestones", "deliverables", "criteria", "integrations")
    sizes = {f"{part}_count": models.Count(part, distinct=True) for part in parts}
    return Playbook.objects.visible_to(user).annotate(**sizes)


def default_playbook(user: User, language: str) -> Playbook | None:
    """The standard playbook in `language`, else the first one; None where all are archived."""
    playbooks = list(Playbook.objects.visible_to(user).current())
    return min(playbooks, key=lambda playbook: (playbook.key != f"standard:{language}", playbook.name), default=None)
