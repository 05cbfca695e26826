"""Gives the demo's engagements the standard checklist: done for the phases behind them, begun for the present one."""

from __future__ import annotations

from collections.abc import Iterable

from engagements.demo.clock import instant
from engagements.models import ChecklistItem, Engagement, Phase, Playbook
from engagements.services.playbooks import ensure_standard_playbooks


def create_checklists(engagements: Iterable[Engagement]) -> None:
    ensure_standard_playbooks()
    playbooks = {playbook.language: playbook for playbook in Playbook.objects.all()}
    for engagement in engagements:
        ChecklistItem.objects.bulk_create(_items(engagement, playbooks[engagement.customer.language]))


def _items(engagement: Engagement, playbook: Playbook) -> Iterable[ChecklistItem]:
    entered = dict(engagement.phase_changes.values_list("phase", "entered_on"))
    present = Phase.values.index(engagement.phase)
    started: set[str] = set()
    for criterion in playbook.criteria.all():
        item = ChecklistItem(engagement=engagement, phase=criterion.phase, text=criterion.text)
        place = Phase.values.index(criterion.phase)
        is_first = criterion.phase not in started
        started.add(criterion.phase)
        if place < present or (place == present and is_first):
            # Ticked on the day the next phase began; the first of the present phase when it began itself.
            day = entered.get(Phase.values[min(place + 1, present)], engagement.started_on)
            item.done_at, item.done_by = instant(day, 10, engagement.zone), engagement.lead
        yield item
