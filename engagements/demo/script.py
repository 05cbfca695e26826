"""Reads the weekly updates of a story from a text that is pleasant to write.

Weeks are separated by empty lines, oldest first. The first character of a line says what it is:

    # headline                          = ratings that change, such as twtt (see RATINGS)
    + shared progress                   ! internal progress
    > shared plan for next week         ~ note to the team
    ? what we need | from whom | days from Friday | what happens otherwise
    ?done                               the asks of earlier weeks are done

Words in braces are facts of that week: see facts.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from engagements.models import LineKind, Rating, WeeklyUpdate

RATINGS = {"t": Rating.ON_TRACK, "w": Rating.WATCH, "r": Rating.AT_RISK, "-": ""}
SHARED = {"+": LineKind.PROGRESS, ">": LineKind.NEXT}
INTERNAL = {"!": LineKind.PROGRESS, "~": LineKind.NOTE}
STORIES = Path(__file__).parent / "stories"


@dataclass(frozen=True, slots=True)
class AskPlan:
    text: str
    person: str
    days: int
    consequence: str


@dataclass(slots=True)
class WeekPlan:
    """What one update says; lines are (kind, text)."""

    headline: str = ""
    ratings: dict[str, str] = field(default_factory=dict)
    shared: list[tuple[LineKind, str]] = field(default_factory=list)
    internal: list[tuple[LineKind, str]] = field(default_factory=list)
    asks: list[AskPlan] = field(default_factory=list)
    closes_asks: bool = False


def read_script(slug: str) -> list[WeekPlan]:
    """The updates of an engagement, oldest first. Raises ValueError for a line it does not understand."""
    weeks: list[WeekPlan] = []
    ratings = rated("tttt")
    for block in (STORIES / f"{slug}.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        week = WeekPlan(ratings=ratings)
        for line in block.splitlines():
            _read_line(week, line)
        ratings = week.ratings
        weeks.append(week)
    return weeks


def rated(letters: str) -> dict[str, str]:
    return {name: RATINGS[letter] for name, letter in zip(WeeklyUpdate.RATED, letters, strict=True)}


def _read_line(week: WeekPlan, line: str) -> None:
    mark, text = line[0], line[1:].strip()
    if line == "?done":
        week.closes_asks = True
    elif mark == "#":
        week.headline = text
    elif mark == "=":
        week.ratings = rated(text)
    elif mark == "?":
        what, person, days, consequence = (part.strip() for part in text.split("|"))
        week.asks.append(AskPlan(what, person, int(days), consequence))
    elif mark in SHARED:
        week.shared.append((SHARED[mark], text))
    elif mark in INTERNAL:
        week.internal.append((INTERNAL[mark], text))
    else:
        raise ValueError(f"A line of a story begins with an unknown mark: {line}")
