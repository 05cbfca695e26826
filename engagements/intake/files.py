"""CSV and JSON deliveries: both become the same rows, or are rejected with every fault named."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from engagements.intake.rows import COLUMNS, BadValue, RowError, RowReader, RowsRejected, TooManyRows, UsageLine, shown

# What files may be written in. UTF-8 may begin with the mark that Excel puts there.
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
_KNOWN = frozenset(COLUMNS)
_SEPARATORS = ",;\t"
# How a workbook begins: it is a ZIP archive.
ZIP = b"PK\x03\x04"


class NotJson(Exception):
    """The body is not JSON at all; the text says why."""


def read_csv(
    content: bytes, *, zone: ZoneInfo, today: date, limit: int | None = None, encoding: str = "utf-8"
) -> list[UsageLine]:
    """Return the rows of a CSV file with a heading. `zone` and `today` are the engagement's.

    Raises RowsRejected with row and column of each fault, TooManyRows beyond `limit` rows.
    """
    table = numbered_rows(decoded(content, encoding))
    order = _order_of(next(table, (1, []))[1])
    reader = RowReader(zone, today)
    return _collect(reader, _placed(reader, table, order), limit)


def decoded(content: bytes, encoding: str = "utf-8") -> str:
    """Return the text of a file. Raises RowsRejected for a workbook and for another encoding."""
    if content.startswith(ZIP):
        message = _("This is an Excel workbook. Save it as “CSV UTF-8” and send that file.")
        raise RowsRejected([RowError(None, "", message)])
    try:
        return content.decode(ENCODINGS[encoding])
    except UnicodeDecodeError:
        message = (
            _("This is not a text file in UTF-8. Save it as “CSV UTF-8”, or say that it is GB18030.")
            if encoding == "utf-8"
            else _("This is not a text file in GB18030.")
        )
        raise RowsRejected([RowError(None, "", message)]) from None


def numbered_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the numbered rows as a table program shows them; empty lines are counted, not read."""
    heading = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=heading.count)
    row = 0
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), start=1):
            if any(cells):
                yield row, cells
    except csv.Error as fault:
        message = _("The file is broken here: %(fault)s.") % {"fault": fault}
        raise RowsRejected([RowError(row + 1, "", message)]) from None


def _order_of(heading: Sequence[str]) -> list[int | None]:
    """Return where each of COLUMNS stands in the file, None where it is absent. Raises RowsRejected."""
    names = [name.strip().lower() for name in heading]
    errors = [RowError(1, shown(name), message) for name, message in _heading_faults(names)]
    if errors:
        raise RowsRejected(errors)
    return [names.index(column) if column in names else None for column in COLUMNS]


def _heading_faults(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not names:
        yield "", _("The file is empty.")
        return
    known = {"columns": ", ".join(COLUMNS)}
    for name in dict.fromkeys(names):
        if name not in _KNOWN:
            yield name, _("Unknown column. The columns are: %(columns)s.") % known
        elif names.count(name) > 1:
            yield name, _("This column is there twice.")
    if "actor" not in names:
        yield "actor", _("The column “actor” is missing.")
    if not {"date", "ts"} & set(names):
        yield "date", _("A column “date” or “ts” is missing.")


def _placed(
    reader: RowReader, table: Iterable[tuple[int, list[str]]], order: Sequence[int | None]
) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield each row's cells in the order of COLUMNS; a row of another length than the heading is a fault."""
    width = sum(place is not None for place in order)
    for row, cells in table:
        if len(cells) == width:
            yield row, [None if place is None else cells[place] for place in order]
        else:
            reader.reject(row, "", _("%(found)s values, but the heading has %(width)s.") % {"found": len(cells), "width": width})
            yield row, ()


def read_json(content: bytes, *, zone: ZoneInfo, today: date, limit: int | None = None) -> list[UsageLine]:
    """Return the rows of a body {"rows": [{…}, …]}. `zone` and `today` are the engagement's.

    Raises NotJson, RowsRejected with row and column of each fault, TooManyRows beyond `limit` rows.
    """
    body = _loaded(content)
    rows = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise RowsRejected([RowError(None, "rows", _("Send an object with a list “rows”."))])
    reader = RowReader(zone, today)
    return _collect(reader, _members(reader, rows), limit)


def _loaded(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise NotJson(_("The body is not UTF-8.")) from None
    except BadValue as fault:
        raise NotJson(str(fault)) from None
    except json.JSONDecodeError as fault:
        raise NotJson(_("The body is not JSON: %(fault)s.") % {"fault": fault}) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, thousands of brackets
        raise NotJson(_("The body is not JSON that can be read.")) from None


def _no_constant(name: str) -> None:
    raise BadValue(_("“%(value)s” is not a number in JSON.") % {"value": name})


def _members(reader: RowReader, rows: Iterable[Any]) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield each object's values in the order of COLUMNS; names that are unknown are faults."""
    for row, members in enumerate(rows, start=1):
        if not isinstance(members, dict):
            reader.reject(row, "", _("Each row is an object."))
            yield row, ()
            continue
        if not members.keys() <= _KNOWN:
            for name in sorted(members.keys() - _KNOWN):
                reader.reject(row, shown(name), _("Unknown column. The columns are: %(columns)s.") % {"columns": ", ".join(COLUMNS)})
        yield row, [members.get(column) for column in COLUMNS]


def _collect(reader: RowReader, rows: Iterable[tuple[int, Sequence[Any]]], limit: int | None) -> list[UsageLine]:
    """Read all rows. Rows without cells were rejected before; reading ends when there are faults enough."""
    lines: list[UsageLine | None] = []
    for row, cells in rows:
        if limit is not None and len(lines) >= limit:
            raise TooManyRows(limit)
        lines.append(reader.read(row, cells) if cells else None)
        if reader.is_full:
            break
    if not lines:
        reader.reject(None, "", _("There are no rows."))
    if reader.errors:
        raise RowsRejected(reader.errors)
    return [line for line in lines if line]
