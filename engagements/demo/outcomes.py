"""What the three flagships agreed on with their customers, and what was observed. By engagement."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from engagements.demo.clock import FRI, MON, SUN, THU, TUE, WED, Day
from engagements.models import Confidence, Observation, OutcomeAgreement

UP, DOWN = OutcomeAgreement.Direction.UP, OutcomeAgreement.Direction.DOWN
MONTHLY, FORTNIGHTLY, WEEKLY = OutcomeAgreement.Cadence.MONTHLY, OutcomeAgreement.Cadence.FORTNIGHTLY, OutcomeAgreement.Cadence.WEEKLY
CONFIRMED, DISPUTED, PROVISIONAL = Observation.State.CONFIRMED, Observation.State.DISPUTED, Observation.State.PROVISIONAL


@dataclass(frozen=True, slots=True)
class SeenPlan:
    """An observation of whole weeks, `first` to `last`; without `of` the figure stands for itself."""

    first: int
    last: int
    value: str
    of: str = ""
    state: Observation.State = CONFIRMED
    comment: str = ""


@dataclass(frozen=True, slots=True)
class RailPlan:
    """A guardrail with its newest reading; `before` are earlier ones with their days."""

    text: str
    limit: str
    unit: str
    reading: str
    day: Day
    before: tuple[tuple[str, Day], ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierLinePlan:
    """The line that was replaced on `day`: its target and due day, and why."""

    target: str
    due: Day
    day: Day
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomePlan:
    """An agreement; `theirs`, `verifier` and `producer` are names of the customer's people."""

    outcome: str
    metric: str
    unit: str
    direction: OutcomeAgreement.Direction
    population: str
    source: str
    baseline: str
    since: Day
    target: str
    due: Day
    agreed: Day
    how: str
    theirs: str
    verifier: str
    producer: str = ""
    cadence: OutcomeAgreement.Cadence = MONTHLY
    from_usage: bool = False
    deliverables: tuple[str, ...] = ()
    seen: tuple[SeenPlan, ...] = ()
    rails: tuple[RailPlan, ...] = ()
    earlier: EarlierLinePlan | None = None
    confidence: Confidence = Confidence.OBSERVED


OUTCOMES: dict[str, tuple[OutcomePlan, ...]] = {
    "claims-correspondence": (
        OutcomePlan(
            outcome="A handler finishes an everyday letter sooner", metric="Minutes from opening the file to sending", unit="minutes",
            direction=DOWN, population="Everyday letters of the motor desks", source="Desk timing on four desks, one week a month",
            baseline="22", since=(-22, THU), target="11", due=(8, FRI), agreed=(-19, WED), how="Letter of agreement, signed",
            theirs="Margaret Ellison", verifier="Dev Chandran", deliverables=("Letter drafting assistant",),
            seen=(
                SeenPlan(-16, -13, "17.5"), SeenPlan(-12, -9, "14.5"), SeenPlan(-8, -5, "12.4"), SeenPlan(-4, -1, "11.8", state=PROVISIONAL),
            ),
            rails=(RailPlan("Letters that come back as a complaint", "4", "%", "3.1", (-1, TUE), (("3.4", (-5, TUE)), ("4.3", (-9, TUE)), ("2.9", (-13, TUE)))),),
        ),
        OutcomePlan(
            outcome="The motor desks write their everyday letters with it", metric="People who used it in the week", unit="people",
            direction=UP, population="Handlers of the motor desks", source="Claims platform events",
            baseline="0", since=(-18, SUN), target="270", due=(2, FRI), agreed=(-17, MON), how="Steering meeting",
            theirs="Margaret Ellison", verifier="Sophie Lund", cadence=WEEKLY, from_usage=True, deliverables=("Letter drafting assistant",),
        ),
    ),
    "credit-memo-drafting": (
        OutcomePlan(
            outcome="Credit sends back fewer memos", metric="Memos sent back to the analyst", unit="%",
            direction=DOWN, population="All memos that reached credit in the period", source="The bank's workflow log",
            baseline="31", since=(-22, FRI), target="15", due=(4, FRI), agreed=(-20, WED), how="Mail of the sponsor",
            theirs="Beatriz Salgado", verifier="Paulo d’Orey", producer="Rui Moreira", deliverables=("Credit memo assistant",),
            seen=(SeenPlan(-17, -14, "92", "371"), SeenPlan(-13, -10, "121", "610"), SeenPlan(-9, -6, "118", "497")),
            rails=(RailPlan("Signed memos with a wrong figure", "2", "%", "3.4", (-6, THU)),),
        ),
    ),
    "customs-declaration-copilot": (
        OutcomePlan(
            outcome="A declaration is ready sooner", metric="Minutes from paper to filing", unit="minutes",
            direction=DOWN, population="Import and export declarations of both desks", source="Desk timer",
            baseline="14", since=(-21, FRI), target="6", due=(8, FRI), agreed=(-18, TUE), how="Steering meeting, minuted",
            theirs="Anneke Visser", verifier="Ilse de Wit", cadence=FORTNIGHTLY, deliverables=("Customs declaration copilot", "Scanner profile for Felixstowe"),
            seen=(
                SeenPlan(-15, -14, "12.7"), SeenPlan(-13, -12, "11.2"), SeenPlan(-11, -10, "9.8"), SeenPlan(-9, -8, "9.1"),
                SeenPlan(-7, -6, "11.6", state=DISPUTED, comment="The broken scans are in it. Count them apart."),
                SeenPlan(-5, -4, "10.9"), SeenPlan(-3, -2, "9.2"), SeenPlan(-1, 0, "8.4", state=PROVISIONAL),
            ),
            rails=(RailPlan("Declarations corrected after filing", "5", "%", "4.2", (-1, WED), (("5.6", (-5, WED)), ("4.8", (-9, WED)))),),
            earlier=EarlierLinePlan(
                "5", (1, MON), (-4, THU), "The scanner at Felixstowe held the desk up. Both sides want one line for both desks, and a day after go-live."
            ),
        ),
        OutcomePlan(
            outcome="Fewer declarations are held at the border", metric="Declarations held for an error", unit="%",
            direction=DOWN, population="All declarations filed in the period", source="Customs gateway",
            baseline="11", since=(-21, FRI), target="6", due=(12, FRI), agreed=(-18, TUE), how="Steering meeting, minuted",
            theirs="Ilse de Wit", verifier="Joost Hendriks", deliverables=("Customs declaration copilot",),
            seen=(SeenPlan(-13, -10, "352", "3410"), SeenPlan(-9, -6, "371", "3655"), SeenPlan(-5, -2, "318", "3780")),
            confidence=Confidence.CALCULATED,
        ),
    ),
}


def decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
