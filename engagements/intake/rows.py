"""One row of usage: its columns, its limits, and the reading of its values by hand.

A serializer per row would take ten times as long. Every fault is collected with its row and column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from engagements.intake.values import LARGEST, BadValue, date_of, day_of_instant, number_of, shown, text_of

COLUMNS = (
    "actor", "date", "ts", "feature", "release",
    "events", "seconds_saved", "accepted", "edited", "rejected", "failed", "event_id",
)  # fmt: skip
COUNTS = COLUMNS[5:11]
ROWS_AT_ONCE = 10_000
MOST_ERRORS = 100
MOST_REMEMBERED = 100_000
FIRST_DAY = date(2000, 1, 1)
LONGEST_ACTOR = 200
LONGEST_NAME = 80

_ROW = "\x1f".join(["%s"] * len(COLUMNS[1:])).__mod__


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
        self._actors: dict[str, str] = {}
        self._names: dict[str | None, str] = {"": "", None: ""}
        self._days: dict[str, date] = {}
        self._instants: dict[str, date] = {}
        self._sums: dict[tuple[Any, ...], tuple[int, ...]] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that rows of this source may have."""
        return COLUMNS if self.with_ids else COLUMNS[:-1]

    @property
    def is_full(self) -> bool:
        return len(self.errors) >= MOST_ERRORS

    def reject(self, row: int | None, column: str, message: str) -> None:
        self.errors.append(RowError(row, column, message))

    def read(self, row: int, cells: Sequence[Any]) -> UsageLine | None:
        """Return the line of `cells`, which stand in the order of COLUMNS; None when one of them is wrong.

        What was read before is looked up, which takes a quarter of the time. Cells with booleans go to
        `read_slowly`: True would be found as 1.
        """
        actor, on, ts, feature, release, *numbers, event_id = cells
        try:
            return UsageLine(
                self._actors[actor],
                self._days[on] if not ts else self._instants[ts] if not on else self._days[None],
                self._names[feature],
                self._names[release],
                *self._sums[tuple(numbers)],
                event_id=self._event_id(row, event_id) if self.with_ids else "",
            )
        except (KeyError, TypeError):
            return self.read_slowly(row, cells)

    def read_slowly(self, row: int, cells: Sequence[Any]) -> UsageLine | None:
        """Do the same value by value, naming each fault, and remember what is right."""
        before = len(self.errors)
        actor, on, ts, feature, release, *numbers, event_id = cells
        line = UsageLine(
            self._actor(row, actor),
            self._day(row, on, ts),
            self._name(row, "feature", feature),
            self._name(row, "release", release),
            *self._counts(row, numbers),
            event_id=self._event_id(row, event_id) if self.with_ids else "",
        )
        return line if len(self.errors) == before else None

    def _actor(self, row: int, value: Any) -> str:
        if value is None or value == "" or (isinstance(value, str) and not value.strip()):
            self.reject(row, "actor", _("Say who used it: this is empty."))
            return ""
        return self._remembered(self._actors, row, "actor", value, LONGEST_ACTOR)

    def _name(self, row: int, column: str, value: Any) -> str:
        return self._remembered(self._names, row, column, value, LONGEST_NAME) if value else ""

    def _event_id(self, row: int, value: Any) -> str:
        if value is None or value == "":
            self.reject(row, "event_id", _("Give each event its own id: this is empty."))
            return ""
        return self._text(row, "event_id", value, LONGEST_ACTOR)

    def _remembered(self, known: dict[str, str], row: int, column: str, value: Any, longest: int) -> str:
        text = self._text(row, column, value, longest)
        if text:
            _remember(known, value, text)
        return text

    def _text(self, row: int, column: str, value: Any, longest: int) -> str:
        try:
            return text_of(value, longest)
        except BadValue as fault:
            self.reject(row, column, str(fault))
            return ""

    def _day(self, row: int, on: Any, ts: Any) -> date:
        given, column, known = (ts, "ts", self._instants) if ts not in (None, "") else (on, "date", self._days)
        try:
            if column == "ts" and on not in (None, ""):
                raise BadValue(_("Give either “date” or “ts”, not both."))
            day = self._day_of(column, given)
            self._check_range(day)
        except BadValue as fault:
            self.reject(row, column, str(fault))
            return FIRST_DAY
        _remember(known, given, day)
        return day

    def _day_of(self, column: str, value: Any) -> date:
        if value in (None, ""):
            raise BadValue(_("Say when: give “date” or “ts”."))
        if not isinstance(value, str):
            text = (
                _("“%(value)s” is not a time. Write it like 2026-11-22T14:30:00Z.")
                if column == "ts"
                else _("“%(value)s” is not a day. Write it like 2026-11-22.")
            )
            raise BadValue(text % {"value": shown(value)})
        return day_of_instant(value.strip(), self.zone) if column == "ts" else date_of(value.strip())

    def _check_range(self, day: date) -> None:
        if day < FIRST_DAY:
            raise BadValue(_("%(day)s is before %(first)s.") % {"day": day, "first": FIRST_DAY})
        if day > self.last_day:
            raise BadValue(_("%(day)s is in the future.") % {"day": day})
        if self.closed_until and day <= self.closed_until:
            message = _("%(day)s is closed: nothing up to %(last)s is changed any more.")
            raise BadValue(message % {"day": day, "last": self.closed_until})

    def _counts(self, row: int, values: Sequence[Any]) -> tuple[int, ...]:
        before = len(self.errors)
        counts = tuple(self._number(row, name, value) for name, value in zip(COUNTS, values, strict=True))
        if len(self.errors) == before and not any(isinstance(value, bool) for value in values):
            _remember(self._sums, tuple(values), counts)
        return counts

    def _number(self, row: int, column: str, value: Any) -> int:
        if value is None or value == "":
            return 1 if column == "events" else 0
        try:
            return number_of(value, lowest=-LARGEST if column == "seconds_saved" else 0)
        except BadValue as fault:
            self.reject(row, column, str(fault))
            return 0


def _remember(known: dict[Any, Any], value: Any, meaning: Any) -> None:
    if len(known) < MOST_REMEMBERED:
        known[value] = meaning


def content_hash_of(rows: Iterable[UsageLine]) -> str:
    """Return what recognises a content: SHA-256 of its rows in order, so that their order does not matter."""
    # Joined and hashed at once: ten thousand small updates take three times as long.
    text = "\n".join(sorted(map(_ROW, rows)))
    return hashlib.sha256(text.encode()).hexdigest()
