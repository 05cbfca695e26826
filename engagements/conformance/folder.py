"""Runs everything a folder holds: files of cases, and logs with their reference tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from engagements.conformance.compare import Difference, differences
from engagements.conformance.kinds import KINDS, LEFT_OUT, LEFT_OUT_KEYS
from engagements.conformance.logs import check_log


@dataclass(frozen=True, slots=True)
class Checked:
    """One case: what differs from the published result, or why it (or a figure of it) was left out."""

    name: str
    kind: str
    differences: tuple[Difference, ...] = ()
    error: str = ""
    left_out: str = ""
    left_out_keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return not (self.differences or self.error or self.left_out)


def check_folder(folder: Path) -> Iterator[Checked]:
    """Yield the result of each case in `folder` and below. Raises OSError and ValueError for what cannot be read."""
    for path in sorted(folder.rglob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        if isinstance(content, dict) and "cases" in content:
            yield from map(check_case, content["cases"])
    for path in sorted(folder.rglob("events.csv")):
        for name, table, found in check_log(path.parent):
            yield Checked(f"{path.parent.name}/{table}/{name}", "log", tuple(found))


def check_case(case: Mapping[str, Any]) -> Checked:
    """Compute one case with the function of its kind and compare."""
    name, kind = str(case.get("id", "")), str(case.get("kind", ""))
    if kind not in KINDS:
        return Checked(name, kind, left_out=LEFT_OUT.get(kind, "unknown kind"))
    skipped = LEFT_OUT_KEYS.get(kind, {})
    expected = {key: value for key, value in expectation(case).items() if key not in skipped}
    omitted = {key: reason for key, reason in skipped.items() if key in case["expected"]}
    if omitted and not expected:
        return Checked(name, kind, left_out=", ".join(omitted.values()))
    try:
        found = KINDS[kind](case)
    except (ArithmeticError, LookupError, TypeError, ValueError) as fault:
        return Checked(name, kind, error=f"{type(fault).__name__}: {fault}", left_out_keys=omitted)
    if not expected:
        return Checked(name, kind, error="nothing is expected of it", left_out_keys=omitted)
    wrong = differences(expected, found, case.get("tolerance"))
    return Checked(name, kind, tuple(wrong), left_out_keys=omitted)


def expectation(case: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a case asserts; cases about points carry the answers beside the questions."""
    if case["expected"] or "points" not in case.get("input", {}):
        return case["expected"]
    return {"points": case["input"]["points"]}
