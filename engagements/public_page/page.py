"""The shared page as its template needs it, in the active language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from engagements.public_page import wording
from engagements.public_page.content import SharedContent, SharedWeek
from engagements.public_page.drawings import adoption_chart, value_chart
from engagements.public_page.figures import Fact, chosen_facts
from engagements.public_page.rows import (
    NOTHING_GIVEN,
    AskedRow,
    AskRow,
    BlockerRow,
    DeliverableRow,
    GateRow,
    Given,
    MilestoneRow,
    Moved,
    OutcomeRow,
    PulseQuestion,
    amounts_of,
    asked_rows,
    blocker_row,
    milestone_row,
    moved,
    outcome_row,
    pulse_question,
    realised_row,
    verdicts_of,
    waiting,
)
from engagements.public_page.tombstones import NOTHING_WITHDRAWN, Withdrawn, gone_by_section, remaining
from fde_portal.core import formats
from fde_portal.core.charts import CumulativeValue, LineChart

# Parts of the page that no grant leaves out.
ALWAYS_SHOWN = {"headline"}


@dataclass(frozen=True, slots=True)
class SharedPage:
    """One edition, cut down to the sections of a grant. Missing parts are None or empty.

    `asked` is everything asked of readers: `asks`, `deliverables` and `gates` wait for an answer, `answered` got theirs.
    `says_asks` when the grant shows what we need at all, also where that is nothing.
    """

    engagement: str
    customer: str
    vendor: str
    vendor_mark: str
    vendor_logo: str
    contact_name: str
    contact_email: str
    zone: ZoneInfo
    published_on: date
    headline: str
    monday: date | None
    moved: Moved | None
    facts: tuple[Fact, ...]
    gone: Mapping[str, str]
    asked: tuple[AskedRow, ...]
    says_asks: bool
    blockers: tuple[BlockerRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    realised: tuple[OutcomeRow, ...]
    realised_verdicts: str
    progress: tuple[str, ...]
    next: tuple[str, ...]
    milestones: tuple[MilestoneRow, ...]
    pulse: PulseQuestion | None
    adoption: LineChart | None
    value: CumulativeValue | None

    @property
    def asks(self) -> tuple[AskRow, ...]:
        return waiting(self.asked, AskRow)

    @property
    def deliverables(self) -> tuple[DeliverableRow, ...]:
        return waiting(self.asked, DeliverableRow)

    @property
    def gates(self) -> tuple[GateRow, ...]:
        return waiting(self.asked, GateRow)

    @property
    def waits_below(self) -> bool:
        """Whether something other than an ask waits on the customer."""
        return bool(self.deliverables or self.gates or any(blocker.is_theirs for blocker in self.blockers))

    @property
    def answered(self) -> tuple[AskedRow, ...]:
        return tuple(row for row in self.asked if row.is_settled)

    @property
    def verdicts(self) -> str:
        return verdicts_of(self.outcomes)


# What of the content each section shows; what is headline and week stands on every page.
FIELDS = {
    "asks": ("asks",),
    "deliverables": ("deliverables", "gates"),
    "blockers": ("blockers",),
    "outcomes": ("outcomes",),
    "milestones": ("milestones",),
    "adoption": ("adoption",),
    "value": ("value", "realised"),
}
SINGLE = {"adoption", "value"}


def cut_to(content: SharedContent, sections: Collection[str]) -> SharedContent:
    """`content` without what a grant leaves out."""
    hidden = [field for section, fields in FIELDS.items() if section not in sections for field in fields]
    week = content.week if "lines" in sections else SharedWeek(content.week.monday, content.week.headline)
    return replace(content, week=week, **{field: None if field in SINGLE else () for field in hidden})


def head_of(content: SharedContent) -> dict[str, Any]:
    """What stands on every page whatever a grant leaves out: whose it is, of which day, and its headline."""
    return {
        "engagement": content.engagement,
        "customer": content.customer,
        "vendor": content.vendor,
        "vendor_mark": content.vendor_mark,
        "vendor_logo": content.vendor_logo,
        "contact_name": content.contact_name,
        "contact_email": content.contact_email,
        "zone": ZoneInfo(content.time_zone),
        "published_on": content.published_on,
        "headline": wording.unbroken(content.week.headline or content.engagement),
        "monday": content.week.monday,
    }


def shared_page(
    content: SharedContent,
    sections: Collection[str],
    given: Given = NOTHING_GIVEN,
    withdrawn: Withdrawn = NOTHING_WITHDRAWN,
    today: date | None = None,
) -> SharedPage:
    """Tell `content` in the active language. `sections` are names of `Section`; others are left out.

    `given` are the answers laid over it, by the item they are about; `withdrawn` what was taken back since. `today` is
    the engagement's local day by which asks are overdue, the day of publishing when left out.
    """
    gone, standing = gone_by_section(content, withdrawn), remaining(content, withdrawn)
    shown, as_of = cut_to(standing, sections), content.published_on
    ledger = tuple(realised_row(row, as_of, given) for row in shown.realised)
    return SharedPage(
        **head_of(shown),
        moved=moved(shown.milestones),
        facts=chosen_facts(standing, sections),
        gone={name: wording.taken_back(days) for name, days in gone.items() if name in sections or name in ALWAYS_SHOWN},
        asked=tuple(asked_rows(shown, today or as_of, given)),
        says_asks="asks" in sections,
        blockers=tuple(blocker_row(row, shown) for row in shown.blockers),
        outcomes=tuple(outcome_row(outcome, as_of, given) for outcome in shown.outcomes),
        realised=ledger,
        realised_verdicts=formats.sentences(verdicts_of(ledger), amounts_of(shown.realised, ledger)),
        progress=shown.week.progress,
        next=shown.week.next,
        milestones=tuple(milestone_row(milestone, as_of) for milestone in shown.milestones),
        pulse=pulse_question(shown.milestones, as_of),
        adoption=shown.adoption and adoption_chart(shown.adoption, as_of),
        value=shown.value and value_chart(shown.value, as_of),
    )
