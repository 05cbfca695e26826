"""The mail of a Monday: for whom it is time, and what it says. All of it in the language that is active."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.urls import reverse

from engagements.models import Digest, NoticeKind
from engagements.models.portfolio import NOT_URGENT
from engagements.selectors import portfolio
from engagements.selectors.attention import reason_sentence
from engagements.selectors.change_words import change_sentence, moved_words
from engagements.selectors.changes import Change, changes_since
from engagements.selectors.my_week import needs, work_of
from engagements.selectors.notices import notices_of
from engagements.selectors.notices.words import Words, words_of
from engagements.selectors.weekly_update import Week
from fde_portal.accounts.models import OrganizationSettings, User
from fde_portal.accounts.permissions import Permission, roles_with

# Local time of Monday from which it is sent; later in that week when nobody could send it then.
BEGINS = time(7)
MOST = 10
ALL = 10_000
WEEK = timedelta(days=7)
# What every week brings is told by the counts.
ROUTINE = frozenset({"update", "answers", "release"})


def due_now(now: datetime) -> list[tuple[User, Week]]:
    """People whose local week has begun and is not decided yet. Two statements.

    Whoever came after it began waits for the next one.
    """
    people = User.objects.filter(is_active=True, role__in=roles_with(Permission.VIEW_RECORDS)).order_by("pk")
    weeks = [(person, week) for person in people if (week := _begun(person, now))]
    decided = set(Digest.objects.filter(decided_at__gt=now - 2 * WEEK).values_list("person_id", "iso_year", "iso_week"))
    return [(person, week) for person, week in weeks if (person.pk, week.year, week.number) not in decided]


def _begun(person: User, now: datetime) -> Week | None:
    """The person's local week, once its Monday morning has come and if they were here then."""
    week = Week.of(now.astimezone(person.zone).date())
    begins = datetime.combine(week.monday, BEGINS, person.zone)
    return week if person.created_at <= begins <= now else None


@dataclass(frozen=True, slots=True)
class Line:
    """One engagement in the mail. `url` is a path of this portal."""

    name: str
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """Some entries, and how many more there are."""

    entries: list
    more: int

    @classmethod
    def of(cls, entries: Iterable) -> Part:
        found = list(entries)
        return cls(found[:MOST], max(len(found) - MOST, 0))


@dataclass(frozen=True, slots=True)
class Contents:
    """For managers what moved since the Monday before and which engagements need them; for everybody their own week."""

    moved: str
    changed: Part
    attention: Part
    needs: Part
    answers: Part
    replies: Part

    @property
    def says_something(self) -> bool:
        return any(part.entries for part in (self.changed, self.attention, self.needs, self.answers, self.replies))


def contents_for(person: User, today: date) -> Contents:
    """What the mail says on the person's local day `today`."""
    monday = Week.of(today).monday
    lines = _lines(person) if person.can(Permission.REVIEW_PORTFOLIO) else []
    moved = [(line, change) for line in lines if (change := _gravest(line, monday - WEEK))]
    own = needs(work_of(person, today))
    told = {need.title for need in own}
    return Contents(
        moved=_moved(person, monday - WEEK, today) if moved else "",
        changed=Part.of(_line(line, change_sentence(change)) for line, change in moved),
        attention=Part.of(_line(line, reason_sentence(line.reason)) for line in lines if line.reason and line.rank < NOT_URGENT),
        needs=Part.of(own),
        answers=Part.of(words for words in _waiting(person, NoticeKind.ANSWER, monday) if words.title not in told),
        replies=Part.of(_waiting(person, NoticeKind.REPLY, monday)),
    )


def _lines(person: User) -> list[portfolio.PortfolioLine]:
    return portfolio.lines(portfolio.live(portfolio.visible_rows(person)), start=0, count=ALL)


def _moved(person: User, since: date, today: date) -> str:
    organization = OrganizationSettings.current()
    figures = portfolio.figures(
        person, today=today, currency=organization.currency, cadence_days=organization.update_cadence_days, moved_since=[since],
    )  # fmt: skip
    return moved_words(figures.moved[0])


def _gravest(line: portfolio.PortfolioLine, since: date) -> Change | None:
    return next((change for change in changes_since(since, line.changes) if change.code not in ROUTINE), None)


def _line(line: portfolio.PortfolioLine, sentence: str) -> Line:
    return Line(f"{line.customer} · {line.name}", sentence, reverse("engagement", args=[line.slug]))


def _waiting(person: User, kind: NoticeKind, monday: date) -> list[Words]:
    """Notices of a kind from the last week that waited for this mail and are not read."""
    since = datetime.combine(monday - WEEK, BEGINS, person.zone)
    return [words_of(notice) for notice in notices_of(person).unread().filter(kind=kind, happened_at__gte=since)]
