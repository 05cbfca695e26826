"""A pilot under validation, and an engagement whose feed has stopped."""

from decimal import Decimal

from engagements.demo.clock import FRI, MON, SUN, THU, TUE, WED
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
from engagements.models import Confidence, Deliverable, Milestone, Phase, StakeholderNote, ValueLine

CUSTOMER = CustomerPlan(
    slug="novaquell-pharma",
    name="Novaquell Pharma",
    industry="Life sciences",
    region="Switzerland",
    segment="Enterprise",
    time_zone="Europe/Zurich",
    currency="EUR",
    owner="priya",
    classification="restricted",
    renews_in_weeks=12,
    people=(
        PersonPlan(
            name="Dr. Lukas Amstutz", title="Head of manufacturing quality", department="Quality", role=ROLE.SPONSOR, influence=5,
            email="lukas.amstutz@novaquell.example", stances=((-26, STANCE.NEUTRAL), (-13, STANCE.SUPPORTER), (-1, STANCE.NEUTRAL)),
        ),
        PersonPlan(
            name="Chiara Bianchi", title="Deviation manager", department="Quality", role=ROLE.OPERATIONAL_OWNER, influence=4,
            email="chiara.bianchi@novaquell.example", stances=((-14, STANCE.SUPPORTER), (-3, STANCE.CHAMPION)),
        ),
        PersonPlan(
            name="Reto Imhof", title="Validation lead", department="Quality", role=ROLE.RISK_OWNER, influence=4,
            stances=((-14, STANCE.NEUTRAL), (-2, STANCE.SCEPTIC)),
        ),
        PersonPlan(
            name="Yusuf Demir", title="Data engineer", department="IT", role=ROLE.TECHNICAL_OWNER, influence=2,
            stances=((-26, STANCE.SUPPORTER),),
        ),
        PersonPlan(
            name="Nadine Keller", title="Line supervisor", department="Manufacturing", role=ROLE.FRONT_LINE_USER, influence=2,
            stances=((-13, STANCE.SUPPORTER),),
        ),
    ),
)

DEVIATIONS = EngagementPlan(
    slug="deviation-report-drafting",
    name="Deviation report drafting",
    lead="priya",
    backup="jonas",
    phases=((Phase.DISCOVERY, -14), (Phase.PROTOTYPE, -11), (Phase.PILOT, -8)),
    ends=(17, FRI),
    problem="A deviation report takes days, because batch records, interviews and limits stand in four systems.",
    target_process="The assistant drafts the report with a source beside each sentence; quality decides.",
    definition_of_done="Validated, and used for every minor deviation of both lines.",
    milestones=(
        MilestonePlan(key="baseline", title="Baseline of deviation reports", baseline=(-11, FRI), actual=(-11, FRI)),
        MilestonePlan(key="prototype", title="Prototype on closed deviations", baseline=(-8, FRI), actual=(-8, FRI)),
        MilestonePlan(key="line1", title="Pilot on line 1", baseline=(-4, FRI), actual=(-4, WED)),
        MilestonePlan(key="validation", title="GxP validation pack", baseline=(1, FRI), moves=((-2, (4, TUE)),),
                      theirs="Reviewers of both sites."),
        MilestonePlan(key="golive", title="Live on both lines", kind=Milestone.Kind.GO_LIVE, baseline=(8, MON)),
    ),
    deliverables=(
        DeliverablePlan(
            name="Deviation report assistant", kind=Deliverable.Kind.AI_TOOL, state=Deliverable.State.IN_PROGRESS, planned=(8, MON),
            use=UsePlan(source="Quality system log", curve=((-8, 6), (-5, 22), (-3, 29), (0, 28), (6, 40)), habit=0.6, events_a_day=2,
                        seconds_per_event=3300, features=(("draft", 3), ("source check", 2)), accepted=0.5, edited=0.4),
            target=TargetPlan(people=60, starts=(-8, MON), full=(4, MON), named=True),
        ),
        DeliverablePlan(name="Validation pack", kind=Deliverable.Kind.DOCUMENT, state=Deliverable.State.REJECTED, planned=(-1, FRI),
                        forecast=(4, TUE)),
    ),
    case=CasePlan(
        title="Deviation reports, three years", starts=(-8, MON), source="Quality system, cycle times of last year",
        lines=(
            ValueLinePlan(name="Report hours released", kind=ValueLine.Kind.HOURS_RELEASED, amounts=(0, 540_000, 780_000, 780_000),
                          confidence=Confidence.ESTIMATED, risk=Decimal("0.1"), shared=True),
            ValueLinePlan(name="Batches released earlier", kind=ValueLine.Kind.REVENUE, amounts=(0, 300_000, 600_000, 600_000),
                          confidence=Confidence.ASSUMED, attribution=Decimal("0.5"), risk=Decimal("0.3")),
            ValueLinePlan(name="Delivery by Northlight", kind=ValueLine.Kind.ENGINEERING, amounts=(190_000, 120_000, 30_000, 30_000),
                          confidence=Confidence.OBSERVED, shared=True),
            ValueLinePlan(name="Validation", kind=ValueLine.Kind.SUPPORT, amounts=(60_000, 40_000, 20_000, 20_000),
                          confidence=Confidence.CALCULATED),
        ),
    ),
    notes=(
        NotePlan(day=(-2, THU), kind=StakeholderNote.Kind.MEETING, people=("Reto Imhof",), stance="sceptic",
                 text="Reto rejected the pack: the test cases cover English reports only. He is right, half of them are German."),
        NotePlan(day=(-3, TUE), kind=StakeholderNote.Kind.ON_SITE, people=("Chiara Bianchi",), stance="champion",
                 text="Chiara shows line 2 herself. Nadine wants the source check on the shop floor."),
    ),
    share="Dr. Lukas Amstutz",
)

PROTOCOLS = EngagementPlan(
    slug="protocol-library-search",
    name="Protocol library search",
    lead="jonas",
    backup="priya",
    phases=((Phase.DISCOVERY, -26), (Phase.PROTOTYPE, -23), (Phase.PILOT, -19), (Phase.PRODUCTION, -11)),
    ends=(9, FRI),
    problem="Eleven thousand protocols, and the right one is found by asking a colleague who remembers.",
    definition_of_done="Development finds a protocol without asking, and IT runs the search.",
    milestones=(
        MilestonePlan(key="pilot", title="Pilot in development", baseline=(-12, FRI), actual=(-12, FRI)),
        MilestonePlan(key="golive", title="Live in development", kind=Milestone.Kind.GO_LIVE, baseline=(-11, MON), actual=(-11, MON)),
        MilestonePlan(key="handover", title="Handover to IT", baseline=(5, FRI), moves=((-1, (6, FRI)),)),
    ),
    deliverables=(
        DeliverablePlan(
            name="Protocol search", kind=Deliverable.Kind.AI_TOOL, state=Deliverable.State.ACCEPTED, planned=(-12, FRI), actual=(-11, MON),
            use=UsePlan(source="Search gateway", by_event=True, curve=((-19, 9), (-14, 40), (-10, 66), (-4, 78), (0, 80)), habit=0.55, events_a_day=6,
                        seconds_per_event=240, features=(("protocol", 5), ("test method", 1)), stops=(-1, SUN)),
            target=TargetPlan(people=85, starts=(-19, MON), full=(-6, MON)),
        ),
    ),
    case=CasePlan(
        title="Protocol search, three years", starts=(-19, MON), source="Search log and hourly rates of development",
        lines=(
            ValueLinePlan(name="Search hours released", kind=ValueLine.Kind.HOURS_RELEASED, amounts=(0, 310_000, 380_000, 380_000),
                          confidence=Confidence.CALCULATED, risk=Decimal("0.1"), shared=True),
            ValueLinePlan(name="Delivery by Northlight", kind=ValueLine.Kind.ENGINEERING, amounts=(140_000, 60_000, 0, 0),
                          confidence=Confidence.OBSERVED, shared=True),
            ValueLinePlan(name="Model and cloud", kind=ValueLine.Kind.MODEL_AND_CLOUD, amounts=(5_000, 42_000, 44_000, 44_000),
                          confidence=Confidence.OBSERVED, shared=True),
        ),
    ),
    notes=(
        NotePlan(day=(0, THU), kind=StakeholderNote.Kind.MESSAGE, people=("Yusuf Demir",),
                 text="Yusuf moved the gateway at the weekend; since then the export sends nothing. People still search, we just cannot see it."),
    ),
)

STORY = Story(CUSTOMER, (DEVIATIONS, PROTOCOLS))
