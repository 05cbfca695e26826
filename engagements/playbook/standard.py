"""The standard playbook, in the languages of the portal. Managers change their copy of it on its page.

The texts become records of a customer, so they stand in the customer's language rather than the reader's.
"""

from __future__ import annotations

from dataclasses import dataclass

from engagements.models import Deliverable, Milestone, Phase

ORDINARY, GO_LIVE = Milestone.Kind.ORDINARY, Milestone.Kind.GO_LIVE
Kind = Deliverable.Kind


@dataclass(frozen=True, slots=True)
class CriterionText:
    """What must hold. Hard unless said; `key` names what the portal itself must know (see metrics/gates.py)."""

    text: str
    key: str = ""
    is_hard: bool = True


C = CriterionText


@dataclass(frozen=True, slots=True)
class PlaybookText:
    """Milestones are (days after the start, title, kind); deliverables (days, name, kind)."""

    name: str
    summary: str
    milestones: tuple[tuple[int, str, Milestone.Kind], ...]
    deliverables: tuple[tuple[int, str, Deliverable.Kind], ...]
    criteria: dict[Phase, tuple[CriterionText, ...]]
    integrations: tuple[str, ...]


ENGLISH = PlaybookText(
    name="Standard playbook",
    summary="From the first observation to a proven and handed-over solution in about seven months",
    milestones=(
        (0, "Kick-off", ORDINARY),
        (28, "Baseline measured", ORDINARY),
        (35, "Outcomes agreed", ORDINARY),
        (63, "Prototype on real data", ORDINARY),
        (84, "Pilot starts", ORDINARY),
        (126, "Pilot verdict", ORDINARY),
        (147, "Production go-live", GO_LIVE),
        (189, "Targets met", ORDINARY),
        (210, "Handover complete", ORDINARY),
    ),
    deliverables=(
        (28, "Process map and baseline", Kind.DOCUMENT),
        (63, "Prototype", Kind.PROTOTYPE),
        (140, "Operator training", Kind.TRAINING),
        (140, "Runbook and incident plan", Kind.DOCUMENT),
        (147, "Production AI tool", Kind.AI_TOOL),
        (203, "Value report", Kind.DOCUMENT),
    ),
    criteria={
        Phase.DISCOVERY: (
            C("Current process observed with operators in 3 sessions"),
            C("Baseline measured"),
            C("Outcome agreement agreed"),
            C("Data access named"),
            C("AI risk class recorded", "risk_class"),
            C("Personal data recorded", "personal_data"),
            C("Front-line users named who will try it first", is_hard=False),
        ),
        Phase.PROTOTYPE: (
            C("Works on real customer data"),
            C("Verdict recorded; stopping is a valid result"),
            C("Operators have said what is missing", is_hard=False),
        ),
        Phase.PILOT: (
            C("Autonomy by environment approved in writing: autonomous, needs approval, blocked", "autonomy"),
            C("Human review path in place", "human_review"),
            C("Shadow run thresholds met"),
            C("Canary thresholds met"),
            C("Rollback tried", "rollback"),
            C("Incident plan agreed", "incident_plan"),
        ),
        Phase.PRODUCTION: (
            C("Adoption target met on the eligible population"),
            C("Outcome targets met on the eligible population"),
            C("Cost per accepted outcome known"),
        ),
        Phase.HANDOVER: (
            C("Receiving team has shown that it can operate", "operate"),
            C("Receiving team has shown that it can extend", "extend"),
            C("Receiving team has shown that it can govern", "govern"),
            C("Receiving team has shown that it can evolve", "evolve"),
            C("No asset without an owner", "owners"),
            C("Value report confirmed"),
        ),
    },
    integrations=("Sign-on", "System of record", "Usage feed"),
)

CHINESE = PlaybookText(
    name="标准方案",
    summary="约七个月，从首次现场观察到价值得到验证并完成移交",
    milestones=(
        (0, "项目启动", ORDINARY),
        (28, "基线测量完成", ORDINARY),
        (35, "成果目标达成一致", ORDINARY),
        (63, "原型在真实数据上运行", ORDINARY),
        (84, "试点开始", ORDINARY),
        (126, "试点结论", ORDINARY),
        (147, "正式上线", GO_LIVE),
        (189, "目标达成", ORDINARY),
        (210, "移交完成", ORDINARY),
    ),
    deliverables=(
        (28, "流程图与基线", Kind.DOCUMENT),
        (63, "原型", Kind.PROTOTYPE),
        (140, "一线人员培训", Kind.TRAINING),
        (140, "运行手册与应急预案", Kind.DOCUMENT),
        (147, "正式版 AI 工具", Kind.AI_TOOL),
        (203, "价值报告", Kind.DOCUMENT),
    ),
    criteria={
        Phase.DISCOVERY: (
            C("已与一线人员一起观察现有流程三次"),
            C("基线已测量"),
            C("成果协议已达成"),
            C("数据访问方式已明确"),
            C("AI 风险等级已记录", "risk_class"),
            C("涉及的个人数据已记录", "personal_data"),
            C("首批试用的一线人员已确定", is_hard=False),
        ),
        Phase.PROTOTYPE: (C("在客户真实数据上可用"), C("结论已记录；停止也是有效结论"), C("一线人员已指出不足之处", is_hard=False)),
        Phase.PILOT: (
            C("各环境的自主程度已书面批准：自主、需审批、禁止", "autonomy"),
            C("人工复核途径已建立", "human_review"),
            C("影子运行达到阈值"),
            C("灰度发布达到阈值"),
            C("已演练回滚", "rollback"),
            C("应急预案已确认", "incident_plan"),
        ),
        Phase.PRODUCTION: (C("目标人群的使用率达标"), C("目标人群的成果达标"), C("每个被采纳成果的成本已知")),
        Phase.HANDOVER: (
            C("接收团队已证明能够运行", "operate"),
            C("接收团队已证明能够扩展", "extend"),
            C("接收团队已证明能够治理", "govern"),
            C("接收团队已证明能够演进", "evolve"),
            C("每项资产都有负责人", "owners"),
            C("价值报告已确认"),
        ),
    },
    integrations=("统一登录", "业务主系统", "使用数据接口"),
)

STANDARD = {"en": ENGLISH, "zh-hans": CHINESE}
