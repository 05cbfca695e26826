"""What a contact finds after signing in: the pages of their companies, and what waits for them there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from engagements.models.response import Response
from engagements.models.share import Edition, all_sections
from engagements.public_page.answers import Item, Topic, items_on, settles
from engagements.public_page.content import SharedContent
from engagements.public_page.rows import terms_of
from engagements.selectors.given_answers import TOPIC_OF
from engagements.selectors.share import editions_for_contact
from engagements.selectors.withdrawal import standing_contents
from fde_portal.accounts.models import User

Kind = Response.Kind
PROVISIONAL = "provisional"
# What of an answer settles an item for everybody, and what for its author alone.
SETTLES = (Kind.ANSWER, Kind.ACCEPT, Kind.REJECT, Kind.SIGN, Kind.DECLINE, Kind.CONFIRM, Kind.DISPUTE, Kind.CONFIRM_VALUE, Kind.DISPUTE_VALUE)


# What cannot be judged by its name alone.
FIGURES = (Topic.REALISED, Topic.OBSERVATION)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing a page asks for, with what the page says of a figure. `is_mine` when the reader is the person it names."""

    item: Item
    told: str
    slug: str
    engagement: str
    is_mine: bool

    @property
    def due(self) -> date | None:
        return self.item.due


@dataclass(frozen=True, slots=True)
class SharedEngagement:
    """An engagement in the list of shared pages, told from its newest edition alone."""

    slug: str
    content: SharedContent
    editions: int
    waiting: tuple[Waiting, ...]


def contact_home(user: User) -> list[SharedEngagement]:
    """The shared pages of a contact's companies, newest edition first: three statements however many there are."""
    rows = list(editions_for_contact(user).values_list("engagement", "engagement__slug", "number", "published_at", "content"))
    standing = standing_contents([(row[0], row[-1]) for row in rows])
    contents = {row[0]: content for row, content in zip(rows, standing, strict=True)}
    settled = _settled(contents, {row[0]: row[3] for row in rows}, user)
    return [
        SharedEngagement(slug, contents[engagement], number, tuple(_waiting(contents[engagement], settled[engagement], slug, user)))
        for engagement, slug, number, *__ in rows
    ]


def waiting_of(engagements: Iterable[SharedEngagement]) -> list[Waiting]:
    """Everything that waits, what names the reader first, then by date."""
    found = [one for engagement in engagements for one in engagement.waiting]
    return sorted(found, key=lambda one: (not one.is_mine, one.due is None, one.due or date.max, one.item.text))


def _settled(contents: dict[int, SharedContent], published: dict[int, datetime], user: User) -> dict[int, set[tuple[str, int]]]:
    """Items that need nothing more, by engagement: what anybody settled, and pulses the reader gave.

    Of several answers the newest decides, as on the page.
    """
    found: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for engagement, content in contents.items():
        found[engagement] |= _judged(content)
    rows = Response.objects.counted().filter(engagement__in=contents, kind__in=[*SETTLES, Kind.PULSE])
    rows = rows.order_by("confirmed_at", "id").values_list("engagement", "kind", "item", "email", "confirmed_at")
    for engagement, kind, item, email, at in rows:
        if kind == Kind.PULSE:
            found[engagement] |= {(Topic.PULSE, item)} if email == user.email else set()
        elif settles(kind, is_earlier=at < published[engagement]):
            found[engagement].add((TOPIC_OF[kind], item))
        else:
            found[engagement].discard((TOPIC_OF[kind], item))
    return found


def _judged(content: SharedContent) -> set[tuple[str, int]]:
    """Figures that were confirmed or disputed already when the page was published."""
    realised = {(Topic.REALISED, row.id) for row in content.realised if row.state != PROVISIONAL}
    return realised | {(Topic.OBSERVATION, row.observation) for row in content.outcomes if row.state != PROVISIONAL}


def _waiting(content: SharedContent, settled: set[tuple[str, int]], slug: str, user: User) -> Iterable[Waiting]:
    for item in items_on(content, all_sections()):
        if item.topic != Topic.QUESTION and (item.topic, item.id) not in settled:
            is_mine = bool(item.person) and item.person == user.name
            told = terms_of(content, item) if item.topic in FIGURES else ""
            yield Waiting(item, told, slug, content.engagement, is_mine)


def past_editions(user: User, slug: str) -> QuerySet[Edition]:
    """All editions of one engagement of a contact's companies, newest first; empty for everything else."""
    newest = editions_for_contact(user).filter(engagement__slug=slug).values("engagement")
    return Edition.objects.standing().filter(engagement__in=newest)
