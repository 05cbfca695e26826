"""What happened to deliverables on a day: releases and incidents, as marks on charts of use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Value
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from engagements.models import Engagement, Incident, Release


@dataclass(frozen=True, slots=True)
class Happening:
    """A release or an incident on the engagement's local day."""

    day: date
    label: str


def happenings_of(engagement: Engagement) -> dict[int, list[Happening]]:
    """Deliverable id -> what happened to it, oldest first, in one statement."""
    there = {"deliverable__engagement": engagement, "deliverable__archived_at": None}
    releases, incidents = Release.objects.current().filter(**there), Incident.objects.current().filter(**there)
    local_day = TruncDate("started_at", tzinfo=engagement.zone)
    rows = releases.order_by().values_list("deliverable_id", "released_on", "name").union(
        incidents.order_by().values_list("deliverable_id", local_day, Value("")), all=True
    )
    found: dict[int, list[Happening]] = defaultdict(list)
    for pk, day, name in rows:
        found[pk].append(Happening(day, name or _("Incident")))
    return {pk: in_order(happened) for pk, happened in found.items()}


def in_order(happenings: Iterable[Happening]) -> list[Happening]:
    return sorted(happenings, key=lambda happening: happening.day)
