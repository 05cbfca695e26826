"""People on a map: what they think from left to right, their say from the bottom up, and how they moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from fde_portal.core.charts.scales import NOT_MEASURED, DataTable, percent

# Heights in pixels: a person takes a dot and two lines of text; an empty row keeps the scale readable.
PERSON, EMPTY, EDGE = 46, 22, 8
DOT = 12
NAME_LINES = (19, 31)


@dataclass(frozen=True)
class MapPerson:
    """`column` is the stance from 0, most against, on; `before` the column they came from; `row` counts from 0, least say."""

    name: str
    hint: str
    column: int
    row: int
    band: str
    before: int | None = None

    @property
    def has_moved(self) -> bool:
        return self.before is not None and self.before != self.column


@dataclass(frozen=True)
class PlacedPerson:
    person: MapPerson
    x: str
    y: int
    tail: str

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """The name in two lines where columns are narrow, each with its distance below the dot in pixels."""
        return tuple(zip(in_two(self.person.name), NAME_LINES, strict=False))


@dataclass(frozen=True)
class PeopleMap:
    """`columns` name the stances from left to right, `rows` the levels of say from least to most.

    `more` is the word at the top; `headings` are those of the table behind the drawing.
    """

    id: str
    title: str
    finding: str
    people: tuple[MapPerson, ...]
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    more: str
    headings: tuple[str, str, str, str]
    caption: str = ""

    @property
    def is_drawable(self) -> bool:
        return bool(self.people)

    @cached_property
    def _heights(self) -> list[int]:
        """Of each row, the least say first: as many people as stand below each other in its fullest cell."""
        crowds = Counter((person.row, person.column) for person in self.people)
        fullest = [max((n for (row, _), n in crowds.items() if row == level), default=0) for level in range(len(self.rows))]
        return [PERSON * n or EMPTY for n in fullest]

    @property
    def height(self) -> int:
        return sum(self._heights) + 2 * EDGE

    def _top(self, row: int) -> int:
        return EDGE + sum(self._heights[row + 1 :])

    def _x(self, column: int) -> float:
        return (column + 0.5) / len(self.columns) * 100

    @property
    def placed(self) -> tuple[PlacedPerson, ...]:
        """Those who share a stance and a say stand below each other, in the order given."""
        taken: Counter[tuple[int, int]] = Counter()
        placed = []
        for person in self.people:
            cell = person.row, person.column
            y = self._top(person.row) + DOT + PERSON * taken[cell]
            taken[cell] += 1
            placed.append(PlacedPerson(person, percent(self._x(person.column)), y, self._tail(person)))
        return tuple(placed)

    def _tail(self, person: MapPerson) -> str:
        return percent(self._x(person.before)) if person.has_moved and person.before is not None else ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The borders between the stances."""
        return tuple(percent(column / len(self.columns) * 100) for column in range(1, len(self.columns)))

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        return tuple((percent(self._x(column)), label) for column, label in enumerate(self.columns))

    @property
    def table(self) -> DataTable:
        return DataTable(self.finding, self.headings, tuple((person.name, self._cells(person)) for person in self.people))

    def _cells(self, person: MapPerson) -> Sequence[str]:
        before = NOT_MEASURED if person.before is None else self.columns[person.before]
        return self.rows[person.row], self.columns[person.column], before


def in_two(name: str) -> tuple[str, ...]:
    """The name parted at the space nearest its middle, or whole when it has none."""
    spaces = [place for place, sign in enumerate(name) if sign == " "]
    if not spaces:
        return (name,)
    middle = min(spaces, key=lambda place: abs(2 * place - len(name)))
    return name[:middle], name[middle + 1 :]
