"""Names that test a page: very long, with brackets, quotes and signs that mean something to a spreadsheet. And silence."""

from engagements.demo.clock import FRI, MON, THU, TUE
from engagements.demo.plans import (
    ROLE,
    STANCE,
    CustomerPlan,
    DeliverablePlan,
    EngagementPlan,
    MilestonePlan,
    NotePlan,
    OverridePlan,
    PersonPlan,
    Story,
    TargetPlan,
    UsePlan,
)
from engagements.models import Band, Deliverable, Phase, StakeholderNote

LONGEST_NAME = (
    "Planning & building-control case intake, triage and “first response” <all seven area offices, incl. out-of-hours duty>"
)

CUSTOMER = CustomerPlan(
    slug="brightwater-council",
    name="Brightwater Council",
    industry="Public sector",
    region="United Kingdom",
    segment="Public",
    time_zone="Europe/London",
    currency="GBP",
    owner="priya",
    renews_in_weeks=40,
    people=(
        PersonPlan(
            name="Siobhán O'Rourke-Llewellyn-Featherstonehaugh", title="Director of place, planning, growth & regeneration",
            department="Place", role=ROLE.SPONSOR, influence=5, email="siobhan@brightwater.example",
            stances=((-12, STANCE.SUPPORTER), (-2, STANCE.NEUTRAL)),
        ),
        PersonPlan(
            name="=Gareth “Gaz” Pugh", title="Duty officer <out of hours>", department="Planning", role=ROLE.FRONT_LINE_USER,
            influence=2, stances=((-11, STANCE.SUPPORTER),),
        ),
        PersonPlan(
            name="Amina Yusuf", title="Information governance", department="Legal", role=ROLE.RISK_OWNER, influence=4,
            stances=((-10, STANCE.NEUTRAL), (-5, STANCE.SCEPTIC)),
        ),
        PersonPlan(
            name="Llanfairpwllgwyngyllgogerychwyrndrobwll-Davies", title="Technical architect", department="Digital",
            role=ROLE.TECHNICAL_OWNER, influence=3, stances=((-10, STANCE.SUPPORTER),),
        ),
    ),
)

INTAKE = EngagementPlan(
    slug="planning-case-intake",
    name=LONGEST_NAME,
    lead="priya",
    backup="maya",
    phases=((Phase.DISCOVERY, -12), (Phase.PROTOTYPE, -7)),
    ends=(20, FRI),
    problem="Applications arrive as scans, mails & forms; \"first response\" within five days is missed for <most> cases.",
    milestones=(
        MilestonePlan(key="discovery", title="Discovery report for all seven area offices (incl. duty desk & neighbour notification)",
                      baseline=(-7, FRI), actual=(-7, THU)),
        MilestonePlan(key="agreement", title="Data-sharing agreement", baseline=(-3, FRI), moves=((-4, (2, FRI)),), theirs="Sign it."),
        MilestonePlan(key="review", title="Prototype review", baseline=(1, FRI), moves=((-2, (4, MON)),)),
    ),
    deliverables=(
        DeliverablePlan(
            name="Case intake prototype", kind=Deliverable.Kind.PROTOTYPE, state=Deliverable.State.IN_PROGRESS,
            planned=(1, FRI), forecast=(4, MON),
            use=UsePlan(source="Prototype log", curve=((-6, 3), (-4, 7), (0, 6)), habit=0.4, events_a_day=3),
            target=TargetPlan(people=20, starts=(-6, MON), full=(4, MON)),
        ),
    ),
    notes=(
        NotePlan(day=(-5, TUE), kind=StakeholderNote.Kind.MEETING, people=("Amina Yusuf",), stance="sceptic",
                 text="Amina wants to see which fields leave the council. We owe her a list.\n\n> “Not a diagram. A list.”"),
    ),
    silent_weeks=2,
    override=OverridePlan(band=Band.WATCH, days=3, reason="Their legal team promised me an answer by phone. Until then Priya can do nothing about it."),
)

STORY = Story(CUSTOMER, (INTAKE,))
