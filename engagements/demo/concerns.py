"""What holds the demo's engagements up, what may, and what happened to their deliverables. By engagement."""

from __future__ import annotations

from dataclasses import dataclass

from engagements.demo.clock import FRI, MON, THU, TUE, WED, Day
from engagements.metrics.risks import Trigger
from engagements.models import Blocker, Incident

CUSTOMER, US, THIRD_PARTY = Blocker.Side.CUSTOMER, Blocker.Side.US, Blocker.Side.THIRD_PARTY


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockerPlan:
    """`milestone` is the title of what it moves; `before` an earlier text and the day it was replaced."""

    text: str
    side: Blocker.Side
    opened: Day
    needed: Day | None = None
    escalated: Day | None = None
    cleared: Day | None = None
    milestone: str = ""
    shared: str = ""
    before: tuple[str, Day] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPlan:
    text: str
    likelihood: int
    impact: int
    named: Day
    review: Day | None = None
    mitigation: str = ""
    trigger: str = ""
    threshold: int | None = None
    closed: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePlan:
    deliverable: str
    name: str
    day: Day
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPlan:
    """Begins at `hour` local time; minutes count from there."""

    deliverable: str
    title: str
    day: Day
    hour: int
    detected: int
    restored: int
    severity: Incident.Severity = Incident.Severity.MINOR
    cause: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RebaselinePlan:
    milestone: str
    old: Day
    on: Day
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernsPlan:
    """`evidence` are (deliverable, label, address), `rejections` reasons by deliverable."""

    blockers: tuple[BlockerPlan, ...] = ()
    risks: tuple[RiskPlan, ...] = ()
    releases: tuple[ReleasePlan, ...] = ()
    incidents: tuple[IncidentPlan, ...] = ()
    rebaselines: tuple[RebaselinePlan, ...] = ()
    evidence: tuple[tuple[str, str, str], ...] = ()
    rejections: tuple[tuple[str, str], ...] = ()


NOTHING = ConcernsPlan()

COPILOT, LETTERS, MEMOS = "Customs declaration copilot", "Letter drafting assistant", "Credit memo assistant"

CONCERNS: dict[str, ConcernsPlan] = {
    "customs-declaration-copilot": ConcernsPlan(
        blockers=(
            BlockerPlan(
                text="Pieter Bakker has not named a reviewer for the security review", side=CUSTOMER, opened=(-3, TUE), needed=(1, TUE),
                escalated=(0, FRI), milestone="Production go-live", shared="The security review has no reviewer yet.",
                before=("Security review not scheduled", (-2, MON)),
            ),
            BlockerPlan(text="Scanner supplier owes the new profile for Felixstowe", side=THIRD_PARTY, opened=(-7, WED), needed=(-4, FRI),
                        escalated=(-6, MON), cleared=(-4, THU), milestone="Pilot at Felixstowe"),
        ),
        risks=(
            RiskPlan(text="The tariff table is updated by hand and falls behind", likelihood=3, impact=3, named=(-5, MON), review=(3, MON),
                     mitigation="A weekly file works until the gateway feed is ready."),
            RiskPlan(text="Felixstowe goes back to typing when scans are bad", likelihood=3, impact=4, named=(-6, THU), review=(2, THU),
                     mitigation="Grace reports bad scans the same day; we answer before the night shift.",
                     trigger=Trigger.WEEKLY_USERS, threshold=60),
        ),
        releases=(
            ReleasePlan(deliverable=COPILOT, name="1.2", day=(-9, TUE), note="Transit declarations."),
            ReleasePlan(deliverable=COPILOT, name="1.3", day=(-4, THU), note="Reads cut edges; asks instead of guessing."),
        ),
        incidents=(
            IncidentPlan(deliverable=COPILOT, title="Scans from Felixstowe were read wrongly", day=(-7, TUE), hour=6, detected=340,
                         restored=3 * 24 * 60, severity=Incident.Severity.MAJOR, cause="The scanner cut the edges off the page.",
                         fix="Pages without edges are refused and shown to the clerk."),
        ),
        evidence=(("Scanner profile for Felixstowe", "Test on Felixstowe pages", "https://files.northlight.example/felixstowe-test"),),
    ),
    "claims-correspondence": ConcernsPlan(
        blockers=(
            BlockerPlan(text="Claim file connector lacks read access to the home line", side=CUSTOMER, opened=(-4, TUE), needed=(-2, FRI),
                        cleared=(-3, THU), milestone="Home line live"),
        ),
        risks=(
            RiskPlan(text="Conduct risk asks for a second review of sensitive letters", likelihood=2, impact=4, named=(-9, MON), review=(3, WED),
                     mitigation="Alan Whitcombe reads a sample every month."),
            RiskPlan(text="Usage data stop when the claims platform moves", likelihood=2, impact=3, named=(-6, MON), review=(4, MON),
                     trigger=Trigger.FEED_STOPPED),
        ),
        releases=(
            ReleasePlan(deliverable=LETTERS, name="2.0", day=(-8, MON), note="Live for all motor desks."),
            ReleasePlan(deliverable=LETTERS, name="2.1", day=(-3, WED), note="Letter types of the home line."),
        ),
        evidence=((LETTERS, "Monthly sample read by conduct risk", "https://files.northlight.example/letter-sample"),),
    ),
    "credit-memo-drafting": ConcernsPlan(
        risks=(
            RiskPlan(text="Analysts copy old memos again after the model upgrade", likelihood=3, impact=4, named=(-9, WED), review=(-5, WED),
                     mitigation="Key people in the branches.", trigger=Trigger.WEEKLY_USERS, threshold=100),
        ),
        releases=(
            ReleasePlan(deliverable=MEMOS, name="1.0", day=(-12, MON), note="Wave 1."),
            ReleasePlan(deliverable=MEMOS, name="Model upgrade", day=(-8, THU), note="Longer memos, other wording."),
        ),
    ),
    "outage-triage-assistant": ConcernsPlan(
        blockers=(
            BlockerPlan(text="Nobody at Kestrel is named to sign the pilot", side=CUSTOMER, opened=(-3, THU), needed=(1, FRI),
                        milestone="Pilot sign-off", shared="The pilot needs a name for its sign-off."),
            BlockerPlan(text="Telemetry supplier limits requests in storms", side=THIRD_PARTY, opened=(-1, TUE), needed=(4, FRI)),
        ),
        risks=(
            RiskPlan(text="The first winter storm comes before crews trust it", likelihood=4, impact=4, named=(-5, MON), review=(2, MON),
                     mitigation="Shadow shifts with Camilla Holm's crew.", trigger=Trigger.MILESTONE_SLIP, threshold=21),
        ),
    ),
    "planning-case-intake": ConcernsPlan(
        blockers=(
            BlockerPlan(text="Data-sharing agreement lies with the council's legal team", side=CUSTOMER, opened=(-4, WED), needed=(-1, FRI),
                        escalated=(-1, MON), milestone="Data-sharing agreement", shared="The data-sharing agreement is not signed yet."),
        ),
        risks=(
            RiskPlan(text="Without real cases the prototype proves nothing", likelihood=4, impact=4, named=(-4, WED),
                     mitigation="Invented cases from old public ones."),
        ),
    ),
    "deviation-report-drafting": ConcernsPlan(
        blockers=(
            BlockerPlan(text="We owe the second round of the validation pack", side=US, opened=(-1, MON), needed=(4, MON),
                        milestone="GxP validation pack"),
        ),
        rebaselines=(
            RebaselinePlan(milestone="Live on both lines", old=(4, MON), on=(-6, WED),
                           reason="Novaquell stops the second line for maintenance. Agreed with Chiara Bianchi; both sides changed their plans."),
        ),
        rejections=(("Validation pack", "Traceability from requirement to test is missing for two functions."),),
    ),
    "chengjiang-inspection": ConcernsPlan(
        blockers=(
            BlockerPlan(text="二线新相机还没有到货", side=THIRD_PARTY, opened=(-2, TUE), needed=(2, FRI), milestone="试点验收",
                        shared="二线的新相机还没有到货。"),
        ),
        risks=(RiskPlan(text="夜班不愿意改判读习惯", likelihood=3, impact=3, named=(-4, MON), review=(2, MON), mitigation="请罗敏每周带一次班。"),),
        releases=(ReleasePlan(deliverable="判读工作台", name="0.9", day=(-3, WED), note="加入二线的缺陷类型。"),),
    ),
    "hualing-call-quality": ConcernsPlan(
        risks=(
            RiskPlan(text="移交以后没有人负责模型更新", likelihood=2, impact=5, named=(-3, TUE), review=(2, TUE), mitigation="移交手册写明负责人。"),
        ),
        releases=(ReleasePlan(deliverable="质检摘要助手", name="2.0", day=(-6, TUE), note="支持方言通话。"),),
    ),
}
