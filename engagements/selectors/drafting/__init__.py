"""What the database knows about an engagement's week, as lines to take, edit or leave out.

Each source is one small function: a new kind of fact joins by adding one to `SOURCES`. A line it drafts
says what rows of that engagement hold, and nothing else.
"""

from __future__ import annotations

from engagements.models import Engagement, WeeklyUpdate
from engagements.selectors.drafting.deliverables import deliverables_accepted, incidents, releases
from engagements.selectors.drafting.fact import DraftWeek, Fact, Source
from engagements.selectors.drafting.figures import answers_accepted, people_using, value_expected
from engagements.selectors.drafting.milestones import milestones_due, milestones_moved, milestones_reached
from engagements.selectors.drafting.outcomes import outcomes_moved, value_judged
from engagements.selectors.drafting.records import asks_done, blockers_cleared, decisions, trainings
from engagements.selectors.drafting.work import work_done
from engagements.selectors.weekly_update import Week

# In the order in which they stand in the draft.
SOURCES: tuple[Source, ...] = (
    milestones_reached,
    milestones_moved,
    deliverables_accepted,
    people_using,
    answers_accepted,
    value_expected,
    outcomes_moved,
    value_judged,
    trainings,
    asks_done,
    blockers_cleared,
    releases,
    incidents,
    decisions,
    work_done,
    milestones_due,
)

__all__ = ["SOURCES", "DraftWeek", "Fact", "facts_of"]


def facts_of(engagement: Engagement, week: Week) -> dict[str, Fact]:
    """Every fact of the week by its key, without those the update before told already or another one says too. A fixed number of statements."""
    draft = DraftWeek.of(engagement, week)
    told = keys_told_in(draft.before)
    found = {fact.key: fact for source in SOURCES for fact in source(draft) if fact.key not in told}
    return {key: fact for key, fact in found.items() if fact.unless not in found}


def keys_told_in(update: WeeklyUpdate | None) -> set[str]:
    lines = [*update.shared_lines.all(), *update.internal_lines.all()] if update else []
    return {line.fact for line in lines if line.fact}
