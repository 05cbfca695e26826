"""The shape of a need, and the live work of one person from which all needs are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement, LineKind, SharedLine, WeekCover, WeeklyUpdate, WeekSkip
from engagements.selectors.weekly_update import Week
from fde_portal.accounts.models import OrganizationSettings, User
from fde_portal.accounts.permissions import Permission
from fde_portal.core.json_rows import JsonRows
from fde_portal.core.prepared import Param, Prepared, having_rows, prepared

SOON_DAYS = 7
# Assumptions about rates, volumes and prices rarely hold longer than a quarter.
VALUE_AGES_AFTER_DAYS = 91
# Statements that find needs. Most find nothing in most weeks: one statement asks which do.
QUESTIONS: list[Prepared] = []
Row = TypeVar("Row")  # a record with `engagement`


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do: how urgent, what, why, by when, and the one next act."""

    band: str
    title: str
    detail: str
    due: str
    action: str
    url: str
    due_on: date

    @property
    def is_urgent(self) -> bool:
        return self.band in {"at_risk", "watch"}


@dataclass(frozen=True)
class Work:
    """The live engagements of one person as of one local day, fetched once; feeds by the hour are watched as of `now`."""

    person: User
    organization: OrganizationSettings
    engagements: tuple[Engagement, ...]
    today: date
    now: datetime
    there: frozenset[Prepared] = frozenset()  # the questions that find something

    def rows(self, question: Prepared[Row]) -> list[Row]:
        """What one of `QUESTIONS` finds among these engagements; asked only where there is something."""
        if question not in self.there:
            return []
        return self.known(question(**{name: self.values[name] for name in question.names}))

    @cached_property
    def values(self) -> dict[str, Any]:
        """What the questions may ask with."""
        return {
            "person": self.person, "engagements": self.engagements, "today": self.today, "soon": self.today + timedelta(days=SOON_DAYS),
            "next_monday": self.next_monday, "next_friday": self.next_monday + timedelta(days=4),
            "quarter_ago": datetime.combine(self.today, time(), UTC) - timedelta(days=VALUE_AGES_AFTER_DAYS),
        }  # fmt: skip

    def known(self, rows: Iterable[Row]) -> list[Row]:
        """`rows` of these engagements, each with the one that was read already: no statement joins it again."""
        by_id = {engagement.pk: engagement for engagement in self.engagements}
        found = list(rows)
        for row in found:
            row.engagement = by_id[row.engagement_id]
        return found

    @cached_property
    def week_states(self) -> dict[int, str]:
        """State of this week's newest revision by engagement id; absent when nothing was written."""
        return {engagement.pk: engagement.states[-1][0] for engagement in self.engagements if engagement.states}

    @cached_property
    def covers(self) -> dict[int, User]:
        """Who writes this week instead of the lead, by engagement id: their id and name."""
        newest = {engagement.pk: engagement.cover[0] for engagement in self.engagements if engagement.cover}
        return {pk: User(pk=cover, name=name) for pk, (cover, name) in newest.items()}

    @property
    def skipped(self) -> set[int]:
        """Of which engagements nothing is published this week."""
        return {engagement.pk for engagement in self.engagements if engagement.is_skipped}

    @property
    def next_monday(self) -> date:
        return self.friday + timedelta(days=3)

    @property
    def friday(self) -> date:
        """By when this week's updates are due."""
        return self.today + timedelta(days=4 - self.today.weekday())


def work_of(user: User, today: date, *, now: datetime | None = None) -> Work:
    """Engagements on which `user` is lead, backup or team, with the state of this week's update.

    Each knows its customer and, from its line of the portfolio, `feed_stopped`, `feed_watch`,
    `customer_seen_on` and `rosier_weeks`. Without a `now` it is the present instant.
    """
    week, before = Week.of(today), Week.of(today).previous
    weeks = {
        "monday": week.monday, "year": week.year, "week": week.number, "year_before": before.year, "week_before": before.number,
    }  # fmt: skip
    # Whoever works on an engagement sees it: this is what `visible_to` would leave, in a statement of one shape for all.
    engagements = tuple(_worked_on(person=user, **weeks)) if user.can(Permission.VIEW_RECORDS) else ()
    work = Work(user, OrganizationSettings.current(), engagements, today, now or timezone.now())
    return replace(work, there=frozenset(having_rows(QUESTIONS, work.values)))


def question(build: Callable[..., QuerySet[Row]]) -> Prepared[Row]:
    """A prepared statement among `QUESTIONS`; its parameters are some of `Work.values`."""
    QUESTIONS.append(prepared(build))
    return QUESTIONS[-1]


# What needs and the lines beside them read of an engagement; tests hold that nothing else is.
_READ = (
    "name", "slug", "phase", "status", "time_zone", "started_on", "customer__name", "customer__slug", "lead__name", "backup__name",
)


@prepared
def _worked_on(
    *, person: Param, monday: Param, year: Param, week: Param, year_before: Param, week_before: Param
) -> QuerySet[Engagement]:
    """With the state of this week, who covers it, whether it is skipped, and what was promised a week before."""
    mine = Engagement.objects.filter(Engagement.seen_by(person)).live().select_related("customer", "lead", "backup")
    row = {name: F(f"portfolio_row__{name}") for name in ("feed_stopped", "feed_watch", "customer_seen_on", "rosier_weeks")}
    its = {"engagement": OuterRef("pk")}
    updates = WeeklyUpdate.objects.filter(**its, iso_year=year, iso_week=week).order_by("revision")
    promised = SharedLine.objects.filter(
        kind=LineKind.NEXT, update__engagement=OuterRef("pk"), update__state=WeeklyUpdate.State.PUBLISHED,
        update__archived_at=None, update__iso_year=year_before, update__iso_week=week_before,
    )  # fmt: skip
    return mine.annotate(
        **row,
        states=JsonRows(updates, "state"),
        cover=JsonRows(WeekCover.objects.of_week(monday).filter(**its), "cover_id", "cover__name"),
        is_skipped=Exists(WeekSkip.objects.filter(**its, iso_year=year, iso_week=week)),
        promised=JsonRows(promised.order_by("position", "id"), "text"),
    ).order_by("customer__name", "name").only(*_READ)


def named(engagement: Engagement, what: str) -> str:
    return _("%(customer)s: %(what)s") % {"customer": engagement.customer.name, "what": what}
