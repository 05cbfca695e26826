"""`manage.py backtest FOLDER`: how early and how well warnings told what happened, over trajectories in CSV files."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError

from engagements.intake.trajectories import TrajectoryFault, TrajectoryWeek, read_trajectories
from engagements.management.commands.metrics_report import table
from engagements.metrics.backtest import FEWEST, HORIZON_WEEKS, auc, contrast, lead_time, typical_lead
from engagements.metrics.overrides import severity

# Terminal output for operators: not translated, like the options of the command.
LATE_DAYS = 14


class Rival(NamedTuple):
    """A way to warn: how high it holds the risk of a week, and whether it warns. None where it says nothing."""

    name: str
    risk: Callable[[TrajectoryWeek], float | None]
    warns: Callable[[TrajectoryWeek], bool | None]


def judged(band: str) -> bool | None:
    return None if band in ("", "unknown") else band != "on_track"


RIVALS = (
    Rival("health", lambda row: None if row.score is None else 100 - row.score, lambda row: judged(row.band)),
    Rival("self-report", lambda row: severity(row.self_report) if judged(row.self_report) is not None else None, lambda row: judged(row.self_report)),
    Rival(
        "days since update",
        lambda row: row.days_since_update,
        lambda row: None if row.days_since_update is None else row.days_since_update > LATE_DAYS,
    ),
)


class Command(BaseCommand):
    help = "Prints lead time and AUC of health, of self-reports and of the days since the last update over trajectories."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="folder of CSV files, as docs/health.md describes them")

    def handle(self, *, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        try:
            found = read_trajectories(folder)
        except TrajectoryFault as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(report(list(found.values())))


def report(engagements: Sequence[list[TrajectoryWeek]]) -> str:
    events = sum(1 for rows in engagements if first_event(rows) is not None)
    rows = [line_of(rival, engagements) for rival in RIVALS]
    heads = ["warning", "AUC", "lead, weeks", "warned of", "bad if warned", "bad otherwise"]
    foot = f"Too few: fewer than {FEWEST} events or engagements without one." if min(events, len(engagements) - events) < FEWEST else ""
    head = f"{len(engagements)} engagements, {events} with an event; within {HORIZON_WEEKS} weeks."
    return "\n".join(part for part in (head, table(heads, rows), foot) if part)


def line_of(rival: Rival, engagements: Sequence[list[TrajectoryWeek]]) -> list[Any]:
    pairs = [(row, bad) for rows in engagements for row, bad in observations(rows)]
    leads = [lead_of(rival, rows) for rows in engagements if first_event(rows) is not None]
    area, typical = auc((rival.risk(row), bad) for row, bad in pairs), typical_lead(leads)
    both = contrast((rival.warns(row), bad) for row, bad in pairs)
    return [
        rival.name,
        None if area is None else f"{area:.3f}",
        None if typical is None else f"{typical:g}",
        f"{sum(lead is not None for lead in leads)} of {len(leads)}",
        f"{both.warned.bad} of {both.warned.count}",
        f"{both.rest.bad} of {both.rest.count}",
    ]


def first_event(rows: Sequence[TrajectoryWeek]) -> int | None:
    """The week of the first event."""
    return next((row.week for row in rows if row.event), None)


def observations(rows: Sequence[TrajectoryWeek]) -> Iterable[tuple[TrajectoryWeek, bool]]:
    """Each week before the first event, and whether one came within the horizon; weeks whose horizon is not over are left out."""
    event, last = first_event(rows), rows[-1].week
    for row in rows:
        if event is not None and row.week < event:
            yield row, event - row.week <= HORIZON_WEEKS
        elif event is None and row.week + HORIZON_WEEKS <= last:
            yield row, False


def lead_of(rival: Rival, rows: Sequence[TrajectoryWeek]) -> int | None:
    """The lead in weeks before the first event; weeks that no line names were not judged."""
    event, first = first_event(rows), rows[0].week
    by_week = {row.week: rival.warns(row) for row in rows}
    return lead_time([by_week.get(week) for week in range(first, event)], event - first) if event is not None else None
