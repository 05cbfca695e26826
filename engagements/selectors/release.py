"""What happened to deliverables on a day: releases and incidents, as marks on charts of use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef
from django.utils.translation import gettext as _

from engagements.models import Engagement, Incident, Release
from fde_portal.core.json_rows import JsonRows, instant

_THERE = {"deliverable__engagement": OuterRef("pk"), "deliverable__archived_at": None}
# Columns of an engagement that `happenings_of` looks at.
HAPPENED = {
    "released": JsonRows(Release.objects.current().filter(**_THERE), "deliverable_id", "released_on", "name"),
    "disturbed": JsonRows(Incident.objects.current().filter(**_THERE), "deliverable_id", "started_at"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """A release or an incident on the engagement's local day."""

    day: date
    label: str


def happenings_of(engagement: Engagement) -> dict[int, list[Happening]]:
    """Deliverable id -> what happened to it, oldest first, of an engagement that was read with `HAPPENED`."""
    found: dict[int, list[Happening]] = defaultdict(list)
    for pk, day, name in engagement.released or ():
        found[pk].append(Happening(date.fromisoformat(day), name))
    for pk, moment in engagement.disturbed or ():
        found[pk].append(Happening(instant(moment).astimezone(engagement.zone).date(), _("Incident")))
    return {pk: in_order(happened) for pk, happened in found.items()}


def in_order(happenings: Iterable[Happening]) -> list[Happening]:
    return sorted(happenings, key=lambda happening: happening.day)
