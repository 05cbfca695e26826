"""What the demo's managers asked and said while reviewing. Days count back from now; people are named by key."""

from __future__ import annotations

from typing import NamedTuple


class QuestionPlan(NamedTuple):
    """`answer` comes from the lead, `answered` days ago; "" leaves it open."""

    slug: str
    by: str
    asked: int
    text: str
    answer: str = ""
    answered: int = 0
    is_read: bool = False


class CommentPlan(NamedTuple):
    """A review of `weeks` ago with what was said."""

    slug: str
    by: str
    weeks: int
    text: str


class HelpPlan(NamedTuple):
    """The backup helps: whoever is sent there needs no seat."""

    slug: str
    by: str
    text: str
    days: int


QUESTIONS = (
    QuestionPlan("outage-triage-assistant", "ruth", 4, "Who follows the sponsor, and who at Kestrel can name them?"),
    QuestionPlan("planning-case-intake", "ruth", 3, "What would make legal answer this week?"),
    QuestionPlan(
        "customs-declaration-copilot", "ruth", 5, "What do you need from me for the security review?",
        "A call to Anneke. She names the reviewer if you ask her before Wednesday.", 2,
    ),
    QuestionPlan(
        "credit-memo-drafting", "daniel", 9, "Drafted memos rise and weekly users fall. Which of the two do you steer by?",
        "By memos so far. I look at the users of each branch this week.", 8, True,
    ),
)  # fmt: skip
COMMENTS = (
    CommentPlan("outage-triage-assistant", "ruth", 1, "No sponsor, no crews. I call their operations lead myself before we spend another sprint."),
    CommentPlan("credit-memo-drafting", "daniel", 1, "On track in every report, and people leave. Look again on Friday."),
    CommentPlan("customs-declaration-copilot", "ruth", 2, "The scanner first was right. Keep go-live where it is."),
)
HELPS = (HelpPlan("customs-declaration-copilot", "daniel", "Bring the evidence for the security review together", 10),)
# Reviewed in the present week already, with nothing to say.
REVIEWED = (("protocol-library-search", "daniel"),)
LAST_VISIT_DAYS = 3
# A view of the portfolio somebody keeps.
VIEW_OF, VIEW_NAME, VIEW_QUERY = "ruth", "Pilots, falling first", "phase=pilot&sort=change&hide=val"
