"""Flagship 1, healthy: claims letters in production. Beside it a discovery that has no data yet."""

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
    RealisedPlan,
    Story,
    TargetPlan,
    UsePlan,
    ValueLinePlan,
)
from engagements.models import Confidence, Deliverable, Milestone, Phase, StakeholderNote, ValueLine

CUSTOMER = CustomerPlan(
    slug="meridian-mutual",
    name="Meridian Mutual",
    industry="Insurance",
    region="United Kingdom",
    segment="Enterprise",
    time_zone="Europe/London",
    currency="GBP",
    owner="maya",
    renews_in_weeks=30,
    people=(
        PersonPlan(
            name="Margaret Ellison", title="Claims director", department="Claims", role=ROLE.SPONSOR, influence=5,
            email="margaret.ellison@meridian.example", backup="Dev Chandran",
            stances=((-25, STANCE.NEUTRAL), (-14, STANCE.SUPPORTER), (-3, STANCE.CHAMPION)),
        ),
        PersonPlan(
            name="Dev Chandran", title="Head of motor claims", department="Claims", role=ROLE.OPERATIONAL_OWNER, influence=4,
            email="dev.chandran@meridian.example", backup="Kerry Doyle", stances=((-25, STANCE.SCEPTIC), (-12, STANCE.SUPPORTER)),
        ),
        PersonPlan(
            name="Sophie Lund", title="Integration architect", department="IT", role=ROLE.TECHNICAL_OWNER, influence=3,
            email="sophie.lund@meridian.example", backup="Dev Chandran", stances=((-24, STANCE.SUPPORTER),),
        ),
        PersonPlan(
            name="Alan Whitcombe", title="Conduct risk officer", department="Risk", role=ROLE.RISK_OWNER, influence=4,
            email="alan.whitcombe@meridian.example", stances=((-23, STANCE.SCEPTIC), (-9, STANCE.NEUTRAL), (-5, STANCE.SUPPORTER)),
        ),
        PersonPlan(
            name="Kerry Doyle", title="Claims handler", department="Claims", role=ROLE.FRONT_LINE_USER, influence=2,
            stances=((-17, STANCE.NEUTRAL), (-11, STANCE.CHAMPION)),
        ),
    ),
)

CLAIMS = EngagementPlan(
    slug="claims-correspondence",
    name="Claims correspondence",
    lead="maya",
    backup="priya",
    team=(("tomas", "0.10"),),
    phases=((Phase.DISCOVERY, -25), (Phase.PROTOTYPE, -22), (Phase.PILOT, -17), (Phase.PRODUCTION, -8)),
    ends=(18, FRI),
    problem="Handlers write every letter about a claim by hand. Customers wait, and the wording differs from desk to desk.",
    current_process="A handler reads the file, copies facts into one of many templates and asks a colleague to read it again.",
    target_process="The assistant drafts the letter from the claim file. The handler checks facts and tone and sends it.",
    definition_of_done="Motor and home use it for their everyday letters, and the claims platform team runs it.",
    out_of_scope="Decisions on claims. Letters to solicitors.",
    exit_plan="Handover to the claims platform team with runbook, evaluation set and two shadowed releases.",
    milestones=(
        MilestonePlan(key="baseline", title="Baseline of letter handling", summary="We timed how letters are written today.",
                      baseline=(-22, THU), actual=(-22, THU)),
        MilestonePlan(key="prototype", title="Prototype on closed claims", summary="Drafts from closed claims, judged by handlers.",
                      baseline=(-18, FRI), actual=(-18, WED)),
        MilestonePlan(key="pilot", title="Pilot in motor", summary="Two desks write their everyday letters with it.",
                      baseline=(-12, FRI), moves=((-14, (-11, TUE)),), actual=(-11, TUE)),
        MilestonePlan(key="review", title="Conduct risk review", summary="Conduct risk agreed to the review path.",
                      baseline=(-9, FRI), actual=(-9, THU)),
        MilestonePlan(key="golive", title="Motor live", summary="All motor desks use it for everyday letters.",
                      kind=Milestone.Kind.GO_LIVE, baseline=(-8, MON), actual=(-8, MON)),
        MilestonePlan(key="home", title="Home line live", summary="The home line starts with its own letter types.",
                      baseline=(3, MON), theirs="Name the first two desks.", ours="Home letter types in the evaluation set."),
        MilestonePlan(key="handover", title="Handover to the claims platform team", summary="Your own team runs and extends it.",
                      baseline=(16, FRI)),
    ),
    deliverables=(
        DeliverablePlan(
            name="Letter drafting assistant", kind=Deliverable.Kind.AI_TOOL, state=Deliverable.State.ACCEPTED,
            planned=(-12, FRI), actual=(-8, MON), criteria="Handlers send nine of ten drafts after light edits.",
            use=UsePlan(
                source="Claims platform events",
                curve=((-17, 24), (-14, 84), (-10, 158), (-6, 236), (-2, 281), (3, 288)),
                habit=0.74, events_a_day=8, seconds_per_event=420,
                features=(("settlement letter", 5), ("request for documents", 4), ("status reply", 6)),
                accepted=0.71, edited=0.22,
            ),
            target=TargetPlan(people=300, starts=(-17, MON), full=(0, MON)),
        ),
        DeliverablePlan(name="Claim file connector", kind=Deliverable.Kind.INTEGRATION, state=Deliverable.State.ACCEPTED,
                        planned=(-18, FRI), actual=(-18, WED), criteria="Reads a claim file in under two seconds."),
        DeliverablePlan(name="Handover runbook", kind=Deliverable.Kind.DOCUMENT, state=Deliverable.State.IN_PROGRESS,
                        planned=(14, FRI), forecast=(14, FRI)),
    ),
    case=CasePlan(
        title="Claims letters, three years", starts=(-17, MON), source="Desk timings of the baseline study and Meridian's finance team",
        lines=(
            ValueLinePlan(name="Handler hours released", kind=ValueLine.Kind.HOURS_RELEASED, amounts=(0, 1_480_000, 1_960_000, 1_960_000),
                          confidence=Confidence.CALCULATED, attribution=Decimal("0.9"), risk=Decimal("0.1"), shared=True,
                          low=Decimal("0.75"), high=Decimal("1.1"), realised=(
                              RealisedPlan(-16, -9, 71_000, "The desks joined one after the other", "confirmed", hours=2_150),
                              RealisedPlan(-8, -1, 148_000, hours=4_480),
                          )),
            ValueLinePlan(name="Fewer repeat calls", kind=ValueLine.Kind.COST_AVOIDED, amounts=(0, 210_000, 260_000, 260_000),
                          confidence=Confidence.ESTIMATED, risk=Decimal("0.15"), shared=True, low=Decimal("0.5"), high=Decimal("1.2"),
                          realised=(RealisedPlan(-12, -5, 9_800, "Calls about motor letters alone", "confirmed"),)),
            ValueLinePlan(name="Delivery by Northlight", kind=ValueLine.Kind.ENGINEERING, amounts=(310_000, 190_000, 60_000, 60_000),
                          confidence=Confidence.OBSERVED, risk=Decimal("0.05"), shared=True),
            ValueLinePlan(name="Model and cloud", kind=ValueLine.Kind.MODEL_AND_CLOUD, amounts=(12_000, 118_000, 134_000, 134_000),
                          confidence=Confidence.OBSERVED, shared=True, realised=(RealisedPlan(-16, -1, 38_600, "More letters than planned"),)),
            ValueLinePlan(name="Training and change", kind=ValueLine.Kind.CHANGE, amounts=(45_000, 38_000, 12_000, 12_000),
                          confidence=Confidence.OBSERVED, shared=True),
        ),
    ),
    notes=(
        NotePlan(day=(-23, TUE), kind=StakeholderNote.Kind.OBSERVATION, people=("Kerry Doyle", "Dev Chandran"),
                 text="Sat with the motor desk for a morning.\n\n- Every letter is **read twice** because nobody trusts the templates.\n"
                      "- Dev has seen two failed tools and says so."),
        NotePlan(day=(-9, THU), kind=StakeholderNote.Kind.MEETING, people=("Alan Whitcombe",), stance="neutral",
                 text="Alan wanted proof that nothing leaves without a human. The review log settled it."),
        NotePlan(day=(-3, WED), kind=StakeholderNote.Kind.CALL, people=("Margaret Ellison",), stance="champion",
                 text="Margaret will show it to the board. She asked for {users} of {licences} as *the* figure, not hours."),
    ),
    share="Margaret Ellison and the claims board",
)

HOME = EngagementPlan(
    slug="home-intake-summaries",
    name="Home line intake summaries",
    lead="maya",
    backup="priya",
    phases=((Phase.DISCOVERY, -4),),
    ends=(22, FRI),
    problem="A home claim arrives as photos, calls and mails. The first handler spends most of an hour putting them in order.",
    current_process="Intake copies from three systems into a free text field. Nobody reads it twice the same way.",
    definition_of_done="To be agreed at the end of discovery.",
    milestones=(
        MilestonePlan(key="sessions", title="Observation sessions with intake", summary="We watch how intake works today.",
                      baseline=(-1, FRI), actual=(-1, THU)),
        MilestonePlan(key="measures", title="Measures agreed", summary="What better means, and who checks it.", baseline=(4, FRI)),
        MilestonePlan(key="decision", title="Decision on a prototype", summary="Go on, or stop.", baseline=(7, FRI)),
    ),
    deliverables=(
        DeliverablePlan(name="Process map of home intake", kind=Deliverable.Kind.DOCUMENT, state=Deliverable.State.SUBMITTED,
                        planned=(0, FRI), actual=(0, THU)),
    ),
    notes=(
        NotePlan(day=(-2, WED), kind=StakeholderNote.Kind.OBSERVATION, people=("Kerry Doyle",),
                 text="Kerry joined from motor and explained what helped there: short drafts, sources beside each sentence."),
    ),
    waits_at_weekends=True,
)

STORY = Story(CUSTOMER, (CLAIMS, HOME))
