"""Target users as a CSV file: named people or numbers of licences, each with its dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from engagements.intake.rows import LONGEST_ACTOR, ROWS_AT_ONCE, RowError, RowsRejected
from engagements.intake.tables import read_table
from engagements.intake.values import BadValue, date_of, number_of, text_of

COLUMNS = ("actor", "licences", "from", "to", "everybody_by")


class TargetLine(NamedTuple):
    """One row: either a name or a number of licences. The days are local; the last two may be open."""

    actor: str
    licences: int | None
    starts_on: date
    ends_on: date | None
    full_adoption_on: date | None


def read_targets(content: bytes) -> list[TargetLine]:
    """Return the rows of a file. Raises RowsRejected with row and column of each fault."""
    table = read_table(content, COLUMNS, owed=("from",), limit=ROWS_AT_ONCE)
    faults: list[RowError] = []
    lines = [_line(row, cells, faults) for row, cells in table]
    faults += _repeated(table)
    if not lines:
        faults.append(RowError(None, "", _("There are no rows.")))
    if faults:
        raise RowsRejected(sorted(faults, key=lambda fault: fault.row or 0))
    return lines


def _line(row: int, cells: dict[str, str], faults: list[RowError]) -> TargetLine:
    def read(column: str, reader: Callable[[str], Any], empty: Any) -> Any:
        text = cells.get(column, "").strip()
        try:
            return reader(text) if text else empty
        except BadValue as fault:
            faults.append(RowError(row, column, str(fault)))
            return empty

    actor = read("actor", lambda text: text_of(text, LONGEST_ACTOR), "")
    licences = read("licences", lambda text: number_of(text, lowest=1), None)
    starts_on, ends_on, full_on = (read(column, date_of, None) for column in COLUMNS[2:])
    if bool(cells.get("actor", "").strip()) == bool(cells.get("licences", "").strip()):
        faults.append(RowError(row, "actor", _("Give either a name or a number of licences.")))
    if not cells["from"].strip():
        faults.append(RowError(row, "from", _("Say from when: this is empty.")))
    for column, day in (("to", ends_on), ("everybody_by", full_on)):
        if day and starts_on and day < starts_on:
            faults.append(RowError(row, column, _("%(day)s is before “from”.") % {"day": day}))
    return TargetLine(actor, licences, starts_on or date.min, ends_on, full_on)


def _repeated(table: Iterable[tuple[int, dict[str, str]]]) -> Iterator[RowError]:
    seen: dict[str, int] = {}
    for row, cells in table:
        name = cells.get("actor", "").strip()
        if name and name in seen:
            yield RowError(row, "actor", _("“%(name)s” stands in row %(row)s already.") % {"name": name, "row": seen[name]})
        elif name:
            seen[name] = row
