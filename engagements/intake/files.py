"""CSV, JSON and NDJSON deliveries: all become the same rows, or are rejected with every fault named."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from engagements.intake import json_rows
from engagements.intake.json_rows import NotJson
from engagements.intake.rows import COLUMNS, Numbered, RowError, RowReader, RowsRejected, TooManyRows, UsageLine
from engagements.intake.texts import Lines, Text
from engagements.intake.values import shown

__all__ = ["BEGIN", "NotJson", "Place", "RowStream", "read_csv", "read_json", "read_rows"]

_SEPARATORS = ",;\t"
# So many are read together; with faults enough, the rest is not read at all.
_BLOCK = 5_000
MOST_COLUMNS = 100


def read_csv(
    content: bytes, *, zone: ZoneInfo, today: date, limit: int | None = None, encoding: str = "utf-8"
) -> list[UsageLine]:
    """Return the rows of a CSV file with a heading. `zone` and `today` are the engagement's.

    Raises RowsRejected with row and column of each fault, TooManyRows beyond `limit` rows.
    """
    return read_rows([content], "csv", RowReader(zone, today), limit=limit, encoding=encoding)


def read_json(content: bytes, *, zone: ZoneInfo, today: date, limit: int | None = None) -> list[UsageLine]:
    """Return the rows of a body {"rows": [{…}, …]}. `zone` and `today` are the engagement's.

    Raises NotJson, RowsRejected with row and column of each fault, TooManyRows beyond `limit` rows.
    """
    return read_rows([content], "json", RowReader(zone, today), limit=limit)


def read_rows(
    pieces: Iterable[bytes],
    file_format: str,
    reader: RowReader,
    *,
    limit: int | None = None,
    encoding: str = "utf-8",
    columns: Mapping[str, str] | None = None,
) -> list[UsageLine]:
    """Return all rows of a delivery that fits into memory: "csv", "json" or "ndjson".

    Raises what `read_csv` and `read_json` raise.
    """
    if file_format == "json":
        rows = json_rows.members(reader, enumerate(json_rows.rows_of(json_rows.loaded(_json_text(pieces))), start=1))
    else:
        rows = RowStream(pieces, file_format, reader, encoding=encoding, columns=columns).rows()
    return _collect(reader, rows, limit)


def _json_text(pieces: Iterable[bytes]) -> str:
    try:
        return b"".join(pieces).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotJson(_("The body is not UTF-8.")) from None


class Place(NamedTuple):
    """Where reading goes on: the first byte that was not used, the number of the last row, and how a CSV file is laid out.

    `order` says where each of COLUMNS stands, None where it is absent; `width` is the length of the heading.
    """

    offset: int = 0
    row: int = 0
    separator: str = ""
    order: Sequence[int | None] = ()
    width: int = 0


BEGIN = Place()


class RowStream:
    """The rows of a delivery from a place on, while its pieces arrive. `pieces` begin at that place.

    `columns` are the headings of a CSV file by our names, where they differ.
    """

    def __init__(
        self,
        pieces: Iterable[bytes],
        file_format: str,
        reader: RowReader,
        *,
        encoding: str = "utf-8",
        columns: Mapping[str, str] | None = None,
        place: Place = BEGIN,
    ) -> None:
        self.reader, self.format, self.columns, self.begun = reader, file_format, columns or {}, place
        self.text = Text(pieces, encoding, place.offset)
        self.source = json_rows.Buffer(self.text) if file_format == "json" else Lines(self.text)

    def rows(self) -> Iterator[Numbered]:
        """Yield number and cells of each row, in the order of COLUMNS.

        A row without cells is rejected already. Raises RowsRejected and NotJson for what cannot be read on.
        """
        first = self.begun.row + 1
        if self.format == "json":
            values = json_rows.streamed(self.source, goes_on=self.begun.row > 0)
            return json_rows.members(self.reader, enumerate(values, start=first))
        if self.format == "ndjson":
            return json_rows.members(self.reader, json_rows.line_values(self.reader, self.source, first=first))
        return self._csv_rows(first)

    def _csv_rows(self, first: int) -> Iterator[Numbered]:
        if self.begun.separator:
            table = _numbered(self.source, self.begun.separator, first)
        else:
            lines = iter(self.source)
            begin = next(lines, "")
            separator = _separator_of(begin)
            table = _numbered(chain([begin], lines), separator, first)
            heading = next(table, (1, []))[1]
            order = _order_of(self.reader, heading, self.columns)
            self.begun = self.begun._replace(separator=separator, order=order, width=len(heading))
        yield from _placed(self.reader, table, self.begun.order, self.begun.width)

    def place_after(self, row: int) -> Place:
        """Return where another stream goes on after the row that was given out last."""
        return self.begun._replace(offset=self.text.offset_of(self.source.unused()), row=row)


def csv_table(found: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the numbered rows as a table program shows them; empty lines are counted, not read."""
    found = iter(found)
    begin = next(found, "")
    yield from _numbered(chain([begin], found), _separator_of(begin), 1)


def _separator_of(begin: str) -> str:
    return max(_SEPARATORS, key=begin.count)


def _numbered(lines: Iterable[str], separator: str, first: int) -> Iterator[tuple[int, list[str]]]:
    row = first - 1
    try:
        for row, cells in enumerate(csv.reader(lines, delimiter=separator, strict=True), start=first):
            if any(cells):
                yield row, cells
    except csv.Error as fault:
        message = _("The file is broken here: %(fault)s.") % {"fault": fault}
        raise RowsRejected([RowError(row + 1, "", message)]) from None


def _order_of(reader: RowReader, heading: Sequence[str], columns: Mapping[str, str]) -> list[int | None]:
    """Return where each of COLUMNS stands in the file, None where it is absent. Raises RowsRejected.

    With `columns`, headings that nobody chose are passed over.
    """
    given = [name.strip() for name in heading]
    names = [name.lower() for name in given]
    if columns:
        return [given.index(columns[column]) if columns.get(column) in given else None for column in COLUMNS]
    errors = [RowError(1, shown(name), message) for name, message in _heading_faults(reader, names)]
    if errors:
        raise RowsRejected(errors)
    return [names.index(column) if column in names else None for column in COLUMNS]


def _heading_faults(reader: RowReader, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not names:
        yield "", _("The file is empty.")
        return
    if len(names) > MOST_COLUMNS:
        yield "", _("The heading has %(count)s columns. At most %(most)s can be read.") % {"count": len(names), "most": MOST_COLUMNS}
        return
    for name in dict.fromkeys(names):
        if name not in reader.columns:
            yield name, _("Unknown column. The columns are: %(columns)s.") % {"columns": ", ".join(reader.columns)}
        elif names.count(name) > 1:
            yield name, _("This column is there twice.")
    if "actor" not in names:
        yield "actor", _("The column “actor” is missing.")
    if not {"date", "ts"} & set(names):
        yield "date", _("A column “date” or “ts” is missing.")
    if reader.with_ids and "event_id" not in names:
        yield "event_id", _("The column “event_id” is missing: this source takes single events.")


def _placed(
    reader: RowReader, table: Iterable[tuple[int, list[str]]], order: Sequence[int | None], width: int
) -> Iterator[Numbered]:
    """Yield each row's cells in the order of COLUMNS; a row of another length than the heading is a fault."""
    placed = itemgetter(*(width if place is None else place for place in order))
    for row, cells in table:
        if len(cells) == width:
            cells.append("")  # what a column that is absent holds
            yield row, placed(cells)
        else:
            reader.reject(row, "", _("%(found)s values, but the heading has %(width)s.") % {"found": len(cells), "width": width})
            yield row, ()


def _collect(reader: RowReader, rows: Iterable[Numbered], limit: int | None) -> list[UsageLine]:
    """Read all rows. Rows without cells were rejected before; reading ends when there are faults enough."""
    rows = iter(rows)
    within = islice(rows, limit)
    found: list[UsageLine | None] = []
    while not reader.is_full and (block := list(islice(within, _BLOCK))):
        found += reader.read(block)
    if not reader.is_full and next(rows, None):
        raise TooManyRows(limit)
    if not found:
        reader.reject(None, "", _("There are no rows."))
    if reader.errors:
        raise RowsRejected(reader.in_order())
    return [line for line in found if line]
