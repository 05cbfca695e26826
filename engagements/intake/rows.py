"""Rows of usage: their columns, their limits, and the reading of their values by hand.

A serializer per row would take ten times as long. Every fault is collected with its row and column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from engagements.intake.known import Known, all_plain, usable
from engagements.intake.values import LARGEST, BadValue, date_of, day_of_instant, number_of, text_of

COLUMNS = (
    "actor", "date", "ts", "feature", "release",
    "events", "seconds_saved", "accepted", "edited", "rejected", "failed", "event_id",
)  # fmt: skip
COUNTS = COLUMNS[5:11]
ROWS_AT_ONCE = 10_000
MOST_ERRORS = 100
FIRST_DAY = date(2000, 1, 1)
LONGEST_ACTOR = 200
LONGEST_NAME = 80

_EMPTY = (None, "")
_NOTHING = (None,) * len(COLUMNS)
_ROW = "\x1f".join(["%s"] * len(COLUMNS[1:])).__mod__


# The number of a row and its cells in the order of COLUMNS; without cells it was rejected already.
Numbered = tuple[int, Sequence[Any]]


class UsageLine(NamedTuple):
    """A valid row: one actor's use on one local day. The six numbers stand in the order of COUNTS.

    `event_id` is empty for rows of a daily source.
    """

    actor: str
    day: date
    feature: str = ""
    release: str = ""
    events: int = 1
    seconds_saved: int = 0
    accepted: int = 0
    edited: int = 0
    rejected: int = 0
    failed: int = 0
    event_id: str = ""


class RowError(NamedTuple):
    """One fault. Rows count from 1; in a CSV file the heading is row 1. Row None: the whole file."""

    row: int | None
    column: str
    message: str


class RowsRejected(Exception):
    """A delivery with faults: nothing of it was stored. `errors` holds the first hundred."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(f"{len(errors)} faults")
        self.errors = list(errors[:MOST_ERRORS])


class TooManyRows(Exception):
    """More rows than one delivery may hold."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        return _("More than %(limit)s rows at once. Send them in parts, each with its own key.") % {"limit": self.limit}


# Past the constructor of named tuples, which takes three times as long.
_as_line = partial(tuple.__new__, UsageLine)
Cells = Sequence[Any]


class RowReader:
    """Turns raw cells into lines and collects what is wrong with them.

    `zone` is the engagement's: an instant becomes the day it had there. `today` is its local day.
    Days up to `closed_until` are refused. `with_ids` is True for sources of single events.
    """

    def __init__(self, zone: ZoneInfo, today: date, *, with_ids: bool = False, closed_until: date | None = None) -> None:
        self.zone = zone
        self.last_day = today + timedelta(days=1)
        self.closed_until = closed_until
        self.with_ids = with_ids
        self.errors: list[RowError] = []
        # The same few people, names, days and numbers come again and again.
        self._actors, self._names = Known(_actor), Known(_name)
        self._days, self._instants = Known(self._day_of_date), Known(self._day_of_instant)
        self._numbers = [Known(partial(_number, name)) for name in COUNTS]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that rows of this source may have."""
        return COLUMNS if self.with_ids else COLUMNS[:-1]

    @property
    def is_full(self) -> bool:
        return len(self.errors) >= MOST_ERRORS

    def in_order(self) -> list[RowError]:
        """The faults by row: what is wrong with a row as a whole was noticed before the values of earlier ones."""
        return sorted(self.errors, key=lambda error: error.row or 0)

    def reject(self, row: int | None, column: str, message: str) -> None:
        self.errors.append(RowError(row, column, message))

    def read(self, rows: Sequence[Numbered]) -> list[UsageLine | None]:
        """Return the line of each row, None for a row that is wrong.

        All are read column by column, which takes a third of the time. A row with a value that cannot be
        used is then read value by value, so that each of its faults is named.
        """
        columns = zip(*(cells or _NOTHING for __, cells in rows), strict=True)
        try:
            values = self._by_column(*columns)
        except TypeError:  # lists, objects and booleans, which JSON has: they cannot be looked up
            return [self._slowly(row, cells) for row, cells in rows]
        lines: list[UsageLine | None] = list(map(_as_line, zip(*values, strict=True)))
        unusable = {place for column in values if None in column for place, value in enumerate(column) if value is None}
        for place in sorted(unusable):
            lines[place] = self._slowly(*rows[place])
        return lines

    def _by_column(self, actors: Cells, on: Cells, ts: Cells, features: Cells, releases: Cells, *others: Cells) -> list[list[Any]]:
        """Return what UsageLine holds, column by column, None where a value cannot be used. Raises TypeError."""
        *numbers, ids = others
        return [
            self._actors.read(actors),
            self._days_read(on, ts),
            self._names.read(features),
            self._names.read(releases),
            *(known.read(column) for known, column in zip(self._numbers, numbers, strict=True)),
            self._ids_read(ids),
        ]

    def _days_read(self, on: Cells, ts: Cells) -> list[date | None]:
        if set(ts).issubset(_EMPTY):
            return self._days.read(on)
        if set(on).issubset(_EMPTY):
            return self._instants.read(ts)
        days = zip(on, ts, self._days.read(on), self._instants.read(ts), strict=True)
        return [day or instant if given in _EMPTY or stamp in _EMPTY else None for given, stamp, day, instant in days]

    def _ids_read(self, ids: Cells) -> list[str | None]:
        if not self.with_ids:
            return [""] * len(ids)
        # They are all different: nothing is gained by remembering, much by judging them at once.
        return list(ids) if all_plain(ids, LONGEST_ACTOR) else [usable(_event_id, value) for value in ids]

    def _slowly(self, row: int, cells: Sequence[Any]) -> UsageLine | None:
        """Read a row value by value, naming each fault."""
        if not cells:
            return None
        before = len(self.errors)
        actor, on, ts, feature, release, *numbers, event_id = cells
        line = UsageLine(
            self._cell(row, "actor", _actor, actor),
            self._day(row, on, ts),
            self._cell(row, "feature", _name, feature),
            self._cell(row, "release", _name, release),
            *(self._cell(row, name, partial(_number, name), value) for name, value in zip(COUNTS, numbers, strict=True)),
            event_id=self._cell(row, "event_id", _event_id, event_id) if self.with_ids else "",
        )
        return line if len(self.errors) == before else None

    def _cell(self, row: int, column: str, meaning: Callable[[Any], Any], value: Any) -> Any:
        try:
            return meaning(value)
        except BadValue as fault:
            self.reject(row, column, str(fault))
            return None

    def _day(self, row: int, on: Any, ts: Any) -> date | None:
        if ts in _EMPTY:
            return self._cell(row, "date", self._day_of_date, on)
        if on in _EMPTY:
            return self._cell(row, "ts", self._day_of_instant, ts)
        self.reject(row, "ts", _("Give either “date” or “ts”, not both."))
        return None

    def _day_of_date(self, value: Any) -> date:
        if value in _EMPTY:
            raise BadValue(_("Say when: give “date” or “ts”."))
        return self._within(date_of(value))

    def _day_of_instant(self, value: Any) -> date:
        return self._within(day_of_instant(value, self.zone))

    def _within(self, day: date) -> date:
        """Return a day that may be sent. Raises BadValue."""
        if day < FIRST_DAY:
            raise BadValue(_("%(day)s is before %(first)s.") % {"day": day, "first": FIRST_DAY})
        if day > self.last_day:
            raise BadValue(_("%(day)s is in the future.") % {"day": day})
        if self.closed_until and day <= self.closed_until:
            message = _("%(day)s is closed: nothing up to %(last)s is changed any more.")
            raise BadValue(message % {"day": day, "last": self.closed_until})
        return day


def _actor(value: Any) -> str:
    if _is_blank(value):
        raise BadValue(_("Say who used it: this is empty."))
    return text_of(value, LONGEST_ACTOR)


def _event_id(value: Any) -> str:
    if _is_blank(value):
        raise BadValue(_("Give each event its own id: this is empty."))
    return text_of(value, LONGEST_ACTOR)


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _name(value: Any) -> str:
    return text_of(value, LONGEST_NAME) if value else ""


def _number(column: str, value: Any) -> int:
    if value in _EMPTY:
        return 1 if column == "events" else 0
    return number_of(value, lowest=-LARGEST if column == "seconds_saved" else 0)


def content_hash_of(rows: Iterable[UsageLine]) -> str:
    """Return what recognises a content: SHA-256 of its rows in order, so that their order does not matter."""
    # Joined and hashed at once: ten thousand small updates take three times as long.
    text = "\n".join(sorted(map(_ROW, rows)))
    return hashlib.sha256(text.encode()).hexdigest()
