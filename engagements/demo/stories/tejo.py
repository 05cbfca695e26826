"""Flagship 2, a failure that looks green: every update says on track while people stop using it."""

from decimal import Decimal

from engagements.demo.clock import FRI, MON, THU, TUE, WED
from engagements.demo.plans import (
    ROLE,
    STANCE,
    CasePlan,
    CustomerPlan,
    DeliverablePlan,
    EngagementPlan,
    MilestonePlan,
    NotePlan,
    PersonPlan,
    Story,
    TargetPlan,
    UsePlan,
    ValueLinePlan,
)
from engagements.models import Confidence, Deliverable, Milestone, Phase, StakeholderNote, Status, ValueLine

CUSTOMER = CustomerPlan(
    slug="banco-tejo",
    name="Banco Tejo",
    industry="Banking",
    region="Portugal",
    segment="Enterprise",
    time_zone="Europe/Lisbon",
    currency="EUR",
    owner="tomas",
    classification="restricted",
    renews_in_weeks=9,
    people=(
        PersonPlan(
            name="Beatriz Salgado", title="Head of credit", department="Credit", role=ROLE.SPONSOR, influence=5,
            email="beatriz.salgado@bancotejo.example",
            stances=((-25, STANCE.CHAMPION), (-9, STANCE.SUPPORTER), (-4, STANCE.NEUTRAL), (0, STANCE.SCEPTIC)),
            last_contact=(0, THU),
        ),
        PersonPlan(
            name="Rui Moreira", title="Head of branch lending", department="Branches", role=ROLE.OPERATIONAL_OWNER, influence=4,
            email="rui.moreira@bancotejo.example", stances=((-24, STANCE.SUPPORTER), (-6, STANCE.NEUTRAL)),
        ),
        PersonPlan(
            name="Inês Calado", title="Platform lead", department="IT", role=ROLE.TECHNICAL_OWNER, influence=3,
            email="ines.calado@bancotejo.example", stances=((-24, STANCE.SUPPORTER), (-5, STANCE.CHAMPION)),
        ),
        PersonPlan(
            name="Paulo d’Orey", title="Model risk", department="Risk", role=ROLE.RISK_OWNER, influence=3,
            stances=((-22, STANCE.NEUTRAL),),
        ),
        PersonPlan(
            name="Marta Pires", title="Credit analyst, Porto", department="Branches", role=ROLE.FRONT_LINE_USER, influence=2,
            stances=((-20, STANCE.CHAMPION), (-7, STANCE.SCEPTIC)),
        ),
    ),
)

CREDIT = EngagementPlan(
    slug="credit-memo-drafting",
    name="Credit memo drafting",
    lead="tomas",
    backup="jonas",
    phases=((Phase.DISCOVERY, -25), (Phase.PROTOTYPE, -22), (Phase.PILOT, -19), (Phase.PRODUCTION, -12)),
    ends=(14, FRI),
    problem="A credit memo takes an analyst most of a day, and half of it is copied from the last memo of the same client.",
    current_process="Analysts start from an old memo, replace figures by hand and send it to credit in the evening.",
    target_process="The assistant drafts the memo from the client file. The analyst corrects, signs and sends it.",
    definition_of_done="Branch analysts write their memos with it, and credit sends back fewer of them.",
    out_of_scope="The credit decision itself.",
    exit_plan="Inês Calado's platform team takes over after the second wave.",
    milestones=(
        MilestonePlan(key="baseline", title="Baseline of memo writing", baseline=(-22, FRI), actual=(-22, FRI)),
        MilestonePlan(key="prototype", title="Prototype on old memos", baseline=(-19, FRI), actual=(-19, WED)),
        MilestonePlan(key="wave1", title="Branch rollout, wave 1", kind=Milestone.Kind.GO_LIVE, baseline=(-12, MON), actual=(-12, MON)),
        MilestonePlan(key="upgrade", title="Model upgrade", baseline=(-8, FRI), actual=(-8, THU)),
        MilestonePlan(key="wave2", title="Branch rollout, wave 2", baseline=(3, FRI), summary="The remaining branches join.",
                      theirs="Name a key person in each branch."),
        MilestonePlan(key="handover", title="Handover to the platform team", baseline=(12, FRI)),
    ),
    deliverables=(
        DeliverablePlan(
            name="Credit memo assistant", kind=Deliverable.Kind.AI_TOOL, state=Deliverable.State.ACCEPTED,
            planned=(-12, MON), actual=(-12, MON), criteria="A memo is ready for signature in under two hours.",
            use=UsePlan(
                source="Assistant log",
                curve=((-19, 18), (-16, 66), (-12, 131), (-9, 164), (-8, 161), (-6, 140), (-3, 99), (-1, 74), (1, 56), (8, 20)),
                habit=0.52, events_a_day=3, seconds_per_event=2100,
                features=(("new credit", 5), ("renewal", 3), ("overdraft", 2)),
                accepted=0.42, edited=0.3,
            ),
            target=TargetPlan(people=210, starts=(-19, MON), full=(-4, MON)),
        ),
        DeliverablePlan(name="Client file connector", kind=Deliverable.Kind.INTEGRATION, state=Deliverable.State.ACCEPTED,
                        planned=(-19, FRI), actual=(-19, WED)),
        DeliverablePlan(name="Analyst training", kind=Deliverable.Kind.TRAINING, state=Deliverable.State.ACCEPTED,
                        planned=(-11, FRI), actual=(-11, THU)),
    ),
    case=CasePlan(
        title="Credit memos, three years", starts=(-12, MON), source="Analyst interviews and the bank's own cost rates",
        lines=(
            ValueLinePlan(name="Analyst hours released", kind=ValueLine.Kind.HOURS_RELEASED, amounts=(0, 1_150_000, 1_700_000, 1_700_000),
                          confidence=Confidence.ESTIMATED, risk=Decimal("0.15"), shared=True),
            ValueLinePlan(name="Faster decisions keep clients", kind=ValueLine.Kind.REVENUE, amounts=(0, 260_000, 420_000, 420_000),
                          confidence=Confidence.ASSUMED, attribution=Decimal("0.6"), risk=Decimal("0.2")),
            ValueLinePlan(name="Delivery by Northlight", kind=ValueLine.Kind.ENGINEERING, amounts=(280_000, 160_000, 40_000, 40_000),
                          confidence=Confidence.OBSERVED, shared=True),
            ValueLinePlan(name="Model and cloud", kind=ValueLine.Kind.MODEL_AND_CLOUD, amounts=(8_000, 96_000, 120_000, 120_000),
                          confidence=Confidence.OBSERVED, shared=True),
        ),
    ),
    notes=(
        NotePlan(day=(-7, TUE), kind=StakeholderNote.Kind.MESSAGE, people=("Marta Pires",), stance="sceptic",
                 text="Marta writes that since the upgrade the memos *sound* right and the figures are not. She went back to her old file."),
        NotePlan(day=(-4, WED), kind=StakeholderNote.Kind.CALL, people=("Rui Moreira",),
                 text="Rui counts memos, not people: {total:,} since the start. He has not looked at who still writes them."),
        NotePlan(day=(0, THU), kind=StakeholderNote.Kind.MEETING, people=("Beatriz Salgado",), stance="sceptic", author="ruth",
                 text="Beatriz asked to pause wave 2. **{users} of {licences}** analysts used it last week; the best week, that of {peak_date}, "
                      "had {peak}. Every update since then said on track. We told her what we counted: memos, which can only grow."),
    ),
)

COMPLAINTS = EngagementPlan(
    slug="branch-complaint-summaries",
    name="Branch complaint summaries",
    lead="tomas",
    backup="maya",
    phases=((Phase.DISCOVERY, -18), (Phase.PROTOTYPE, -12)),
    status=Status.PAUSED,
    ends=(16, FRI),
    problem="Complaints reach the bank by letter, mail and at the counter. Nobody reads them together.",
    milestones=(
        MilestonePlan(key="taxonomy", title="Kinds of complaint agreed", baseline=(-13, FRI), actual=(-12, TUE), moves=((-13, (-12, TUE)),)),
        MilestonePlan(key="review", title="Prototype review", baseline=(-5, FRI), moves=((-6, (6, FRI)),)),
    ),
    deliverables=(
        DeliverablePlan(name="Complaint summaries", kind=Deliverable.Kind.PROTOTYPE, state=Deliverable.State.IN_PROGRESS, planned=(-5, FRI),
                        forecast=(6, FRI)),
    ),
    silent_weeks=6,
)

STORY = Story(CUSTOMER, (CREDIT, COMPLAINTS))
