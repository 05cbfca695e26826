"""Blockers as pages show them: who owes what, for how long, and what it moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Blocker, Engagement
from fde_portal.accounts.models import User
from fde_portal.core import formats

State = Blocker.State
WORST_FIRST = Case(When(state=State.ESCALATED, then=Value(0)), default=Value(1), output_field=IntegerField())
IN_ORDER = (WORST_FIRST, "opened_on", "id")


@dataclass(frozen=True, slots=True)
class BlockerLine:
    """A blocker in words, as of one local day."""

    blocker: Blocker
    band: str
    owes: str
    moves: str
    needed: str
    is_overdue: bool
    age: int


def blockers_of(engagement: Engagement) -> QuerySet[Blocker]:
    """The engagement's blockers, escalated ones first, then the oldest. The caller found it in their scope."""
    # Read through the engagement, so that each of them knows it without a join.
    return in_order(engagement.blockers.all())


def in_order(blockers: QuerySet[Blocker]) -> QuerySet[Blocker]:
    return blockers.select_related("owner", "milestone").order_by(*IN_ORDER)


def standing_everywhere(user: User) -> QuerySet[Blocker]:
    """What holds up the live work that `user` sees."""
    live = Engagement.objects.visible_to(user).live()
    return with_names(Blocker.objects.visible_to(user).standing().filter(engagement__in=live))


def with_names(blockers: QuerySet[Blocker]) -> QuerySet[Blocker]:
    return in_order(blockers.select_related("engagement__customer"))


def blocker_lines(blockers: Iterable[Blocker], *, today: date) -> list[BlockerLine]:
    return [blocker_line(blocker, today) for blocker in blockers]


def blocker_line(blocker: Blocker, today: date) -> BlockerLine:
    is_overdue = bool(blocker.is_standing and blocker.needed_by and blocker.needed_by < today)
    return BlockerLine(
        blocker=blocker,
        band=band_of(blocker, is_overdue),
        owes=who_owes(blocker),
        moves=what_moves(blocker),
        needed=_("Needed by %(day)s.") % {"day": formats.day(blocker.needed_by)} if blocker.needed_by else "",
        is_overdue=is_overdue,
        age=blocker.age_on(today),
    )


def band_of(blocker: Blocker, is_overdue: bool) -> str:
    if not blocker.is_standing:
        return "good"
    return "risk" if blocker.state == State.ESCALATED or is_overdue else "watch"


def who_owes(blocker: Blocker) -> str:
    words = {
        Blocker.Side.US: _("We owe the next step."),
        Blocker.Side.CUSTOMER: _("%(customer)s owes the next step.") % {"customer": blocker.engagement.customer.name},
        Blocker.Side.THIRD_PARTY: _("A third party owes the next step."),
    }
    return words[Blocker.Side(blocker.owing_side)]


def what_moves(blocker: Blocker) -> str:
    """Which date rests on it, while that milestone is not reached."""
    milestone = blocker.milestone
    if milestone is None or milestone.actual_on or milestone.is_archived:
        return ""
    words = {"milestone": milestone.title, "day": formats.day(milestone.expected_on)}
    if milestone.expected_on > milestone.baseline_on:
        return _("Moves %(milestone)s to %(day)s.") % words
    return _("%(milestone)s on %(day)s rests on it.") % words


def finding(lines: list[BlockerLine]) -> str:
    """One sentence to read aloud: how much stands, and on whose side."""
    theirs = sum(line.blocker.owing_side == Blocker.Side.CUSTOMER for line in lines)
    stand = ngettext("%(count)s blocker stands.", "%(count)s blockers stand.", len(lines)) % {"count": len(lines)}
    owed = ngettext("%(count)s waits on the customer.", "%(count)s wait on the customer.", theirs) % {"count": theirs}
    return formats.sentences(stand, owed if theirs else "")
