"""Everything that happened in an engagement, in order: dated records, and acts from the audit trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from engagements.models import Engagement
from engagements.selectors.timeline_sources import SOURCES
from fde_portal.accounts.models import AuditEvent, User

PAGE = 60


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. `anchor` names it on its page; `record` is the row behind it."""

    kind: str
    icon: str
    day: date
    record: Any
    person: User | None

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.record.pk}"


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Days, newest first, each whole. `earlier` is where the next page begins, None on the last one."""

    days: Sequence[tuple[date, Sequence[Event]]]
    earlier: date | None


def timeline(engagement: Engagement, *, until: date | None = None, kind: str = "", person: User | None = None) -> TimelinePage:
    """What happened up to the local day `until`: one statement, and one for each kind on the page and the people."""
    rows = _union(engagement, until, kind, person)
    found = list(rows[: PAGE + 1])
    earlier = None
    if len(found) > PAGE:
        earlier, found = _whole_days(found, rows)
    return TimelinePage(_by_day(_events(found)), earlier)


def _union(engagement: Engagement, until: date | None, kind: str, person: User | None) -> models.QuerySet:
    chosen = [(rank, source) for rank, source in enumerate(SOURCES) if kind in {"", source.name}]
    parts = [source.entries(engagement, engagement.zone, rank) for rank, source in chosen]
    if until:
        parts = [part.filter(day__lte=until) for part in parts]
    if person:
        parts = [part.filter(who=person.pk) for part in parts]
    # Within a day: first what was written last among records of a kind.
    return parts[0].union(*parts[1:], all=True).order_by("-day", "rank", "-pk")


def _whole_days(found: list[tuple], rows: models.QuerySet) -> tuple[date, list[tuple]]:
    """Cut in front of the day that does not fit; a day too long for a page is shown whole."""
    cut = found[-1][1]
    whole = [row for row in found if row[1] > cut]
    if whole:
        return cut, whole
    return cut - timedelta(days=1), [row for row in rows if row[1] == cut]


def _events(found: Sequence[tuple]) -> list[Event]:
    ids: dict[int, list[int]] = defaultdict(list)
    for rank, __, pk, ___ in found:
        ids[rank].append(pk)
    records = {rank: SOURCES[rank].load(pks) for rank, pks in ids.items()}
    people = User.objects.in_bulk({who for *__, who in found if who})
    return [Event(SOURCES[rank].name, SOURCES[rank].icon, day, records[rank][pk], people.get(who)) for rank, day, pk, who in found]


def _by_day(events: Sequence[Event]) -> list[tuple[date, list[Event]]]:
    days: dict[date, list[Event]] = defaultdict(list)
    for event in events:
        days[event.day].append(event)
    return list(days.items())


def people_of(engagement: Engagement) -> models.QuerySet:
    """Whom the timeline can be filtered by: those who did something here."""
    acted = AuditEvent.objects.filter(engagement_id=engagement.pk, actor__isnull=False).order_by().values("actor")
    named = Q(led_engagements=engagement) | Q(backed_up_engagements=engagement) | Q(team_memberships__engagement=engagement)
    return User.objects.filter(Q(pk__in=acted) | named).distinct().order_by("name")
