"""The shapes of a story: everything a demo customer and its engagements consist of, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from customers.models import Stakeholder
from engagements.demo.clock import Day
from engagements.models import (
    Band,
    Confidence,
    Deliverable,
    Milestone,
    Phase,
    Response,
    StakeholderNote,
    Status,
    ValueDriver,
    ValueLine,
)

ROLE, STANCE = Stakeholder.Role, Stakeholder.Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPlan:
    """Somebody at a customer. `stances` are (week, stance), oldest first; `backup` names who stands in."""

    name: str
    title: str
    department: str
    role: ROLE
    influence: int
    stances: tuple[tuple[int, STANCE], ...]
    email: str = ""
    last_contact: Day | None = None
    left: Day | None = None
    backup: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPlan:
    """`contacts` are people who sign in: (name, e-mail)."""

    slug: str
    name: str
    industry: str
    region: str
    segment: str
    time_zone: str
    currency: str
    language: str = "en"
    owner: str
    classification: str = "confidential"
    renews_in_weeks: int | None = None
    people: tuple[PersonPlan, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestonePlan:
    """`moves` are (the week in which the forecast changed, the new forecast), oldest first."""

    key: str
    title: str
    baseline: Day
    summary: str = ""
    moves: tuple[tuple[int, Day], ...] = ()
    actual: Day | None = None
    kind: Milestone.Kind = Milestone.Kind.ORDINARY
    ours: str = ""
    theirs: str = ""
    shared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UsePlan:
    """How many people use something each week, and how.

    `curve` are (week, people active in it); between two points the line is straight. `habit` is
    the share of working days on which an active person uses it. Features are (name, weight).
    With `by_event` the source sends events with ids instead of totals by day.
    """

    source: str
    curve: tuple[tuple[int, int], ...]
    habit: float
    events_a_day: float
    seconds_per_event: int = 0
    features: tuple[tuple[str, int], ...] = ()
    accepted: float = 0.0
    edited: float = 0.0
    weekends: bool = False
    stops: Day | None = None
    by_event: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPlan:
    """People meant to use a deliverable: from a day on, everybody by another; by number, or each named."""

    people: int
    starts: Day
    full: Day | None = None
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverablePlan:
    name: str
    kind: Deliverable.Kind
    state: Deliverable.State
    planned: Day
    forecast: Day | None = None
    actual: Day | None = None
    criteria: str = ""
    shared: bool = True
    use: UsePlan | None = None
    target: TargetPlan | None = None


@dataclass(frozen=True, slots=True)
class RealisedPlan:
    """What a line brought in whole weeks, `first` to `last`; `verdict` is confirmed, disputed or provisional."""

    first: int
    last: int
    amount: int
    reason: str = ""
    verdict: str = "provisional"
    comment: str = ""
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class DriverPlan:
    """A factor with its cautious, expected and hopeful end."""

    name: str
    unit: ValueDriver.Unit
    low: str
    expected: str
    high: str
    confidence: Confidence
    comes_from: ValueDriver.Source
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLinePlan:
    """`amounts` are yearly, the first one at time 0; or `drivers` multiply to what it is worth each month.

    `low` and `high` are the ends of fixed amounts as a share of them; `begins` and `ramp` count months.
    """

    name: str
    kind: ValueLine.Kind
    amounts: tuple[int, ...] = ()
    drivers: tuple[DriverPlan, ...] = ()
    begins: int = 1
    ramp: int = 0
    low: Decimal = Decimal(1)
    high: Decimal = Decimal(1)
    capture: Decimal = Decimal(1)
    work: str = ""
    source: str = ""
    realised: tuple[RealisedPlan, ...] = ()
    confidence: Confidence = Confidence.ESTIMATED
    attribution: Decimal = Decimal(1)
    risk: Decimal = Decimal(0)
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlan:
    title: str
    starts: Day
    lines: tuple[ValueLinePlan, ...]
    source: str
    weighs_confidence: bool = True
    by_month: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePlan:
    """A note about people. Its text may name facts, as of the week of `day`."""

    day: Day
    kind: StakeholderNote.Kind
    people: tuple[str, ...]
    text: str
    stance: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPlan:
    """What somebody answered on the page, some hours after it was published. `about` is the item's text.

    Without `is_confirmed` the mailed code was never typed: the answer waits.
    """

    kind: Response.Kind
    person: str
    hours: int
    about: str = ""
    text: str = ""
    who_will: str = ""
    score: int | None = None
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OverridePlan:
    """What the manager says instead of the computed band, `days` before today, for a fortnight from then."""

    band: Band
    reason: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementPlan:
    """`phases` are (phase, the week it was entered), oldest first; the first one is the start.

    The weekly updates stand in `stories/<slug>.txt`; the last one is of week `-silent_weeks`.
    `share` names the link to the shared page. With `waits_at_weekends` week 0 is not written while it still runs, so
    that whoever opens the demo on a Saturday finds something to write too.
    """

    slug: str
    name: str
    lead: str
    backup: str
    phases: tuple[tuple[Phase, int], ...]
    manager: str = "ruth"
    team: tuple[tuple[str, str], ...] = ()
    status: Status = Status.ACTIVE
    ends: Day | None = None
    problem: str
    current_process: str = ""
    target_process: str = ""
    definition_of_done: str = ""
    out_of_scope: str = ""
    exit_plan: str = ""
    milestones: tuple[MilestonePlan, ...] = ()
    deliverables: tuple[DeliverablePlan, ...] = ()
    case: CasePlan | None = None
    notes: tuple[NotePlan, ...] = ()
    silent_weeks: int = 0
    waits_at_weekends: bool = False
    share: str = ""
    answers: tuple[AnswerPlan, ...] = ()
    override: OverridePlan | None = None

    @property
    def starts(self) -> Day:
        return self.phases[0][1], 0


@dataclass(frozen=True, slots=True)
class Story:
    customer: CustomerPlan
    engagements: tuple[EngagementPlan, ...]
