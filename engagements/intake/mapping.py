"""Which column of a foreign file is which of ours: guessed from the headings, decided by a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from engagements.intake.files import csv_table
from engagements.intake.rows import COLUMNS
from engagements.intake.texts import Lines, Text

PREVIEW_ROWS = 5

# What exports of other tools call our columns, in both languages of the portal.
SYNONYMS = {
    "actor": ("user", "user id", "userid", "user name", "username", "email", "e mail", "mail", "person", "member", "employee", "login", "用户", "用户名", "邮箱", "工号", "员工"),
    "date": ("day", "usage date", "activity date", "日期", "使用日期"),
    "ts": ("timestamp", "time", "datetime", "date time", "created at", "occurred at", "event time", "时间", "时间戳"),
    "feature": ("function", "action", "module", "screen", "event", "event name", "activity", "功能", "模块"),
    "release": ("version", "model", "model version", "build", "版本", "模型"),
    "events": ("count", "uses", "requests", "sessions", "number", "total", "次数", "数量"),
    "seconds_saved": ("seconds", "time saved", "saved seconds", "节省秒数"),
    "accepted": ("accept", "approved", "used as is", "接受", "采纳"),
    "edited": ("edit", "changed", "corrected", "修改"),
    "rejected": ("reject", "declined", "discarded", "拒绝"),
    "failed": ("fail", "failures", "errors", "error", "失败"),
    "event_id": ("id", "uuid", "event uuid", "request id", "事件编号"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """The heading of a CSV file and its first rows."""

    headings: list[str]
    rows: list[list[str]]


def preview_of(pieces: Iterable[bytes], encoding: str) -> Preview:
    """Return how a file begins. Raises RowsRejected for what is no CSV file in this encoding."""
    table = [cells for _, cells in islice(csv_table(Lines(Text(pieces, encoding))), PREVIEW_ROWS + 1)]
    headings, *rows = table or [[]]
    return Preview([heading.strip() for heading in headings], rows)


def guessed(headings: Sequence[str]) -> dict[str, str]:
    """Return the likely heading of each of our columns; each heading is used once."""
    plain = {heading: " ".join(heading.lower().replace("_", " ").replace("-", " ").split()) for heading in headings}
    found: dict[str, str] = {}
    for column in COLUMNS:
        names = (column.replace("_", " "), *SYNONYMS[column])
        fits = [heading for heading in headings if plain[heading] in names and heading not in found.values()]
        if fits:
            found[column] = min(fits, key=lambda heading: names.index(plain[heading]))
    # One day is enough, and an instant says more.
    if "ts" in found:
        found.pop("date", None)
    return found
