"""The command names what differs and what is left out, counts, and says by its exit status whether all is well."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

GOOD = {
    "id": "some",
    "kind": "wilson",
    "input": {"k": 0, "n": 10, "confidence": 0.95},
    "expected": {"low": 0},
    "tolerance": 1e-6,
}
WRONG = GOOD | {"id": "other", "expected": {"low": 0.5}}
NO_USE = {"id": "third", "kind": "evm", "input": {}, "expected": {"sv": 1}}


def run(folder: Path, *cases: dict) -> tuple[list[str], int]:
    (folder / "deeper").mkdir()
    (folder / "deeper/mine.json").write_text(json.dumps({"cases": cases}))
    out = StringIO()
    try:
        call_command("check_vectors", str(folder), stdout=out)
    except SystemExit as end:
        return out.getvalue().splitlines(), end.code
    return out.getvalue().splitlines(), 0


def test_all_is_well(tmp_path):
    lines, status = run(tmp_path, GOOD, NO_USE)

    assert lines == ["left out: evm (milestones carry dates and slips, no earned value), 1 cases", "1 passed, 0 failed"]
    assert status == 0


def test_a_failing_case_is_named_with_both_figures(tmp_path):
    lines, status = run(tmp_path, GOOD, WRONG)

    assert lines == ["other: low: got 0.0, expected 0.5", "1 passed, 1 failed"]
    assert status == 1


@pytest.mark.parametrize("content", [None, "{", '{"cases": []}'])
def test_a_folder_without_readable_cases_is_no_success(tmp_path, content):
    if content is not None:
        (tmp_path / "file.json").write_text(content)

    with pytest.raises(CommandError):
        call_command("check_vectors", str(tmp_path))
    with pytest.raises(CommandError):
        call_command("check_vectors", str(tmp_path / "nowhere"))
