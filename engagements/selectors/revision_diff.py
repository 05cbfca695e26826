"""What changed between two revisions of a weekly update: line by line, and within a line word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from django.utils.translation import gettext as _

from engagements.models import LineKind, WeeklyUpdate
from fde_portal.core import formats

# Words with the space after them; Chinese characters one by one.
WORDS = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+\s*|\s+")


class Piece(NamedTuple):
    """`act` is "same", "removed" or "added"."""

    act: str
    text: str


class Part(NamedTuple):
    """One part of the update in which something changed. Internal parts stay with us."""

    title: str
    is_internal: bool
    lines: list[list[Piece]]


def changes_between(before: WeeklyUpdate, after: WeeklyUpdate) -> list[Part]:
    """The parts that differ, in the order of the page; empty when the revisions say the same."""
    pairs = zip(parts_of(before), parts_of(after), strict=True)
    compared = (Part(title, is_internal, changed_lines(old, new)) for (title, is_internal, old), (_t, _i, new) in pairs)
    return [part for part in compared if part.lines]


def parts_of(update: WeeklyUpdate) -> list[tuple[str, bool, list[str]]]:
    """Title, whether it is internal, and lines of each part of an update."""
    internal = [line.text for line in update.internal_lines.all()]
    ratings = [formats.labelled(name, word) for name, value, word in update.rated if value]
    return [
        (_("Headline"), False, [update.headline]),
        (_("Progress"), False, [line.text for line in update.shared_lines.all() if line.kind == LineKind.PROGRESS]),
        (_("Next week"), False, [line.text for line in update.shared_lines.all() if line.kind == LineKind.NEXT]),
        (_("Stays with us"), True, internal),
        (_("Ratings"), True, ratings),
        (_("Why the author sees it differently"), True, [update.gap_reason] if update.gap_reason else []),
    ]


def changed_lines(before: Sequence[str], after: Sequence[str]) -> list[list[Piece]]:
    """Each line that was removed, added or reworded."""
    changed = []
    for act, *ends in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act != "equal":
            first, last, start, end = ends
            changed += [reworded(*pair) for pair in zip_longest(before[first:last], after[start:end], fillvalue="")]
    return changed


def reworded(before: str, after: str) -> list[Piece]:
    return list(_pieces(WORDS.findall(before), WORDS.findall(after)))


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for act, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        removed, added = "".join(before[first:last]), "".join(after[start:end])
        if act == "equal":
            yield Piece("same", added)
            continue
        if removed:
            yield Piece("removed", removed)
        if added:
            yield Piece("added", added)
