"""澄江精密: a pilot on the shop floor, ahead of plan."""

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
from engagements.models import Confidence, Deliverable, Phase, StakeholderNote, ValueLine

CUSTOMER = CustomerPlan(
    slug="chengjiang-precision",
    name="澄江精密 Chengjiang Precision",
    industry="制造",
    region="华南",
    segment="Mid-market",
    time_zone="Asia/Shanghai",
    currency="CNY",
    language="zh-hans",
    owner="siyuan",
    renews_in_weeks=34,
    people=(
        PersonPlan(
            name="蒋文涛", title="总经理", department="管理层", role=ROLE.SPONSOR, influence=5, email="jiang@chengjiang.example",
            stances=((-18, STANCE.SUPPORTER), (-4, STANCE.CHAMPION)),
        ),
        PersonPlan(
            name="唐丽", title="质量部经理", department="质量", role=ROLE.OPERATIONAL_OWNER, influence=4,
            stances=((-18, STANCE.SUPPORTER),),
        ),
        PersonPlan(
            name="许强", title="设备工程师", department="设备", role=ROLE.TECHNICAL_OWNER, influence=3,
            stances=((-17, STANCE.NEUTRAL), (-8, STANCE.SUPPORTER)),
        ),
        PersonPlan(
            name="罗敏", title="二线班组长", department="生产", role=ROLE.FRONT_LINE_USER, influence=3,
            stances=((-12, STANCE.SCEPTIC), (-6, STANCE.SUPPORTER), (-1, STANCE.CHAMPION)),
        ),
    ),
)

INSPECTION = EngagementPlan(
    slug="chengjiang-inspection",
    name="质检判读",
    lead="siyuan",
    backup="jonas",
    manager="daniel",
    team=(("maya", "0.10"),),
    phases=((Phase.DISCOVERY, -18), (Phase.PROTOTYPE, -15), (Phase.PILOT, -11)),
    ends=(18, FRI),
    problem="外观缺陷靠老师傅判断，换班之后标准就变了。",
    target_process="系统先判读图像，有疑问的件交老师傅复判。",
    definition_of_done="两条线每班使用，漏判率由质量部确认。",
    milestones=(
        MilestonePlan(key="baseline", title="缺陷基线", summary="统计现有漏判与误判。", baseline=(-15, FRI), actual=(-15, THU)),
        MilestonePlan(key="prototype", title="历史图像原型", summary="在历史图像上判读。", baseline=(-11, FRI), actual=(-11, FRI)),
        MilestonePlan(key="line1", title="一线试点", summary="一线三班使用。", baseline=(-6, FRI), actual=(-6, FRI)),
        MilestonePlan(key="line2", title="二线试点", summary="二线加入。", baseline=(0, FRI), actual=(-1, FRI), moves=((-3, (-1, FRI)),)),
        MilestonePlan(key="signoff", title="试点验收", summary="质量部确认结果。", baseline=(4, FRI), moves=((-1, (3, FRI)),)),
    ),
    deliverables=(
        DeliverablePlan(
            name="判读工作台", kind=Deliverable.Kind.AI_TOOL, state=Deliverable.State.SUBMITTED, planned=(4, FRI), forecast=(3, FRI),
            use=UsePlan(source="产线工控日志", curve=((-11, 12), (-7, 40), (-4, 58), (-1, 82), (1, 90), (4, 104)), habit=0.8, events_a_day=35,
                        seconds_per_event=20, features=(("判读", 8), ("复判", 2)), accepted=0.85, edited=0.08, weekends=True),
            target=TargetPlan(people=90, starts=(-11, MON), full=(-2, MON)),
        ),
    ),
    case=CasePlan(
        title="质检判读三年价值", starts=(-11, MON), source="质量部报废统计与人工成本",
        lines=(
            ValueLinePlan(name="报废减少", kind=ValueLine.Kind.COST_AVOIDED, amounts=(0, 2_300_000, 3_100_000, 3_100_000),
                          confidence=Confidence.CALCULATED, attribution=Decimal("0.8"), risk=Decimal("0.1"), shared=True),
            ValueLinePlan(name="释放的复检工时", kind=ValueLine.Kind.HOURS_RELEASED, amounts=(0, 900_000, 1_200_000, 1_200_000),
                          confidence=Confidence.ESTIMATED, risk=Decimal("0.1"), shared=True),
            ValueLinePlan(name="Northlight 实施", kind=ValueLine.Kind.ENGINEERING, amounts=(1_100_000, 500_000, 120_000, 120_000),
                          confidence=Confidence.OBSERVED, shared=True),
            ValueLinePlan(name="模型与边缘设备", kind=ValueLine.Kind.MODEL_AND_CLOUD, amounts=(380_000, 210_000, 210_000, 210_000),
                          confidence=Confidence.OBSERVED, shared=True),
        ),
    ),
    notes=(
        NotePlan(day=(-6, TUE), kind=StakeholderNote.Kind.ON_SITE, people=("罗敏",), stance="supporter",
                 text="罗班长起初担心“机器挑人毛病”。改成只看件、不看人之后，她愿意让二线先试。"),
        NotePlan(day=(-1, WED), kind=StakeholderNote.Kind.CALL, people=("蒋文涛",),
                 text="二线提前一周上线，上周 {users} 人使用。蒋总想让三线也上，先把验收做完。"),
    ),
    share="蒋文涛总经理",
)

STORY = Story(CUSTOMER, (INSPECTION,))
