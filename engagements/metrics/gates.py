"""What lets a gate open: pure rules about answers, hardness and keys.

The source are the rules in docs/gates.md: a failed or unknown hard criterion blocks, and is never averaged away. There is
no score here on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

# What is asked about safety before an AI tool works in production. Nobody may waive these.
SAFETY_KEYS = ("risk_class", "personal_data", "autonomy", "human_review", "incident_plan", "rollback")
# Each asset that stays behind has somebody who answers for it: counted from the list of assets, never typed.
OWNERS_KEY = "owners"
# Outcomes of a decision with which the next phase begins.
OPENING = ("go", "conditions")


class Answered(Protocol):
    is_hard: bool
    key: str
    answer: str


Criterion = TypeVar("Criterion", bound=Answered)


def blocks(criterion: Answered) -> bool:
    """Whether a criterion keeps the gate shut: hard, and failed or unknown. A waived or soft one does not."""
    return criterion.is_hard and criterion.answer in ("fail", "unknown")


def blocking(criteria: Iterable[Criterion]) -> list[Criterion]:
    """The criteria that keep a gate shut, in their order."""
    return [criterion for criterion in criteria if blocks(criterion)]


def may_be_waived(*, is_hard: bool, key: str, is_manager: bool) -> bool:
    """Whether somebody may set a criterion aside for a reason.

    Keyed ones (safety, demonstrations, owners) never; other hard ones a manager alone; soft ones anybody on the work.
    """
    return not key and (is_manager or not is_hard)


def unsafe_keys(criteria: Iterable[Answered]) -> list[str]:
    """Safety questions that are not passed, in their order. One that is asked nowhere is unknown, thus not passed."""
    passed = {criterion.key for criterion in criteria if criterion.answer == "pass"}
    failed = {criterion.key for criterion in criteria if criterion.answer != "pass"}
    return [key for key in SAFETY_KEYS if key not in passed or key in failed]


def progress(criteria: Iterable[Answered]) -> tuple[int, int]:
    """How many criteria are passed or waived, and how many there are. For counting along, not for deciding."""
    answers = [criterion.answer for criterion in criteria]
    return sum(answer in ("pass", "waived") for answer in answers), len(answers)
