"""What needs one person this week. Each kind of need is one small function; a new kind joins by adding one.

`work.py` fetches the person's engagements once; the other modules hold the kinds by what they are about.
"""

from __future__ import annotations

from collections.abc import Callable

from engagements.selectors.my_week.customer import answers_given, asks_overdue, customers_silent
from engagements.selectors.my_week.gates import conditions_due
from engagements.selectors.my_week.numbers import feeds_stopped, values_stale
from engagements.selectors.my_week.promises import (
    deliverables_due,
    milestones_due,
    observations_due,
    promises_made,
    updates_due,
)
from engagements.selectors.my_week.reviews import help_sent, questions_asked
from engagements.selectors.my_week.trouble import blockers_due, reports_doubted, risks_raised, risks_to_review
from engagements.selectors.my_week.work import Need, Work, work_of

__all__ = ["KINDS", "Need", "Work", "needs", "work_of"]

KINDS: tuple[Callable[[Work], list[Need]], ...] = (
    updates_due,
    questions_asked,
    help_sent,
    promises_made,
    milestones_due,
    conditions_due,
    deliverables_due,
    asks_overdue,
    answers_given,
    customers_silent,
    blockers_due,
    reports_doubted,
    risks_raised,
    risks_to_review,
    observations_due,
    feeds_stopped,
    values_stale,
)


def needs(work: Work) -> list[Need]:
    """Everything that needs the person, most urgent first, then by date."""
    found = [need for kind in KINDS for need in kind(work)]
    urgency = {"at_risk": 0, "watch": 1}
    return sorted(found, key=lambda need: (urgency.get(need.band, 2), need.due_on, need.title))
