"""What the weekly log and the list of updates read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from engagements.models.blocker import Blocker
from engagements.models.draft_revision import DraftRevision
from engagements.models.engagement import Engagement
from engagements.models.weekly_update import Ask, LineOrigin, WeeklyUpdate
from engagements.selectors.blocker import with_names
from fde_portal.accounts.models import User

State = WeeklyUpdate.State
# The ISO weekday from which people know their next week, and may begin to write it.
AHEAD_FROM = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line of either table, on its way into or out of a form."""

    kind: str
    text: str
    is_shared: bool = True
    origin: str = LineOrigin.TYPED
    evidence_link: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO week as people name it."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Week:
        return cls(*day.isocalendar()[:2])

    @classmethod
    def parse(cls, text: str) -> Week:
        """From "2026-W47". Raises ValueError for weeks that do not exist, such as W53 of most years."""
        year, number = text.split("-W")
        week = cls(int(year), int(number))
        if str(week) != text:
            raise ValueError(text)
        date.fromisocalendar(week.year, week.number, 1)
        return week

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def friday(self) -> date:
        return self.monday + timedelta(days=4)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    def begin_in(self, zone: ZoneInfo) -> datetime:
        """The first instant of the week in a time zone."""
        return datetime.combine(self.monday, time.min, zone)

    @property
    def previous(self) -> Week:
        return Week.of(self.monday - timedelta(days=7))

    @property
    def next(self) -> Week:
        return Week.of(self.monday + timedelta(days=7))


def latest_week(today: date) -> Week:
    """The newest week that may be written: the running one, from Thursday on the coming one. That is owed once it runs."""
    running = Week.of(today)
    return running.next if today.isoweekday() >= AHEAD_FROM else running


def lines_of(update: WeeklyUpdate) -> tuple[Line, ...]:
    """Both tables in the order in which they were written."""
    rows = [(row, True) for row in update.shared_lines.all()] + [(row, False) for row in update.internal_lines.all()]
    rows.sort(key=lambda pair: pair[0].position)
    return tuple(Line(row.kind, row.text, shared, row.origin, row.evidence_link, row.fact) for row, shared in rows)


def before(week: Week) -> Q:
    """Rows with `iso_year` and `iso_week` of earlier weeks."""
    return Q(iso_year__lt=week.year) | Q(iso_year=week.year, iso_week__lt=week.number)


def last_published(engagement: Engagement, week: Week) -> WeeklyUpdate | None:
    """The newest published update before `week`."""
    return WeeklyUpdate.objects.filter(before(week), engagement=engagement).published().first()


def newest_published(engagements: Iterable[Engagement], week: Week) -> dict[int, WeeklyUpdate]:
    """Engagement id -> its newest published update before `week`. One query."""
    rows = WeeklyUpdate.objects.filter(before(week), engagement__in=engagements).published()
    return {row.engagement_id: row for row in reversed(rows)}


def my_engagements(user: User, week: Week) -> QuerySet[Engagement]:
    """What `user` logs: also a manager logs only where they are lead, backup or on the team."""
    rows = Engagement.objects.visible_to(user).live().filter(Engagement.seen_by(user), started_on__lte=week.sunday)
    return rows.select_related("customer").order_by("customer__name", "name")


def week_states(engagements: Iterable[Engagement], week: Week) -> dict[int, tuple[str, datetime | None]]:
    """State and time of publishing by engagement. A correction in progress counts as a draft."""
    rows = WeeklyUpdate.objects.current().of_week(week.year, week.number).filter(engagement__in=engagements)
    ordered = rows.exclude(state=State.CORRECTED).order_by("revision")
    return {pk: (state, at) for pk, state, at in ordered.values_list("engagement_id", "state", "published_at")}


@dataclass(frozen=True, slots=True)
class WeekState:
    """One engagement's week as its form finds it.

    `draft` may be archived: it is not shown then, but the next save takes it up again.
    """

    week: Week
    draft: WeeklyUpdate | None
    published: WeeklyUpdate | None
    before: WeeklyUpdate | None

    @property
    def open_draft(self) -> WeeklyUpdate | None:
        return None if self.draft is None or self.draft.is_archived else self.draft

    @property
    def seen(self) -> tuple[int, int]:
        """Revision and version a form opened now would replace."""
        if self.draft:
            return self.draft.revision, self.draft.version
        return (self.published.revision + 1 if self.published else 1), 1


def week_state(engagement: Engagement, week: Week) -> WeekState:
    rows = WeeklyUpdate.objects.filter(engagement=engagement).of_week(week.year, week.number)
    found = {row.state: row for row in rows.exclude(state=State.CORRECTED).select_related("author", "published_by")}
    return WeekState(week, found.get(State.DRAFT), found.get(State.PUBLISHED), last_published(engagement, week))


def has_earlier_texts(engagement: Engagement, week: Week) -> bool:
    """Whether a save took words out of a draft of this week."""
    kept = DraftRevision.objects.filter(update__engagement=engagement)
    return kept.filter(update__iso_year=week.year, update__iso_week=week.number).exists()


def carried_asks(engagement: Engagement, week: Week) -> list[Ask]:
    """Asks of earlier updates that are open, or were closed in this week and may be opened again."""
    asks = Ask.objects.current().asked().filter(engagement=engagement).select_related("stakeholder", "raised_in")
    still_shown = Q(state__in=[Ask.State.OPEN, Ask.State.ANSWERED]) | Q(closed_on__gte=week.monday)
    return list(asks.filter(still_shown))


def days_asked(ask: Ask, engagement: Engagement, today: date) -> int:
    """Days since the customer could first read it."""
    raised = ask.raised_in.published_at if ask.raised_in and ask.raised_in.published_at else ask.created_at
    return (today - raised.astimezone(engagement.zone).date()).days


def carried_blockers(engagement: Engagement, week: Week) -> list[Blocker]:
    """Blockers that stand, and those cleared in this week, which may be opened again; the worst first."""
    recent = Q(state=Blocker.State.CLEARED, cleared_on__gte=week.monday) | ~Q(state=Blocker.State.CLEARED)
    return list(with_names(Blocker.objects.current().filter(recent, engagement=engagement, opened_on__lte=week.sunday)))


def updates_of(engagement: Engagement, *, archived: bool = False) -> QuerySet[WeeklyUpdate]:
    """All revisions, newest week first, with who wrote and published them."""
    rows = WeeklyUpdate.objects.filter(engagement=engagement, archived_at__isnull=not archived)
    return rows.select_related("author", "published_by").prefetch_related("shared_lines", "internal_lines")
