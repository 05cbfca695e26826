"""Taking back what was shared: items by stable names, and what remains of an edition without them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from engagements.public_page.content import SharedContent, SharedWeek
from fde_portal.core import formats

# The local day on which each item was taken back, by its name.
Withdrawn = Mapping[str, date]
NOTHING_WITHDRAWN: Withdrawn = {}

ADOPTION, VALUE = "adoption", "value"


@dataclass(frozen=True, slots=True)
class SharedItem:
    """One thing on the page that can be taken back; `section` is the part of the page it stands in."""

    name: str
    section: str
    text: str


def record_name(kind: str, record_id: int) -> str:
    return f"{kind}:{record_id}"


def text_name(kind: str, text: str) -> str:
    """Lines and headlines have no number that lasts: a sentence is itself, in whichever edition it stands."""
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def items_in(content: SharedContent) -> Iterator[SharedItem]:
    """Everything in an edition that can be taken back, in the order of the page."""
    week = content.week
    if week.headline:
        yield SharedItem(text_name("headline", week.headline), "headline", week.headline)
    for outcome in content.outcomes:
        yield SharedItem(record_name("outcome", outcome.id), "outcomes", outcome.name)
    for ask in content.asks:
        yield SharedItem(record_name("ask", ask.id), "asks", ask.text)
    for row in content.deliverables:
        yield SharedItem(record_name("deliverable", row.id), "deliverables", row.name)
    for gate in content.gates:
        yield SharedItem(record_name("gate", gate.id), "deliverables", gate.text)
    for blocker in content.blockers:
        yield SharedItem(record_name("blocker", blocker.id), "blockers", blocker.text)
    for line in (*week.progress, *week.next):
        yield SharedItem(text_name("line", line), "lines", line)
    for milestone in content.milestones:
        yield SharedItem(record_name("milestone", milestone.id), "milestones", milestone.title)
    for row in content.realised:
        yield SharedItem(record_name("realised", row.id), "value", f"{row.line}, {formats.day(row.begin)} – {formats.day(row.end, 'year')}")
    for name, part in ((ADOPTION, content.adoption), (VALUE, content.value)):
        if part:
            yield SharedItem(name, name, "")


def remaining(content: SharedContent, withdrawn: Collection[str]) -> SharedContent:
    """The content without what was taken back: what figures, calendars and answers go by."""
    if not withdrawn:
        return content
    week = content.week
    return replace(
        content,
        week=SharedWeek(
            week.monday,
            "" if text_name("headline", week.headline) in withdrawn else week.headline,
            tuple(line for line in week.progress if text_name("line", line) not in withdrawn),
            tuple(line for line in week.next if text_name("line", line) not in withdrawn),
        ),
        adoption=None if ADOPTION in withdrawn else content.adoption,
        value=None if VALUE in withdrawn else content.value,
        blockers=tuple(replace(row, milestone="", planned=None, expected=None) if hides_milestone(content, row.milestone, withdrawn) else row
                       for row in content.blockers if record_name("blocker", row.id) not in withdrawn),
        **{
            field: tuple(row for row in getattr(content, field) if record_name(kind, row.id) not in withdrawn)
            for kind, field in (("ask", "asks"), ("deliverable", "deliverables"), ("gate", "gates"), ("milestone", "milestones"), ("outcome", "outcomes"), ("realised", "realised"))
        },
    )


def hides_milestone(content: SharedContent, title: str, withdrawn: Collection[str]) -> bool:
    """Whether a blocker names a milestone that was taken back."""
    return any(row.title == title and record_name("milestone", row.id) in withdrawn for row in content.milestones)


def gone_by_section(content: SharedContent, withdrawn: Withdrawn) -> dict[str, list[date]]:
    """When things were taken back from each part of the page, in the order of the page."""
    found: dict[str, list[date]] = {}
    for item in items_in(content) if withdrawn else ():
        if item.name in withdrawn:
            found.setdefault(item.section, []).append(withdrawn[item.name])
    return found
