"""Two texts of one week beside each other, and both in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from django.utils.translation import gettext as _

from engagements.models import LineKind, Rating, WeeklyUpdate
from engagements.selectors.revision_diff import Piece, reworded
from engagements.selectors.weekly_update import Line
from engagements.services.weekly_updates import WeekDraft
from fde_portal.core import formats


@dataclass(frozen=True, slots=True)
class Sides:
    """One part of the week in which two texts differ, line by line; what only one says is marked in the pieces."""

    title: str
    is_internal: bool
    mine: list[list[Piece]]
    theirs: list[list[Piece]]


def sides_of(mine: WeekDraft, theirs: WeekDraft) -> list[Sides]:
    """The parts that differ, in the order of the page."""
    pairs = zip(parts_of(mine), parts_of(theirs), strict=True)
    return [beside(title, internal, ours, others) for (title, internal, ours), (_t, _i, others) in pairs if ours != others]


def parts_of(content: WeekDraft) -> Iterator[tuple[str, bool, list[str]]]:
    """Title, whether it is internal, and lines of each part."""
    yield _("Headline"), False, [content.headline]
    for title, kind in ((_("Progress"), LineKind.PROGRESS), (_("Next week"), LineKind.NEXT)):
        yield title, False, [line.text for line in content.lines if line.is_shared and line.kind == kind]
    yield _("Asks"), False, [ask.text for ask in content.asks]
    yield _("Stays with us"), True, [line.text for line in content.lines if not line.is_shared]
    yield _("Ratings"), True, [*rating_lines(content), *filter(None, [content.gap_reason])]


def rating_lines(content: WeekDraft) -> Iterator[str]:
    for name in WeeklyUpdate.RATED:
        if rating := content.ratings.get(name):
            label = WeeklyUpdate._meta.get_field(f"{name}_rating").verbose_name
            yield formats.labelled(label, Rating(rating).label)


def beside(title: str, is_internal: bool, mine: Sequence[str], theirs: Sequence[str]) -> Sides:
    sides = Sides(title, is_internal, [], [])
    for act, *ends in SequenceMatcher(None, theirs, mine, autojunk=False).get_opcodes():
        first, last, start, end = ends
        for other, own in zip_longest(theirs[first:last], mine[start:end], fillvalue=""):
            pieces = [Piece("same", own)] if act == "equal" else reworded(other, own)
            sides.mine.append([piece for piece in pieces if piece.act != "removed"])
            sides.theirs.append([piece for piece in pieces if piece.act != "added"])
    return sides


def both_in_one(mine: WeekDraft, theirs: WeekDraft) -> WeekDraft:
    """Mine, and after it what only they say. Of two headlines theirs becomes a note to the team."""
    said = {(line.kind, line.text) for line in mine.lines}
    facts = {line.fact for line in mine.lines if line.fact} | set(mine.left_out)
    lines = [*mine.lines, *(line for line in theirs.lines if (line.kind, line.text) not in said and line.fact not in facts)]
    if theirs.headline and mine.headline and theirs.headline != mine.headline:
        lines.append(Line(LineKind.NOTE, theirs.headline, is_shared=False))
    known = {ask.id for ask in mine.asks if ask.id} | {ask.text for ask in mine.asks}
    asks = [*mine.asks, *(ask for ask in theirs.asks if ask.id not in known and ask.text not in known)]
    ratings = {name: mine.ratings.get(name) or theirs.ratings.get(name, "") for name in WeeklyUpdate.RATED}
    return replace(
        mine,
        headline=mine.headline or theirs.headline,
        gap_reason=mine.gap_reason or theirs.gap_reason,
        ratings=ratings,
        lines=tuple(lines),
        asks=tuple(asks),
    )
