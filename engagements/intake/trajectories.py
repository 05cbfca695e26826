"""Reads trajectories for a back-test: CSV files with one line for each engagement and week. See docs/health.md."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("engagement", "week", "score", "band", "self_report", "days_since_update", "event")
BANDS = ("on_track", "watch", "at_risk", "unknown", "")
EVENTS = ("", "slipped", "lost_users", "cancelled")


class TrajectoryFault(ValueError):
    """A file that cannot be read, with its name, line and column."""


@dataclass(frozen=True, slots=True)
class TrajectoryWeek:
    """One week of one engagement; None where nothing is known."""

    engagement: str
    week: int
    score: float | None
    band: str
    self_report: str
    days_since_update: float | None
    event: str


def read_trajectories(folder: Path) -> dict[str, list[TrajectoryWeek]]:
    """Return the weeks of every engagement of all CSV files, in order. Raises TrajectoryFault."""
    found: dict[str, list[TrajectoryWeek]] = {}
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise TrajectoryFault(f"There is no CSV file in {folder}.")
    for path in files:
        for row in _rows(path):
            found.setdefault(f"{path.stem}/{row.engagement}", []).append(row)
    return {name: sorted(rows, key=lambda row: row.week) for name, rows in found.items()}


def _rows(path: Path) -> Iterator[TrajectoryWeek]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise TrajectoryFault(f"{path.name}: the columns {', '.join(missing)} are missing.")
        seen: set[tuple[str, int]] = set()
        for line in reader:
            row = _row(path, reader.line_num, line)
            if (row.engagement, row.week) in seen:
                raise TrajectoryFault(f"{path.name}, line {reader.line_num}: week {row.week} of {row.engagement} stands there twice.")
            seen.add((row.engagement, row.week))
            yield row


def _row(path: Path, line: int, data: dict[str, str]) -> TrajectoryWeek:
    values = {name: (data[name] or "").strip() for name in COLUMNS}
    for name, allowed in (("band", BANDS), ("self_report", BANDS), ("event", EVENTS)):
        if values[name] not in allowed:
            raise TrajectoryFault(f"{path.name}, line {line}: {name} cannot be {values[name]}.")
    try:
        numbers = {name: float(values[name]) if values[name] else None for name in ("score", "days_since_update")}
        week = int(values["week"])
    except ValueError as fault:
        raise TrajectoryFault(f"{path.name}, line {line}: week, score and days_since_update are numbers.") from fault
    return TrajectoryWeek(**values | numbers | {"week": week})
