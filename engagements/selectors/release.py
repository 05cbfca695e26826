"""What happened to deliverables on a day: releases and incidents, as marks on charts of use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from engagements.models import Engagement, Incident, Release


@dataclass(frozen=True, slots=True)
class Happening:
    """A release or an incident on the engagement's local day."""

    day: date
    label: str


def happenings_of(engagement: Engagement) -> dict[int, list[Happening]]:
    """Deliverable id -> what happened to it, oldest first. Two statements."""
    found: dict[int, list[Happening]] = defaultdict(list)
    for release in Release.objects.current().filter(deliverable__in=engagement.deliverables.current()):
        found[release.deliverable_id].append(Happening(release.released_on, release.name))
    for incident in Incident.objects.current().filter(deliverable__in=engagement.deliverables.current()):
        day = local_day_of(incident.started_at, engagement.zone)
        found[incident.deliverable_id].append(Happening(day, _("Incident")))
    return {pk: in_order(rows) for pk, rows in found.items()}


def local_day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def in_order(happenings: Iterable[Happening]) -> list[Happening]:
    return sorted(happenings, key=lambda happening: happening.day)
