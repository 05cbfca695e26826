"""What a source of facts is asked, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import translation
from django.utils.translation import get_language

from engagements.models import Engagement, LineKind, WeeklyUpdate
from engagements.selectors.weekly_update import Line, LineOrigin, Week, last_published


@dataclass(frozen=True, slots=True)
class DraftWeek:
    """The week of one engagement that is drafted: local days from `since` to `until`, both included.

    `before` is the newest update published of an earlier week.
    """

    engagement: Engagement
    week: Week
    since: date
    before: WeeklyUpdate | None = None

    @classmethod
    def of(cls, engagement: Engagement, week: Week) -> DraftWeek:
        """The week, and what is left of the one before since its update was published: a weekend belongs to somebody."""
        before = last_published(engagement, week)
        told = before and before.published_at.astimezone(engagement.zone).date()
        is_recent = told and week.previous.monday <= told < week.monday and Week.of(before.monday) == week.previous
        return cls(engagement, week, told + timedelta(days=1) if is_recent else week.monday, before)

    @property
    def until(self) -> date:
        return self.week.sunday

    @property
    def days(self) -> tuple[date, date]:
        return self.since, self.until

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.since, time.min, self.engagement.zone)

    @property
    def end(self) -> datetime:
        """The first instant after the week."""
        return self.week.next.begin_in(self.engagement.zone)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the database holds about a week, and the sentence that says it.

    `key` stays the same as long as it is the same fact. `say` words it in the active language;
    `source` names where it comes from and `url` leads there. Only what comes from records the
    customer sees anyway is `is_shared`. An `is_event` happened; the others are figures that moved
    and dates to come. Where the fact of the key `unless` stands, it says this too.
    `names` are words by which a line somebody wrote is seen to say it already, in the active language.
    """

    key: str
    kind: LineKind
    say: Callable[[], str]
    source: str
    url: str
    is_shared: bool = False
    is_event: bool = True
    unless: str = ""
    names: Callable[[], tuple[str, ...]] | None = None

    def line(self, language: str) -> Line:
        """The drafted line. What the customer will read is drafted in their `language`."""
        with self._in(language):
            return Line(self.kind, self.say(), self.is_shared, LineOrigin.DRAFTED, fact=self.key)

    def is_said_by(self, lines: Iterable[Line], language: str) -> bool:
        """Whether another line names it; "21 December" is not 1 December."""
        if self.names is None:
            return False
        with self._in(language):
            names = [re.compile(rf"(?<!\d){re.escape(name)}", re.IGNORECASE) for name in self.names()]
        return any(all(name.search(line.text) for name in names) for line in lines if line.fact != self.key)

    def _in(self, language: str) -> translation.override:
        return translation.override(language if self.is_shared else get_language())


Source = Callable[[DraftWeek], Iterable[Fact]]
