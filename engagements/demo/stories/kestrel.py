"""An engagement whose sponsor has left."""

from engagements.demo.clock import FRI, MON, THU, TUE, WED
from engagements.demo.plans import (
    ROLE,
    STANCE,
    CustomerPlan,
    DeliverablePlan,
    EngagementPlan,
    MilestonePlan,
    NotePlan,
    PersonPlan,
    Story,
    TargetPlan,
    UsePlan,
)
from engagements.models import Deliverable, Phase, StakeholderNote

CUSTOMER = CustomerPlan(
    slug="kestrel-energy",
    name="Kestrel Energy",
    industry="Energy",
    region="Denmark",
    segment="Enterprise",
    time_zone="Europe/Copenhagen",
    currency="EUR",
    owner="jonas",
    renews_in_weeks=14,
    people=(
        PersonPlan(
            name="Henrik Dahl", title="Vice president grid operations", department="Grid", role=ROLE.SPONSOR, influence=5,
            stances=((-17, STANCE.CHAMPION),), left=(-1, WED), last_contact=(-2, TUE),
        ),
        PersonPlan(
            name="Lone Bach", title="Head of dispatch", department="Grid", role=ROLE.OPERATIONAL_OWNER, influence=4,
            email="lone.bach@kestrel.example", stances=((-17, STANCE.SUPPORTER), (-4, STANCE.NEUTRAL)),
        ),
        PersonPlan(
            name="Viggo Sand", title="Telemetry engineer", department="IT", role=ROLE.TECHNICAL_OWNER, influence=2,
            stances=((-16, STANCE.NEUTRAL),),
        ),
        PersonPlan(
            name="Camilla Holm", title="Crew lead", department="Field", role=ROLE.FRONT_LINE_USER, influence=3,
            stances=((-12, STANCE.SUPPORTER), (-3, STANCE.SCEPTIC)),
        ),
    ),
)

OUTAGE = EngagementPlan(
    slug="outage-triage-assistant",
    name="Outage triage assistant",
    lead="jonas",
    backup="tomas",
    phases=((Phase.DISCOVERY, -17), (Phase.PROTOTYPE, -14), (Phase.PILOT, -10)),
    ends=(15, FRI),
    problem="When the grid fails, dispatch calls crews by hand and reads meters one by one to find the fault.",
    target_process="The assistant ranks likely faults from meter readings; dispatch decides which crew goes where.",
    definition_of_done="Dispatch uses it in every outage with more than a hundred meters.",
    milestones=(
        MilestonePlan(key="baseline", title="Baseline of outage handling", baseline=(-14, FRI), actual=(-14, FRI)),
        MilestonePlan(key="prototype", title="Prototype on last winter's outages", baseline=(-10, FRI), actual=(-10, THU)),
        MilestonePlan(key="crews", title="Crews at two depots", baseline=(-4, FRI), moves=((-5, (-3, FRI)),), actual=(-3, FRI)),
        MilestonePlan(key="signoff", title="Pilot sign-off", baseline=(-2, FRI), moves=((-3, (2, FRI)),), theirs="Name who signs."),
        MilestonePlan(key="plan", title="Plan for production", baseline=(5, FRI), moves=((-1, (9, FRI)),)),
    ),
    deliverables=(
        DeliverablePlan(
            name="Outage triage assistant", kind=Deliverable.Kind.AI_TOOL, state=Deliverable.State.IN_PROGRESS,
            planned=(-2, FRI), forecast=(2, FRI),
            use=UsePlan(source="Dispatch console", curve=((-10, 12), (-6, 58), (-3, 66), (-1, 38), (2, 24)), habit=0.5,
                        events_a_day=4, seconds_per_event=300, features=(("fault ranking", 4), ("crew proposal", 2)),
                        accepted=0.5, edited=0.3, weekends=True),
            target=TargetPlan(people=140, starts=(-10, MON), full=(6, MON)),
        ),
    ),
    notes=(
        NotePlan(day=(-3, THU), kind=StakeholderNote.Kind.ON_SITE, people=("Camilla Holm",), stance="sceptic",
                 text="Crews were sent to the wrong station twice. Meter readings arrive late, so the ranking is old when they read it."),
        NotePlan(day=(-1, WED), kind=StakeholderNote.Kind.MESSAGE, people=("Henrik Dahl", "Lone Bach"),
                 text="Henrik has left Kestrel. Lone does not know who follows. **Nobody signs the pilot off until then.**"),
    ),
)

STORY = Story(CUSTOMER, (OUTAGE,))
