"""The preview beside the form of a week: the customer's page, and what is not on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from engagements.models import Ask, Engagement, LineKind, Rating, WeeklyUpdate
from engagements.public_page.content import SharedAsk, SharedWeek
from engagements.public_page.page import SharedPage, shared_page
from engagements.selectors.shareable import open_asks, shared_ask, week_content
from engagements.selectors.weekly_update import Week
from engagements.services.weekly_updates import WeekDraft
from fde_portal.core import formats

WEEKLY_SECTIONS = ("asks", "lines")


def preview_page(engagement: Engagement, week: Week, content: WeekDraft, *, now: datetime) -> SharedPage:
    """What the form would put on the page if it were published at `now`."""
    shared = [line for line in content.lines if line.is_shared]
    words = SharedWeek(
        monday=week.monday,
        headline=content.headline or gettext("Your headline"),
        progress=tuple(line.text for line in shared if line.kind == LineKind.PROGRESS),
        next=tuple(line.text for line in shared if line.kind == LineKind.NEXT),
    )
    asks = tuple(asks_after(engagement, content))
    return shared_page(week_content(engagement, now=now, week=words, asks=asks), WEEKLY_SECTIONS)


def asks_after(engagement: Engagement, content: WeekDraft) -> Iterable[SharedAsk]:
    """Open asks as the form leaves them, then the new ones."""
    for ask in open_asks(engagement):
        if content.carried_asks.get(ask, Ask.State.OPEN) == Ask.State.OPEN:
            yield shared_ask(ask)
    for draft in content.asks:
        person = draft.stakeholder.name if draft.stakeholder else ""
        yield SharedAsk(draft.id or 0, draft.text, person, draft.due_on, draft.consequence)


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays with us: lines, and ratings as (aspect, band, word)."""

    lines: tuple[str, ...]
    notes: tuple[str, ...]
    ratings: tuple[tuple[str, str, str], ...]
    blockers: int = 0

    @classmethod
    def of(cls, content: WeekDraft, blockers: int = 0) -> Kept:
        ours = [line for line in content.lines if not line.is_shared]
        return cls(
            lines=tuple(line.text for line in ours if line.kind != LineKind.NOTE),
            notes=tuple(line.text for line in ours if line.kind == LineKind.NOTE),
            ratings=tuple(
                (str(WeeklyUpdate._meta.get_field(f"{name}_rating").verbose_name), rating, str(Rating(rating).label))
                for name, rating in content.ratings.items()
                if rating
            ),
            blockers=blockers,
        )

    @property
    def parts(self) -> str:
        """What the page leaves out: "1 line, 4 status ratings, 1 note to the team"."""
        counted = (
            (len(self.lines), ngettext("%(count)s line", "%(count)s lines", len(self.lines))),
            (len(self.ratings), ngettext("%(count)s status rating", "%(count)s status ratings", len(self.ratings))),
            (self.blockers, ngettext("%(count)s blocker", "%(count)s blockers", self.blockers)),
            (len(self.notes), ngettext("%(count)s note to the team", "%(count)s notes to the team", len(self.notes))),
        )
        return formats.listed(text % {"count": count} for count, text in counted if count)
