"""The standard playbook, in the languages of the portal. Managers change their copy of it on its page.

The texts become records of a customer, so they stand in the customer's language rather than the reader's.
"""

from __future__ import annotations

from dataclasses import dataclass

from engagements.models import Deliverable, Milestone, Phase

ORDINARY, GO_LIVE = Milestone.Kind.ORDINARY, Milestone.Kind.GO_LIVE
Kind = Deliverable.Kind


@dataclass(frozen=True, slots=True)
class PlaybookText:
    """Milestones are (days after the start, title, kind); deliverables (days, name, kind)."""

    name: str
    summary: str
    milestones: tuple[tuple[int, str, Milestone.Kind], ...]
    deliverables: tuple[tuple[int, str, Deliverable.Kind], ...]
    criteria: dict[Phase, tuple[str, ...]]
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
            "Current process observed with operators in 3 sessions",
            "Baseline measured",
            "Outcome agreement agreed",
            "Data access named",
            "AI risk class recorded",
            "Personal data recorded",
        ),
        Phase.PROTOTYPE: (
            "Works on real customer data",
            "Verdict recorded; stopping is a valid result",
        ),
        Phase.PILOT: (
            "Autonomy by environment approved in writing: autonomous, needs approval, blocked",
            "Human review path in place",
            "Shadow run thresholds met",
            "Canary thresholds met",
            "Rollback tried",
            "Incident plan agreed",
        ),
        Phase.PRODUCTION: (
            "Adoption target met on the eligible population",
            "Outcome targets met on the eligible population",
            "Cost per accepted outcome known",
        ),
        Phase.HANDOVER: (
            "Receiving team has shown that it can operate",
            "Receiving team has shown that it can extend",
            "Receiving team has shown that it can govern",
            "Receiving team has shown that it can evolve",
            "No asset without an owner",
            "Value report confirmed",
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
            "已与一线人员一起观察现有流程三次",
            "基线已测量",
            "成果协议已达成",
            "数据访问方式已明确",
            "AI 风险等级已记录",
            "涉及的个人数据已记录",
        ),
        Phase.PROTOTYPE: ("在客户真实数据上可用", "结论已记录；停止也是有效结论"),
        Phase.PILOT: (
            "各环境的自主程度已书面批准：自主、需审批、禁止",
            "人工复核途径已建立",
            "影子运行达到阈值",
            "灰度发布达到阈值",
            "已演练回滚",
            "应急预案已确认",
        ),
        Phase.PRODUCTION: ("目标人群的使用率达标", "目标人群的成果达标", "每个被采纳成果的成本已知"),
        Phase.HANDOVER: (
            "接收团队已证明能够运行",
            "接收团队已证明能够扩展",
            "接收团队已证明能够治理",
            "接收团队已证明能够演进",
            "每项资产都有负责人",
            "价值报告已确认",
        ),
    },
    integrations=("统一登录", "业务主系统", "使用数据接口"),
)

STANDARD = {"en": ENGLISH, "zh-hans": CHINESE}
