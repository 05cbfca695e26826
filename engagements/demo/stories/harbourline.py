"""Flagship 3, recovering: a slip, a sceptical sponsor, and people who came back. And a completed engagement."""

from decimal import Decimal

from engagements.demo.clock import FRI, MON, THU, WED
from engagements.demo.plans import (
    ROLE,
    STANCE,
    AnswerPlan,
    CasePlan,
    CustomerPlan,
    DeliverablePlan,
    DriverPlan,
    EngagementPlan,
    MilestonePlan,
    NotePlan,
    PersonPlan,
    RealisedPlan,
    Story,
    TargetPlan,
    UsePlan,
    ValueLinePlan,
)
from engagements.models import (
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

UNIT, FROM = ValueDriver.Unit, ValueDriver.Source

CUSTOMER = CustomerPlan(
    slug="harbourline-logistics",
    name="Harbourline Logistics",
    industry="Freight forwarding",
    region="Netherlands",
    segment="Enterprise",
    time_zone="Europe/Amsterdam",
    currency="EUR",
    owner="maya",
    renews_in_weeks=20,
    contacts=(("Anneke Visser", "anneke.visser@harbourline.example"),),
    people=(
        PersonPlan(
            name="Anneke Visser", title="Chief operating officer", department="Operations", role=ROLE.SPONSOR, influence=5,
            email="anneke.visser@harbourline.example", last_contact=(0, THU), backup="Ilse de Wit",
            stances=((-25, STANCE.SUPPORTER), (-6, STANCE.SCEPTIC), (-2, STANCE.NEUTRAL), (0, STANCE.SUPPORTER)),
        ),
        PersonPlan(
            name="Ilse de Wit", title="Head of customs", department="Customs", role=ROLE.OPERATIONAL_OWNER, influence=4,
            email="ilse.dewit@harbourline.example", stances=((-24, STANCE.SUPPORTER), (-7, STANCE.NEUTRAL), (-1, STANCE.SUPPORTER)),
        ),
        PersonPlan(
            name="Pieter Bakker", title="IT security lead", department="IT", role=ROLE.RISK_OWNER, influence=4,
            email="pieter.bakker@harbourline.example", stances=((-20, STANCE.NEUTRAL), (-5, STANCE.SCEPTIC)),
        ),
        PersonPlan(
            name="Joost Hendriks", title="Gateway engineer", department="IT", role=ROLE.TECHNICAL_OWNER, influence=3,
            backup="Pieter Bakker", stances=((-22, STANCE.SUPPORTER),),
        ),
        PersonPlan(
            name="Grace Mensah", title="Shift lead, Felixstowe", department="Customs", role=ROLE.FRONT_LINE_USER, influence=3,
            stances=((-12, STANCE.SUPPORTER), (-7, STANCE.BLOCKER), (-3, STANCE.NEUTRAL)),
        ),
    ),
)

CUSTOMS = EngagementPlan(
    slug="customs-declaration-copilot",
    name="Customs declaration copilot",
    lead="maya",
    backup="jonas",
    team=(("priya", "0.20"),),
    phases=((Phase.DISCOVERY, -25), (Phase.PROTOTYPE, -21), (Phase.PILOT, -15)),
    ends=(16, FRI),
    problem="Clerks type declarations again from scanned papers, and too many are held at the border for errors. The copilot reads the "
            "papers and drafts the declaration; a clerk confirms it.",
    current_process="A clerk reads the papers, types the declaration into the gateway and keeps a paper copy.",
    target_process="The copilot drafts, the clerk confirms each field that is marked, the gateway takes it.",
    definition_of_done="Both desks file their declarations with it and the customs team runs it.",
    out_of_scope="Classification disputes with the authority.",
    exit_plan="Joost Hendriks and the gateway team operate it after two shadowed releases.",
    milestones=(
        MilestonePlan(key="baseline", title="Baseline study", summary="We measured how declarations are handled today.",
                      baseline=(-21, FRI), actual=(-21, FRI)),
        MilestonePlan(key="prototype", title="Prototype on past declarations", summary="It read old files and clerks judged it.",
                      baseline=(-17, FRI), moves=((-18, (-16, FRI)),), actual=(-16, FRI)),
        MilestonePlan(key="rotterdam", title="Pilot at Rotterdam", summary="All shifts at Rotterdam use it.",
                      baseline=(-11, FRI), actual=(-11, FRI)),
        MilestonePlan(key="felixstowe", title="Pilot at Felixstowe", summary="The desk uses it on its own scans.",
                      baseline=(-5, FRI), moves=((-7, (-2, FRI)),), actual=(-2, THU)),
        MilestonePlan(key="security", title="Security review", summary="Your security team reviews access and logs.",
                      baseline=(-2, FRI), moves=((-6, (1, FRI)), (-4, (2, FRI))), theirs="Name a reviewer.", ours="Penetration test report."),
        MilestonePlan(key="golive", title="Production go-live", summary="Both desks file with it.", kind=Milestone.Kind.GO_LIVE,
                      baseline=(1, MON), moves=((-6, (4, MON)),), theirs="Approve the review."),
        MilestonePlan(key="handover", title="Handover to operations", summary="Your own team runs and extends it.",
                      baseline=(12, FRI)),
    ),
    deliverables=(
        DeliverablePlan(
            name="Customs declaration copilot", kind=Deliverable.Kind.AI_TOOL, state=Deliverable.State.IN_PROGRESS,
            planned=(1, MON), forecast=(4, MON), criteria="A declaration is ready in under six minutes, with fewer holds than before.",
            use=UsePlan(
                source="Customs gateway events",
                curve=((-15, 9), (-12, 42), (-9, 83), (-8, 86), (-7, 63), (-5, 34), (-4, 33), (-3, 46), (-2, 64), (-1, 84), (1, 106), (6, 150)),
                habit=0.78, events_a_day=11, seconds_per_event=372,
                features=(("import", 6), ("export", 4), ("transit", 1)), accepted=0.66, edited=0.27,
            ),
            target=TargetPlan(people=180, starts=(-15, MON), full=(6, MON)),
        ),
        DeliverablePlan(name="Scanner profile for Felixstowe", kind=Deliverable.Kind.INTEGRATION, state=Deliverable.State.ACCEPTED,
                        planned=(-3, FRI), actual=(-4, THU)),
        DeliverablePlan(name="Audit log export", kind=Deliverable.Kind.DATA_PIPELINE, state=Deliverable.State.SUBMITTED,
                        planned=(0, FRI), actual=(0, WED),
                        criteria="Every change to a declaration stands in the export.\nThe compliance team can run it without us."),
    ),
    case=CasePlan(
        title="Customs declarations, three years", starts=(-15, MON), source="Customs gateway, desk timer and Harbourline's finance team",
        by_month=True,
        lines=(
            ValueLinePlan(
                name="Clerk hours released", kind=ValueLine.Kind.HOURS_RELEASED, attribution=Decimal("0.95"), risk=Decimal("0.1"), shared=True,
                begins=3, ramp=9, work="Typing a declaration",
                realised=(
                    RealisedPlan(-6, -3, 6_100, "Felixstowe came back later than planned", "confirmed", hours=172),
                    RealisedPlan(-2, -1, 5_200, "Counted at Rotterdam alone", "disputed", "Felixstowe used it too: count both desks", hours=147),
                ),
                drivers=(
                    DriverPlan("Declarations a month", UNIT.COUNT, "39900", "39900", "39900", Confidence.OBSERVED, FROM.OBSERVATION, "Customs gateway"),
                    DriverPlan("Share handled with the copilot", UNIT.SHARE, "0.46", "0.62", "0.72", Confidence.CALCULATED, FROM.USAGE, "Gateway events"),
                    DriverPlan("Minutes saved on each", UNIT.MINUTES, "5", "6.2", "6.9", Confidence.OBSERVED, FROM.OBSERVATION, "Desk timer"),
                    DriverPlan("Loaded cost of an hour", UNIT.MONEY_PER_HOUR, "37", "41", "44", Confidence.OBSERVED, FROM.OBSERVATION, "Harbourline Finance"),
                ),
            ),
            ValueLinePlan(
                name="Fewer holds at the border", kind=ValueLine.Kind.COST_AVOIDED, risk=Decimal("0.1"), shared=True,
                begins=3, ramp=9, work="Solving a hold",
                realised=(RealisedPlan(-6, -3, 1_500, "Few holds in a quiet month"),),
                drivers=(
                    DriverPlan("Declarations a month", UNIT.COUNT, "39900", "39900", "39900", Confidence.OBSERVED, FROM.OBSERVATION, "Customs gateway"),
                    DriverPlan("Share handled with the copilot", UNIT.SHARE, "0.46", "0.62", "0.72", Confidence.CALCULATED, FROM.USAGE, "Gateway events"),
                    DriverPlan("Fall in the share that is held", UNIT.SHARE, "0.038", "0.049", "0.056", Confidence.CALCULATED, FROM.OBSERVATION, "Customs gateway"),
                    DriverPlan("Cost of one hold", UNIT.MONEY, "25", "38", "46", Confidence.ESTIMATED, FROM.ASSUMPTION, "Head of customs"),
                ),
            ),
            ValueLinePlan(name="Delivery by Northlight", kind=ValueLine.Kind.ENGINEERING, amounts=(360_000, 210_000, 60_000, 60_000),
                          confidence=Confidence.OBSERVED, risk=Decimal("0.05"), shared=True, low=Decimal("1.1"), high=Decimal("0.95")),
            ValueLinePlan(name="Model and cloud", kind=ValueLine.Kind.MODEL_AND_CLOUD, amounts=(10_000, 88_000, 104_000, 104_000),
                          confidence=Confidence.OBSERVED, shared=True, low=Decimal("1.25"), high=Decimal("0.85")),
            ValueLinePlan(name="Training and change", kind=ValueLine.Kind.CHANGE, amounts=(35_000, 42_000, 10_000, 10_000),
                          confidence=Confidence.OBSERVED, shared=True),
        ),
    ),
    notes=(
        NotePlan(day=(-7, WED), kind=StakeholderNote.Kind.ON_SITE, people=("Grace Mensah",), stance="blocker",
                 text="Felixstowe types by hand again. The scanner cuts the edges off; the copilot then guesses. Grace told her shift to stop."),
        NotePlan(day=(-6, THU), kind=StakeholderNote.Kind.CALL, people=("Anneke Visser",), stance="sceptic",
                 text="Go-live moves to {golive}. Anneke: *you told me it worked*. It did, at Rotterdam. {users} clerks last week, after {before}."),
        NotePlan(day=(-2, THU), kind=StakeholderNote.Kind.MEETING, people=("Anneke Visser", "Ilse de Wit"), stance="neutral",
                 text="Showed the line, not the plan: from {low} clerks in the week of {low_date} back to {users}. She wants to see it hold."),
        NotePlan(day=(0, THU), kind=StakeholderNote.Kind.MEETING, people=("Anneke Visser",), stance="supporter",
                 text="Anneke will ask Pieter herself. She quoted our own figure back: {users} of {licences}."),
    ),
    share="Anneke Visser and the customs board",
    answers=(
        AnswerPlan(kind=Response.Kind.ACKNOWLEDGE, person="Pieter Bakker", hours=3, about="Name a reviewer for the security check"),
        AnswerPlan(kind=Response.Kind.ANSWER, person="Ilse de Wit", hours=5, who_will="Grace Mensah",
                   about="Confirm support by both shift leads for the go-live week", text="Felixstowe is certain, Rotterdam follows."),
        AnswerPlan(kind=Response.Kind.PULSE, person="Anneke Visser", hours=6, about="Pilot at Felixstowe", score=4,
                   text="It holds now. I want to see the go-live date hold too."),
        AnswerPlan(kind=Response.Kind.ACCEPT, person="Pieter Bakker", hours=6, about="Audit log export", is_confirmed=False),
        AnswerPlan(kind=Response.Kind.QUESTION, person="Ilse de Wit", hours=7, text="Whom do we call at night when a scanner fails?"),
    ),
)

INVOICES = EngagementPlan(
    slug="freight-invoice-checks",
    name="Freight invoice checks",
    lead="jonas",
    backup="maya",
    phases=((Phase.DISCOVERY, -26), (Phase.PROTOTYPE, -24), (Phase.PILOT, -21), (Phase.PRODUCTION, -14), (Phase.HANDOVER, -7)),
    status=Status.COMPLETED,
    ends=(-3, FRI),
    problem="Carriers bill surcharges nobody ordered. Checking takes longer than the surcharge is worth.",
    definition_of_done="Accounts payable runs it, and every refused line has its reason.",
    milestones=(
        MilestonePlan(key="pilot", title="Pilot with accounts payable", baseline=(-15, FRI), actual=(-15, FRI)),
        MilestonePlan(key="golive", title="Live for all carriers", kind=Milestone.Kind.GO_LIVE, baseline=(-14, MON), actual=(-14, WED),
                      moves=((-15, (-14, WED)),)),
        MilestonePlan(key="handover", title="Handover to accounts payable", baseline=(-3, FRI), actual=(-3, THU)),
    ),
    deliverables=(
        DeliverablePlan(
            name="Invoice checker", kind=Deliverable.Kind.AI_TOOL, state=Deliverable.State.ACCEPTED, planned=(-14, MON), actual=(-14, WED),
            use=UsePlan(source="Accounts payable export", curve=((-21, 6), (-16, 22), (-12, 41), (-8, 47), (0, 48)), habit=0.7,
                        events_a_day=14, seconds_per_event=150, features=(("road", 5), ("sea", 3), ("air", 1)), accepted=0.8, edited=0.1),
            target=TargetPlan(people=48, starts=(-21, MON), full=(-10, MON)),
        ),
    ),
    case=CasePlan(
        title="Invoice checks, three years", starts=(-21, MON), source="Refused surcharges, from the ledger",
        lines=(
            ValueLinePlan(name="Surcharges refused", kind=ValueLine.Kind.COST_AVOIDED, amounts=(0, 420_000, 460_000, 460_000),
                          confidence=Confidence.OBSERVED, attribution=Decimal("0.85"), risk=Decimal("0.05"), shared=True),
            ValueLinePlan(name="Delivery by Northlight", kind=ValueLine.Kind.ENGINEERING, amounts=(150_000, 80_000, 0, 0),
                          confidence=Confidence.OBSERVED, shared=True),
            ValueLinePlan(name="Model and cloud", kind=ValueLine.Kind.MODEL_AND_CLOUD, amounts=(4_000, 31_000, 31_000, 31_000),
                          confidence=Confidence.OBSERVED, shared=True),
        ),
    ),
    silent_weeks=3,
)

STORY = Story(CUSTOMER, (CUSTOMS, INVOICES))
