"""What lets a gate open."""

from dataclasses import dataclass

import pytest

from engagements.metrics.gates import SAFETY_KEYS, blocking, blocks, may_be_waived, progress, unsafe_keys


@dataclass
class Row:
    answer: str
    is_hard: bool = True
    key: str = ""


@pytest.mark.parametrize(
    ("answer", "is_hard", "shut"),
    [
        ("unknown", True, True),
        ("fail", True, True),
        ("pass", True, False),
        ("waived", True, False),
        ("unknown", False, False),
        ("fail", False, False),
    ],
)
def test_only_a_hard_criterion_that_is_failed_or_unknown_blocks(answer: str, is_hard: bool, shut: bool) -> None:
    assert blocks(Row(answer, is_hard)) is shut


def test_one_unknown_is_not_averaged_away_by_many_passes() -> None:
    rows = [*(Row("pass") for _ in range(99)), Row("unknown")]
    assert blocking(rows) == [rows[-1]]
    assert progress(rows) == (99, 100)


def test_a_safety_question_that_nobody_asks_is_unknown() -> None:
    assert unsafe_keys([]) == list(SAFETY_KEYS)
    passed = [Row("pass", key=key) for key in SAFETY_KEYS]
    assert unsafe_keys(passed) == []
    assert unsafe_keys(passed[1:]) == ["risk_class"]
    # Asked at two gates, it must hold at both.
    assert unsafe_keys([*passed, Row("fail", key="rollback")]) == ["rollback"]


@pytest.mark.parametrize(
    ("is_hard", "key", "is_manager", "may"),
    [
        (True, "rollback", True, False),
        (True, "operate", True, False),
        (True, "", True, True),
        (True, "", False, False),
        (False, "", False, True),
    ],
)
def test_who_may_set_a_criterion_aside(is_hard: bool, key: str, is_manager: bool, may: bool) -> None:
    assert may_be_waived(is_hard=is_hard, key=key, is_manager=is_manager) is may
