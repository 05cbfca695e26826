"""Writes the small records of an engagement's log, some of them made of its notes."""

from __future__ import annotations

from collections.abc import Mapping

from customers.models import Stakeholder
from engagements.demo.clock import Clock
from engagements.demo.log import LOGS, LogPlan
from engagements.models import Engagement


def create_log(engagement: Engagement, clock: Clock) -> None:
    """Needs the notes to be there."""
    people = {person.name: person for person in engagement.customer.stakeholders.all()}
    for plan in LOGS.get(engagement.slug, ()):
        _create_entry(plan, engagement, people, clock)


def _create_entry(plan: LogPlan, engagement: Engagement, people: Mapping[str, Stakeholder], clock: Clock) -> None:
    fields = {name: clock.date(value) if name.endswith("_on") else value for name, value in plan.fields.items()}
    if "owner" in fields:
        fields["owner"] = people[str(fields["owner"])]
    note = engagement.notes.filter(happened_on=clock.date(plan.from_note)).first() if plan.from_note else None
    plan.model.objects.create(
        engagement=engagement, noted_on=clock.date(plan.day), text=plan.text, origin_note=note, **fields
    )
