"""华岭银行: two engagements in Chinese, one at its beginning, one handed over."""

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
from engagements.models import Confidence, Deliverable, Milestone, Phase, StakeholderNote, ValueLine

CUSTOMER = CustomerPlan(
    slug="hualing-bank",
    name="华岭银行 Hualing Bank",
    industry="银行",
    region="华东",
    segment="Enterprise",
    time_zone="Asia/Shanghai",
    currency="CNY",
    language="zh-hans",
    owner="siyuan",
    classification="restricted",
    renews_in_weeks=26,
    contacts=(("周明", "zhou.ming@hualing.example"),),
    people=(
        PersonPlan(
            name="周明", title="副行长", department="行领导", role=ROLE.SPONSOR, influence=5, email="zhou.ming@hualing.example",
            stances=((-26, STANCE.SUPPORTER), (-5, STANCE.CHAMPION)),
        ),
        PersonPlan(
            name="林静", title="客户服务中心主任", department="客户服务", role=ROLE.OPERATIONAL_OWNER, influence=4,
            email="lin.jing@hualing.example", stances=((-26, STANCE.NEUTRAL), (-15, STANCE.SUPPORTER), (-2, STANCE.CHAMPION)),
        ),
        PersonPlan(
            name="吴建国", title="科技部架构师", department="信息科技", role=ROLE.TECHNICAL_OWNER, influence=3,
            stances=((-25, STANCE.SUPPORTER),),
        ),
        PersonPlan(
            name="郑海燕", title="合规经理", department="法律合规", role=ROLE.RISK_OWNER, influence=4,
            stances=((-25, STANCE.SCEPTIC), (-12, STANCE.NEUTRAL)),
        ),
        PersonPlan(
            name="何晓雨", title="质检专员", department="客户服务", role=ROLE.FRONT_LINE_USER, influence=2,
            stances=((-20, STANCE.CHAMPION),),
        ),
    ),
)

CALLS = EngagementPlan(
    slug="hualing-call-quality",
    name="客服质检摘要",
    lead="siyuan",
    backup="priya",
    manager="daniel",
    phases=((Phase.DISCOVERY, -26), (Phase.PROTOTYPE, -24), (Phase.PILOT, -21), (Phase.PRODUCTION, -13), (Phase.HANDOVER, -3)),
    ends=(6, FRI),
    problem="质检员只能抽听极少的通话，问题往往在客户投诉之后才发现。",
    current_process="质检员随机抽取录音，边听边填表，主管每周汇总。",
    target_process="系统为每通电话生成摘要并标出疑点，质检员复核后定性。",
    definition_of_done="质检组全员每天使用，科技部能够独立运行和升级。",
    out_of_scope="绩效扣分由银行自行决定。",
    exit_plan="科技部先在我们旁观下发布两次，再独立发布。",
    milestones=(
        MilestonePlan(key="baseline", title="质检基线测量", summary="记录现在每通电话的质检用时。", baseline=(-24, FRI), actual=(-24, FRI)),
        MilestonePlan(key="pilot", title="一组试点", summary="第一质检组全部使用。", baseline=(-16, FRI), moves=((-17, (-15, FRI)),), actual=(-15, FRI)),
        MilestonePlan(key="golive", title="全中心上线", summary="所有质检组使用。", kind=Milestone.Kind.GO_LIVE, baseline=(-13, MON), actual=(-13, MON)),
        MilestonePlan(key="release", title="科技部独立发布", summary="由贵行科技部完成发布。", baseline=(0, THU), actual=(0, WED)),
        MilestonePlan(key="handover", title="移交完成", summary="由贵行自行运行和改进。", baseline=(5, FRI)),
    ),
    deliverables=(
        DeliverablePlan(
            name="质检摘要助手", kind=Deliverable.Kind.AI_TOOL, state=Deliverable.State.ACCEPTED, planned=(-13, MON), actual=(-13, MON),
            criteria="质检员认可十分之九的摘要。",
            use=UsePlan(source="客服平台日志", curve=((-21, 8), (-17, 34), (-13, 72), (-9, 101), (-4, 113), (2, 117)), habit=0.86,
                        events_a_day=22, seconds_per_event=110, features=(("咨询", 6), ("投诉", 2), ("办理", 3)), accepted=0.78, edited=0.15),
            target=TargetPlan(people=120, starts=(-21, MON), full=(-7, MON)),
        ),
        DeliverablePlan(name="移交手册", kind=Deliverable.Kind.DOCUMENT, state=Deliverable.State.SUBMITTED, planned=(1, FRI), actual=(0, FRI)),
    ),
    case=CasePlan(
        title="客服质检三年价值", starts=(-21, MON), source="客服平台用时记录与银行财务口径",
        lines=(
            ValueLinePlan(name="释放的质检工时", kind=ValueLine.Kind.HOURS_RELEASED, amounts=(0, 3_600_000, 4_200_000, 4_200_000),
                          confidence=Confidence.CALCULATED, risk=Decimal("0.1"), shared=True),
            ValueLinePlan(name="投诉赔付减少", kind=ValueLine.Kind.COST_AVOIDED, amounts=(0, 600_000, 900_000, 900_000),
                          confidence=Confidence.ESTIMATED, attribution=Decimal("0.7"), risk=Decimal("0.2"), shared=True),
            ValueLinePlan(name="Northlight 实施", kind=ValueLine.Kind.ENGINEERING, amounts=(1_300_000, 700_000, 0, 0),
                          confidence=Confidence.OBSERVED, shared=True),
            ValueLinePlan(name="模型与算力", kind=ValueLine.Kind.MODEL_AND_CLOUD, amounts=(60_000, 480_000, 520_000, 520_000),
                          confidence=Confidence.OBSERVED, shared=True),
        ),
    ),
    notes=(
        NotePlan(day=(-12, TUE), kind=StakeholderNote.Kind.MEETING, people=("郑海燕",), stance="neutral",
                 text="合规要求录音不出行内。演示了本地部署的日志，郑经理态度缓和。"),
        NotePlan(day=(-2, THU), kind=StakeholderNote.Kind.CALL, people=("林静",), stance="champion",
                 text="林主任主动提出给兄弟分行做介绍，上周有 {users} 人使用。"),
    ),
    share="周明副行长",
)

CREDIT = EngagementPlan(
    slug="hualing-due-diligence",
    name="信贷尽调助手",
    lead="siyuan",
    backup="tomas",
    manager="daniel",
    phases=((Phase.DISCOVERY, -7),),
    ends=(24, FRI),
    problem="客户经理写一份尽调报告要跑三个系统，数据口径还不一致。",
    current_process="从核心、征信、工商三处抄录数据，再手工写成报告。",
    definition_of_done="调研阶段结束时与银行一起确定。",
    milestones=(
        MilestonePlan(key="study", title="基线研究", summary="观察客户经理怎样写尽调报告。", baseline=(-1, FRI), actual=(-1, FRI)),
        MilestonePlan(key="agreement", title="成效约定签署", summary="约定目标与口径。", baseline=(0, FRI), moves=((-1, (1, FRI)),)),
        MilestonePlan(key="decision", title="是否进入原型", summary="双方决定继续或停止。", baseline=(3, FRI)),
    ),
    deliverables=(
        DeliverablePlan(name="尽调流程图", kind=Deliverable.Kind.DOCUMENT, state=Deliverable.State.ACCEPTED, planned=(-2, FRI), actual=(-2, THU)),
    ),
    notes=(
        NotePlan(day=(-3, WED), kind=StakeholderNote.Kind.OBSERVATION, people=("吴建国",),
                 text="旁听了客户经理写报告。征信与核心的**口径不同**，客户经理凭经验取数。"),
    ),
)

STORY = Story(CUSTOMER, (CALLS, CREDIT))
