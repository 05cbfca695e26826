"""Published results are reproduced, and a result that is not ours is told apart from one that is."""

import json
import shutil
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest

from engagements.conformance.folder import check_case, check_folder
from engagements.conformance.kinds import KINDS, LEFT_OUT
from tests.engagements.metrics.published import DATA, cases

FILES = ("adoption.json", "misc.json", "roi.json")
FIRST_OF_KIND = {case["kind"]: case for file in reversed(FILES) for case in reversed(cases(file))}
FLIGHTS = DATA / "logs/flights"


def test_every_published_case_is_reproduced():
    results = list(check_folder(DATA))

    assert [result for result in results if not (result.passed or result.left_out)] == []
    assert len(results) == sum(len(cases(file)) for file in FILES) + 53 + 16 + 10 + 8  # and the tables of the log


def test_every_kind_is_computed_or_left_out_for_a_reason():
    assert FIRST_OF_KIND.keys() <= KINDS.keys() | LEFT_OUT.keys()
    assert not KINDS.keys() & LEFT_OUT.keys()


@pytest.mark.parametrize("kind", sorted(KINDS.keys() & FIRST_OF_KIND.keys()))
def test_another_figure_than_the_published_one_fails(kind):
    """What is compared is really compared: one altered number in the expectation must show."""
    case = deepcopy(FIRST_OF_KIND[kind])
    place = case["expected"] or case["input"]
    key = next(key for key in reversed(place) if not key.startswith("rolling") and key != "payback_months_below")
    place[key] = altered(place[key])

    result = check_case(case)

    assert not result.passed
    assert [difference.key for difference in result.differences] == [key]


def altered(value):
    """Change the last number inside a nested value."""
    if isinstance(value, dict):
        last = list(value)[-1]
        return value | {last: altered(value[last])}
    if isinstance(value, list):
        return [*value[:-1], altered(value[-1])]
    return "somewhere else" if isinstance(value, str) else value + 1_000_000


def test_what_a_case_may_ask_beyond_the_published_ones():
    """Two returns within one week are asked for: p2 has one, p1 has two on different days, p3 two on one day."""
    stamps = [("p1", 8), ("p1", 9), ("p2", 8), ("p3", 10), ("p3", 10), *((actor, 1) for actor in ("p1", "p2", "p3"))]
    case = {
        "id": "busy", "kind": "retention", "timezone": "America/New_York", "week_start": "monday", "interval": "week",
        "date_range": ["2024-01-01", "2024-01-14"], "params": {"mode": "first_time", "min_return_events": 2},
        "events": [[actor, f"2024-01-{day:02}T12:00:00Z"] for actor, day in stamps],
        "expected": {"matrix": [[3, 2], [0]]},
    }  # fmt: skip

    assert check_case(case).passed


def test_components_of_a_health_score_are_rounded_before_they_are_weighted():
    case = {
        "id": "h", "kind": "health_weighted",
        "input": {"components": [{"weight": 1, "metrics": [50, 51]}, {"weight": Decimal("1.5"), "metrics": [100]}]},
        "expected": {"component_scores": [51, 100], "score": 80},
    }  # fmt: skip

    assert check_case(case).passed


def test_a_case_that_cannot_be_computed_fails_and_the_rest_still_runs():
    broken = FIRST_OF_KIND["wilson"] | {"input": {"k": 11, "n": 10, "confidence": Decimal("0.95")}}

    result = check_case(broken)

    assert not result.passed
    assert result.error == "ValueError: 11 of 10 is not a share"


def test_a_case_that_expects_nothing_does_not_pass():
    assert check_case(FIRST_OF_KIND["wilson"] | {"expected": {}}).error == "nothing is expected of it"


def test_an_unknown_kind_is_left_out_and_not_passed():
    result = check_case({"id": "x", "kind": "weather", "expected": {"rain": 1}})

    assert (result.passed, result.left_out) == (False, "unknown kind")


def test_a_log_of_local_days_in_another_place_is_read_too(tmp_path: Path):
    """The same flights as dates instead of instants, without features, and with one wrong cell."""
    shutil.copytree(FLIGHTS, tmp_path / "days")
    (tmp_path / "days/features.csv").unlink()
    events = (FLIGHTS / "events.csv").read_text().splitlines()[1:]
    summary = json.loads((FLIGHTS / "summary.json").read_text())
    for key in ("actor_days_by_zone", "breadth_histogram", "other_zones"):
        del summary[key]
    summary |= {"timezone": "UTC", "actor_days": 9205}
    (tmp_path / "days/summary.json").write_text(json.dumps(summary))
    days = [f"{actor},{stamp[:10]}" for actor, stamp, _ in (line.split(",") for line in events)]
    (tmp_path / "days/events.csv").write_text("\n".join(["actor,date", *days]))

    results = {result.name: result for result in check_folder(tmp_path)}

    assert results["days/summary/actor_days"].passed
    assert results["days/summary/events"].passed
    assert str(results["days/summary/last_day"].differences[0]) == "last_day: got 2014-01-01, expected 2013-12-31"
