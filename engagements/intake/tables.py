"""Small CSV files with a heading, as text by row and column. What the text means is the reader's matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from engagements.intake.files import csv_table
from engagements.intake.rows import RowError, RowsRejected
from engagements.intake.texts import Lines, Text


def read_table(content: bytes, columns: Sequence[str], *, owed: Sequence[str], limit: int) -> list[tuple[int, dict[str, str]]]:
    """Return the filled rows with their number in the file (the heading is row 1) as {column: text}.

    Raises RowsRejected for a file that is no table, an unknown, doubled or missing column, a row of another
    length than the heading, and more than `limit` rows.
    """
    rows = list(csv_table(Lines(Text([content], "utf-8"))))
    if not rows:
        raise RowsRejected([RowError(None, "", _("The file is empty."))])
    heading = [name.strip().lower() for name in rows[0][1]]
    faults = list(_heading_faults(heading, columns, owed))
    faults += [
        RowError(row, "", _("%(found)s values, but the heading has %(width)s.") % {"found": len(cells), "width": len(heading)})
        for row, cells in rows[1:]
        if len(cells) != len(heading)
    ]
    if len(rows) - 1 > limit:
        faults.append(RowError(None, "", _("More than %(limit)s rows in one file.") % {"limit": limit}))
    if faults:
        raise RowsRejected(faults)
    return [(row, dict(zip(heading, cells, strict=True))) for row, cells in rows[1:]]


def _heading_faults(heading: Sequence[str], columns: Sequence[str], owed: Sequence[str]) -> Iterable[RowError]:
    for name in dict.fromkeys(heading):
        if name not in columns:
            yield RowError(1, name[:40], _("Unknown column. The columns are: %(columns)s.") % {"columns": ", ".join(columns)})
        elif heading.count(name) > 1:
            yield RowError(1, name, _("This column is there twice."))
    for name in owed:
        if name not in heading:
            yield RowError(1, name, _("The column “%(name)s” is missing.") % {"name": name})
