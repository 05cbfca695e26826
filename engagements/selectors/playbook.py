"""What the pages of playbooks read."""

from __future__ import annotations

from django.db import models

from engagements.models import Playbook
from fde_portal.accounts.models import User


def playbooks_with_sizes(user: User) -> models.QuerySet:
    """Playbooks with how many lines of each kind they have, one statement."""
    parts = ("milestones", "deliverables", "criteria", "integrations")
    sizes = {f"{part}_count": models.Count(part, distinct=True) for part in parts}
    return Playbook.objects.visible_to(user).annotate(**sizes)


def default_playbook(user: User, language: str) -> Playbook | None:
    """The standard playbook in `language`, else the first one; None where all are archived."""
    playbooks = list(Playbook.objects.visible_to(user).current())
    return min(playbooks, key=lambda playbook: (playbook.key != f"standard:{language}", playbook.name), default=None)
