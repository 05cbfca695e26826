"""Reads the published vectors in `tests/data`; their README there states the rules."""

import csv
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from engagements.conformance import compare

DATA = Path(__file__).parents[2] / "data"


def cases(file: str, kind: str | None = None) -> list[dict]:
    """Return the cases of a file; numbers are Decimals, so that money stays exact."""
    text = (DATA / file).read_text()
    found = json.loads(text, parse_float=Decimal)["cases"]
    return [case for case in found if kind in (None, case["kind"])]


def rows(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(newline="") as file:
        return list(csv.DictReader(file))


def case_id(case: dict) -> str:
    return case["id"]


def differences(case: dict, actual: Mapping[str, object]) -> dict[str, tuple]:
    """Return key -> (expected, actual) of every key of `actual` that misses its expected value."""
    expected = {key: case["expected"][key] for key in actual}
    found = compare.differences(expected, actual, case.get("tolerance"))
    return {item.key: (item.expected, item.got) for item in found}
