"""What the header of every engagement page reads."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import OuterRef

from customers.models import Stakeholder
from engagements.models import Engagement, Phase, PhaseChange
from fde_portal.core.json_rows import JsonRows

ENTERED = {"entered": JsonRows(PhaseChange.objects.filter(engagement=OuterRef("pk")), "phase", "entered_on")}


class PhaseStep(NamedTuple):
    """One of the five phases: `place` is "past", "now" or "ahead"; `since` the local day it was entered, if known."""

    label: str
    place: str
    since: date | None


def phase_steps(engagement: Engagement) -> list[PhaseStep]:
    """The phases in order, each with the day it was last entered. Phases ahead have none: going back undoes them.

    Of an engagement that was read with the columns of `ENTERED`.
    """
    entered = {phase: date.fromisoformat(day) for phase, day in engagement.entered or ()}
    current = Phase.values.index(engagement.phase)
    return [
        PhaseStep(label=str(phase.label), place=place, since=None if place == "ahead" else entered.get(phase))
        for phase, place in zip(Phase, places(current), strict=True)
    ]


def places(current: int) -> list[str]:
    return ["past"] * current + ["now"] + ["ahead"] * (len(Phase) - current - 1)


def sponsor_of(engagement: Engagement) -> Stakeholder | None:
    """The sponsor who has most say at the customer; None while nobody is named."""
    people = Stakeholder.objects.current().filter(customer=engagement.customer_id, left_on=None)
    return people.filter(role=Stakeholder.Role.SPONSOR).only("name", "title").first()
