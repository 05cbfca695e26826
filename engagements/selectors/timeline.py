"""Everything that happened in an engagement, in order: dated records, and acts from the audit trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from customers.models import StanceRecord
from engagements.models import (
    Edition,
    Engagement,
    ForecastChange,
    PhaseChange,
    Response,
    StakeholderNote,
    UsageBatch,
    WeeklyUpdate,
)
from fde_portal.accounts.models import AuditEvent, User

PAGE = 60

# Acts whose outcome stands in the timeline as a dated record already, or that only prepare one.
TOLD_BY_RECORDS = (
    Q(verb__in=["change_phase", "record_stance"])
    | Q(subject_type="milestone", verb__in=["create", "edit", "reach", "reopen"])
    | Q(subject_type="weeklyupdate", verb__in=["open", "edit", "publish"])
    | Q(subject_type="stakeholdernote", verb="create")
    | Q(subject_type="usagebatch", verb="receive")
    | Q(subject_type="edition")
    | Q(subject_type="response")
)

Rows = Callable[[Engagement], models.QuerySet]


@dataclass(frozen=True, slots=True)
class Source:
    """Where entries of one kind come from: rows of an engagement, the field with their day or instant, and with the person."""

    name: str
    label: str
    icon: str
    rows: Rows
    at: str
    person: str | None = None
    related: Sequence[str] = ()

    def entries(self, engagement: Engagement, zone: ZoneInfo, rank: int) -> models.QuerySet:
        """(rank, day, id, person) of each row."""
        rows = self.rows(engagement).order_by()
        is_instant = isinstance(rows.model._meta.get_field(self.at), models.DateTimeField)
        who = F(self.person) if self.person else Value(None, models.BigIntegerField())
        return rows.annotate(
            rank=Value(rank, models.IntegerField()),
            day=TruncDate(self.at, tzinfo=zone) if is_instant else F(self.at),
            who=who,
        ).values_list("rank", "day", "pk", "who")

    def load(self, ids: Iterable[int]) -> dict[int, Any]:
        model = self.rows(Engagement()).model
        return model._default_manager.select_related(*self.related).in_bulk(list(ids))


SOURCES = (
    Source("phases", _("Phases"), "flag", lambda e: PhaseChange.objects.filter(engagement=e.pk), "entered_on"),
    Source(
        "updates",
        _("Weekly updates"),
        "pen",
        lambda e: WeeklyUpdate.objects.filter(engagement=e.pk, archived_at=None, published_at__isnull=False),
        "published_at",
        "published_by",
    ),
    Source("editions", _("Customer page"), "share", lambda e: Edition.objects.filter(engagement=e.pk), "published_at", "published_by"),
    Source(
        "answers",
        _("Answers"),
        "eye",
        lambda e: Response.objects.counted().filter(engagement=e.pk),
        "confirmed_at",
        "person",
    ),
    Source(
        "milestones",
        _("Milestones"),
        "check",
        lambda e: ForecastChange.objects.filter(milestone__engagement=e.pk),
        "changed_on",
        "changed_by",
        ("milestone",),
    ),
    Source(
        "usage",
        _("Usage data"),
        "signal",
        lambda e: UsageBatch.objects.filter(source__deliverable__engagement=e.pk),
        "received_at",
        "received_by",
        ("source__deliverable",),
    ),
    Source(
        "notes",
        _("Notes"),
        "lock",
        lambda e: StakeholderNote.objects.filter(engagement=e.pk, archived_at=None),
        "happened_on",
        "author",
    ),
    Source(
        "stances",
        _("Stances"),
        "people",
        lambda e: StanceRecord.objects.filter(stakeholder__customer=e.customer_id),
        "recorded_on",
        "recorded_by",
        ("stakeholder__customer",),
    ),
    Source(
        "records",
        _("Other changes"),
        "clock",
        lambda e: AuditEvent.objects.filter(engagement_id=e.pk).exclude(TOLD_BY_RECORDS),
        "at",
        "actor",
    ),
)
KINDS = [(source.name, source.label) for source in SOURCES]


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
    return reduce(lambda one, other: one.union(other, all=True), parts).order_by("-day", "rank", "-pk")


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
