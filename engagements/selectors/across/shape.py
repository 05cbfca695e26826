"""The shape of a list across engagements. A new list is one `ListKind`: page, filters, paging and counts come with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from engagements.models import Engagement
from engagements.models.engagement import LIVE_STATUSES
from fde_portal.accounts.models import User

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Row:
    """A record in words. `facts` are shown one after another; `day` is the one that counts; `restore_url` brings it back."""

    title: str
    url: str
    engagement: Engagement | None
    place: str
    facts: tuple[str, ...] = ()
    band: str = ""
    state: str = ""
    day: date | None = None
    is_late: bool = False
    restore_url: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """One way to cut a list: what stays on the viewer's day, in which order, and whether only of live work."""

    key: str
    label: Text
    which: Callable[[date, User], Q] = lambda today, user: Q()
    order: tuple[Any, ...] = ()
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class ListKind:
    """Records of one model. `rows` gives them annotated, `words` names what is searched, `path` leads to the engagement."""

    key: str
    title: Text
    why: Text
    rows: Callable[[], QuerySet]
    row: Callable[[Any, date], Row]
    cuts: tuple[Cut, ...]
    words: tuple[str, ...]
    order: tuple[Any, ...]
    path: str = "engagement__"
    may_lack_engagement: bool = False
    can_restore: bool = True

    def cut_named(self, key: str) -> Cut:
        """The cut of that name, else the first."""
        return next((cut for cut in self.cuts if cut.key == key), self.cuts[0])

    def visible_to(self, user: User, *, archived: bool = False) -> QuerySet:
        """What `user` sees of work that is not archived; or, of the same work, what was archived itself."""
        rows = self.rows().visible_to(user)
        kept = Q(**{f"{self.path}archived_at": None}) if self.path else Q()
        if self.may_lack_engagement:
            kept |= Q(**{self.path.removesuffix("__"): None})
        return (rows.archived() if archived else rows.current()).filter(kept)

    def after(self, rows: QuerySet, cut: Cut, *, today: date, user: User) -> QuerySet:
        """The rows that `cut` leaves, in its order."""
        rows = rows.filter(cut.which(today, user)).order_by(*(cut.order or self.order))
        return rows.filter(**{f"{self.path}status__in": LIVE_STATUSES}) if cut.is_live else rows


def place_of(engagement: Engagement) -> str:
    return f"{engagement.customer.name} · {engagement.name}"


def said(*facts: Any) -> tuple[str, ...]:
    """Those that say something."""
    return tuple(str(fact) for fact in facts if fact)


def band_when(is_done: bool, is_late: bool, is_close: bool = False) -> str:
    if is_done:
        return "good"
    return "risk" if is_late else "watch" if is_close else "idle"
