"""`manage.py metrics_report ENGAGEMENT`: the series behind the figures, for people and for checks."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagements.models import Deliverable, Engagement
from engagements.selectors.metric import RangeMetrics, WeekFigures, metrics_for_range
from engagements.selectors.usage_figures import retention_rows, written

# Terminal output for operators: not translated, like the options of the command.


class Command(BaseCommand):
    help = "Prints the weekly table, the habit histogram, retention and the headline of an engagement."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("engagement", help="short name (slug) of the engagement")
        parser.add_argument("--deliverable", help="name of one deliverable; without it, all together")
        parser.add_argument("--from", dest="start", type=date.fromisoformat, help="first local day, like 2026-01-05")
        parser.add_argument("--to", dest="end", type=date.fromisoformat, help="last local day, included")
        parser.add_argument("--json", action="store_true", help="print JSON instead of tables")

    def handle(self, *, engagement: str, deliverable: str | None, json: bool, **options: Any) -> None:
        found = find_engagement(engagement)
        part = find_deliverable(found, deliverable) if deliverable else None
        try:
            figures = metrics_for_range(
                found, now=timezone.now(), deliverable=part, start=options["start"], end=options["end"]
            )
        except ValueError as fault:
            raise CommandError(str(fault)) from fault
        report = {"engagement": engagement, "deliverable": deliverable, **report_of(figures)}
        self.stdout.write(as_json(report) if json else as_text(report))


def find_engagement(slug: str) -> Engagement:
    try:
        return Engagement.objects.get(slug=slug)
    except Engagement.DoesNotExist:
        known = ", ".join(Engagement.objects.values_list("slug", flat=True)) or "none"
        raise CommandError(f"No engagement is called {slug}. There are: {known}.") from None


def find_deliverable(engagement: Engagement, name: str) -> Deliverable:
    try:
        return engagement.deliverables.get(name=name)
    except Deliverable.DoesNotExist:
        known = ", ".join(engagement.deliverables.values_list("name", flat=True)) or "none"
        raise CommandError(f"No deliverable is called {name}. There are: {known}.") from None


def report_of(figures: RangeMetrics) -> dict[str, Any]:
    """Return the report as JSON holds it; undefined figures are None, ratios have six places."""
    return {
        "from": figures.start.isoformat(),
        "to": figures.end.isoformat(),
        "headline": figures.headline,
        "weeks": [week_row(row) for row in figures.weeks],
        "l28": {"as_of": figures.end.isoformat(), "histogram": {str(k): n for k, n in figures.habit.items()}},
        "retention": {
            "on": retention_rows(figures.retained_on),
            "on_or_after": retention_rows(figures.retained_on_or_after),
        },
    }


def week_row(row: WeekFigures) -> dict[str, Any]:
    week, growth = row.week, row.week.growth
    return {
        "week_start": week.period.start.isoformat(),
        "partial": week.partial,
        "events": row.events,
        "wau": week.wau,
        "wau7": week.wau7,
        "mau28": week.mau28,
        "avg_dau28": written(week.average_daily28),
        "stickiness28": written(week.stickiness28),
        "window_full": row.window_full,
        "new": growth.new,
        "returning": growth.returning,
        "resurrecting": growth.resurrecting,
        "dormant": growth.dormant,
        "quick_ratio": written(growth.quick_ratio),
    }


def as_json(report: dict[str, Any]) -> str:
    return json.dumps(report, indent=2, ensure_ascii=False)


def as_text(report: dict[str, Any]) -> str:
    """Return the report as aligned tables; a dash stands for what is undefined."""
    subject = report["deliverable"] or report["engagement"]
    headline = [[name, value] for name, value in report["headline"].items() if not isinstance(value, dict)]
    headline += [[f"adoption {name}", value] for name, value in report["headline"]["adoption"].items()]
    weeks = report["weeks"]
    blocks = [
        f"{subject}, {report['from']} to {report['to']}",
        table(["figure", "value"], headline),
        table(list(weeks[0]), [list(week.values()) for week in weeks]),
        table(["active days of 28", "people"], [[k, n] for k, n in report["l28"]["histogram"].items()]),
        *(f"Retention {mode}\n{triangle(rows)}" for mode, rows in report["retention"].items()),
    ]
    return "\n\n".join(blocks)


def triangle(rows: list[dict[str, Any]]) -> str:
    width = max((len(row["cells"]) for row in rows), default=0)
    return table(["started", *(f"w{n}" for n in range(width))], [[row["start"], *row["cells"]] for row in rows])


def table(heads: list[str], rows: Iterable[list[Any]]) -> str:
    """Return columns as wide as their widest cell, text to the right."""
    lines = [heads, *([cell_text(cell) for cell in row] for row in rows)]
    widths = [max(len(line[n]) for line in lines if n < len(line)) for n in range(len(heads))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=False)) for line in lines)


def cell_text(cell: object) -> str:
    if cell is None:
        return "-"
    return str(int(cell)) if isinstance(cell, bool) else str(cell)
