"""`manage.py explain_health ENGAGEMENT`: a day's health with all that it rests on, for people and for checks."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engagements.management.commands.metrics_report import find_engagement, table
from engagements.models import HealthOverride, HealthSnapshot
from engagements.selectors.health import override_on
from engagements.selectors.health_explained import ComponentRow, Explanation, GreenStep, explain, snapshot_of

# Terminal output for operators: not translated, like the options of the command. The sentences are those of the page.


class Command(BaseCommand):
    help = "Explains the stored health of an engagement: components, what moved them, what would turn it green."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("engagement", help="short name (slug) of the engagement")
        parser.add_argument("--as-of", dest="day", type=date.fromisoformat, help="local day, like 2026-01-05; without it, the newest")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *, engagement: str, day: date | None, json: bool, **options: Any) -> None:
        found = find_engagement(engagement)
        snapshot = snapshot_of(found, day)
        if snapshot is None:
            newest = snapshot_of(found, None)
            stored = f"The newest is {newest.day}." if newest else "None is stored yet."
            raise CommandError(f"No health of {engagement} is stored for {day or 'any day'}. {stored}")
        report = report_of(explain(snapshot), override_on(found, snapshot.day))
        self.stdout.write(as_json(report) if json else as_text(report))


def report_of(explained: Explanation, override: HealthOverride | None) -> dict[str, Any]:
    """The explanation as JSON holds it. Scores are the whole numbers that pages show; weights and points have one place."""
    snapshot: HealthSnapshot = explained.snapshot
    return {
        "engagement": snapshot.engagement.slug,
        "day": snapshot.day.isoformat(),
        "score": explained.score,
        "band": snapshot.band,
        "change": explained.change,
        "coverage": str(snapshot.coverage),
        "numbers_version": explained.version.number,
        "hard_rules": explained.hard_rules,
        "components": [component_of(row) for row in explained.rows],
        "to_green": [step_of(step) for step in explained.to_green],
        "reaches_green": explained.reaches,
        "override": {"band": override.band, "until": override.until.isoformat(), "reason": override.reason} if override else None,
    }


def component_of(row: ComponentRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "score": row.score,
        "band": row.band,
        "weight": plain(row.weight),
        "full_weight": row.full_weight,
        "contribution": plain(row.points),
        "change": plain(row.change),
        "age_days": row.age_days,
        "sentence": row.evidence,
        "moved_by": row.moved,
    }


def step_of(step: GreenStep) -> dict[str, Any]:
    return {"do": step.text, "score": step.score, "band": step.band}


def plain(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, 1))


def as_json(report: dict[str, Any]) -> str:
    return json.dumps(report, indent=2, ensure_ascii=False)


def as_text(report: dict[str, Any]) -> str:
    heads = ["component", "score", "weight", "points", "change", "age", "why"]
    keys = ("key", "score", "weight", "contribution", "change", "age_days")
    rows = [[*(part[key] for key in keys), f"{part['sentence']} {part['moved_by']}".strip()] for part in report["components"]]
    lines = [f"{report['engagement']}, {report['day']}: {report['score']} {report['band']}, version {report['numbers_version']}"]
    steps = [f"{step['do']}: {step['score']} {step['band']}" for step in report["to_green"]]
    return "\n".join([*lines, *report["hard_rules"], "", table(heads, rows), "", *steps])
