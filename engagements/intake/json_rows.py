"""JSON and NDJSON: objects one after the other, also from a body far larger than memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from engagements.intake.rows import COLUMNS, Numbered, RowError, RowReader, RowsRejected
from engagements.intake.values import BadValue, shown

_BEGIN = re.compile(r'\s*\{\s*"rows"\s*:\s*\[\s*')
_BETWEEN = re.compile(r"\s*(,|\])\s*")
_END = re.compile(r"\s*\}\s*")
# More than any one row takes: with less in hand the next piece is fetched first.
_IN_HAND = 64 * 1024


class NotJson(Exception):
    """The body is not JSON at all; the text says why."""


def _no_constant(name: str) -> None:
    raise BadValue(_("“%(value)s” is not a number in JSON.") % {"value": name})


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def loaded(text: str) -> Any:
    """Return what `text` says. Raises NotJson."""
    try:
        return _DECODER.decode(text)
    except BadValue as fault:
        raise NotJson(str(fault)) from None
    except json.JSONDecodeError as fault:
        raise NotJson(_("The body is not JSON: %(fault)s.") % {"fault": fault}) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of brackets
        raise NotJson(_("The body is not JSON that can be read.")) from None


def rows_of(body: Any) -> Iterator[Any]:
    """Return the members of {"rows": […]}. Raises RowsRejected."""
    rows = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise RowsRejected([RowError(None, "rows", _("Send an object with a list “rows”."))])
    return iter(rows)


def streamed(text: Buffer, *, goes_on: bool) -> Iterator[Any]:
    """Yield the members of {"rows": […]}, which must be all that a large body holds. Raises NotJson, RowsRejected.

    With `goes_on` the text begins after one of them.
    """
    if not goes_on:
        if not text.take(_BEGIN):
            raise RowsRejected([RowError(None, "rows", _("A large body begins with {\"rows\": [ and holds nothing else."))])
        if text.text.startswith("]"):
            return
        yield text.value()
    while (mark := text.take(_BETWEEN)) == ",":
        yield text.value()
    if mark is None:
        raise NotJson(_("The body is not JSON: a comma is missing between two rows, or it ends too early."))
    if not text.take(_END) or text.text:
        raise NotJson(_("The body is not JSON: something follows the rows."))


class Buffer:
    """Text from the pieces of a body, enough of it in hand for the next value."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.pieces = iter(texts)
        self.text, self.place, self.ended = "", 0, False

    def unused(self) -> str:
        """The text that was read and not given out as a value."""
        return self.text[self.place :]

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """Step over `pattern`; return its group, or all of it."""
        self.fill()
        found = pattern.match(self.text, self.place)
        if not found:
            return None
        self.place = found.end()
        if self.ended:
            self.text, self.place = self.text[self.place :], 0
        return found.group(found.lastindex or 0)

    def value(self) -> Any:
        self.fill()
        try:
            value, self.place = _DECODER.raw_decode(self.text, self.place)
        except (ValueError, RecursionError, BadValue):
            # The one place that words these faults.
            loaded(self.text[self.place :])
            raise NotJson(_("The body is not JSON that can be read.")) from None
        return value

    def fill(self) -> None:
        while not self.ended and len(self.text) - self.place < _IN_HAND:
            piece = next(self.pieces, None)
            self.ended = piece is None
            self.text, self.place = self.text[self.place :] + (piece or ""), 0


def line_values(reader: RowReader, lines: Iterable[str], *, first: int) -> Iterator[tuple[int, Any]]:
    """Yield what each line of NDJSON says, the first one numbered so; empty lines are counted, not read.

    A line that says nothing is a fault.
    """
    for row, line in enumerate(lines, start=first):
        if not line.strip():
            continue
        try:
            yield row, loaded(line)
        except NotJson as fault:
            reader.reject(row, "", str(fault))
            yield row, None


def members(reader: RowReader, rows: Iterable[tuple[int, Any]]) -> Iterator[Numbered]:
    """Yield each object's values in the order of COLUMNS, nothing for a row that is wrong as a whole."""
    known = frozenset(reader.columns)
    for row, values in rows:
        if isinstance(values, dict) and values.keys() <= known:
            yield row, tuple(map(values.get, COLUMNS))
        elif isinstance(values, dict):
            _reject_unknown(reader, row, values)
            yield row, ()
        else:
            if values is not None or not _rejected(reader, row):
                reader.reject(row, "", _("Each row is an object."))
            yield row, ()


def _rejected(reader: RowReader, row: int) -> bool:
    return bool(reader.errors) and reader.errors[-1].row == row


def _reject_unknown(reader: RowReader, row: int, values: Mapping[str, Any]) -> None:
    names = ", ".join(reader.columns)
    # A row of a million members is one fault among many, not a million.
    for name in sorted(values.keys() - set(reader.columns))[:10]:
        reader.reject(row, shown(name), _("Unknown column. The columns are: %(columns)s.") % {"columns": names})
