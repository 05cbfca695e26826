"""What readers answer, as the page shows it: laid over an edition by the ids of its items."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from engagements.public_page.content import SharedContent, SharedMilestone

# Later nobody remembers how it was.
PULSE_FOR = timedelta(weeks=6)


class Topic(StrEnum):
    """What an answer can be about. The names stand in addresses."""

    ASK = "ask"
    DELIVERABLE = "deliverable"
    GATE = "gate"
    OBSERVATION = "observation"
    REALISED = "realised"
    PULSE = "pulse"
    QUESTION = "question"


ItemKey = tuple[str, int]

# An edition holds what is open when it is published, and what was declined: it asks for that whatever was said before.
ASKED_AGAIN = {"answer", "accept", "reject", "decline"}


def settles(kind: str, *, is_earlier: bool) -> bool:
    """Whether nothing more is needed after an answer of this kind, on an edition published after it (`is_earlier`) or before."""
    return kind != "acknowledge" and not (is_earlier and kind in ASKED_AGAIN)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer that counted. `kind` is acknowledge, answer, accept, reject, sign, decline, confirm or dispute; `on` a local day of the engagement.

    `address` is the start of where it came from where nobody vouches for the name, else "". `annulled` is the local day on
    which we took it back because it was not genuine: the page says so, and it says nothing else any more. `is_earlier` when
    it was given before the edition it is laid over: that one asks all the same.
    """

    kind: str
    name: str
    on: date
    text: str = ""
    who_will: str = ""
    by_on: date | None = None
    address: str = ""
    annulled: date | None = None
    is_earlier: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on a page that can be answered. `id` is 0 for a question, which is about the whole page."""

    topic: Topic
    id: int
    text: str
    person: str = ""
    criteria: tuple[str, ...] = ()
    due: date | None = None


def item_on(content: SharedContent, sections: Collection[str], topic: str, item_id: int) -> Item | None:
    """What the reader of these sections may answer by that name, None when the page has no such thing."""
    return next((item for item in items_on(content, sections) if (item.topic, item.id) == (topic, item_id)), None)


def items_on(content: SharedContent, sections: Collection[str]) -> list[Item]:
    """Everything on the page that can be answered, with the sections of a grant only."""
    items = [Item(Topic.QUESTION, 0, content.engagement)]
    if "asks" in sections:
        items += [Item(Topic.ASK, ask.id, ask.text, ask.person, due=ask.due) for ask in content.asks]
    if "deliverables" in sections:
        items += [Item(Topic.DELIVERABLE, row.id, row.name, criteria=row.criteria) for row in content.deliverables]
        items += [Item(Topic.GATE, row.id, row.text) for row in content.gates]
    if "value" in sections:
        items += [Item(Topic.REALISED, row.id, row.line) for row in content.realised]
    if "outcomes" in sections:
        items += [Item(Topic.OBSERVATION, row.observation, row.name, row.verifier) for row in content.outcomes if row.observation]
    if "milestones" in sections:
        items += [Item(Topic.PULSE, row.id, row.title) for row in asked_about(content.milestones, content.published_on)]
    return items


def asked_about(milestones: Collection[SharedMilestone], as_of: date) -> list[SharedMilestone]:
    """The milestone reached last, about which readers are asked how it goes; empty when that is long ago."""
    reached = [row for row in milestones if row.is_done and as_of - row.expected <= PULSE_FOR]
    return sorted(reached, key=lambda row: (row.expected, row.id))[-1:]
