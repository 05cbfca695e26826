"""What the demo's gates rest on: evidence in both languages, open questions, conditions, assets. By engagement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engagements.demo.clock import FRI, TUE, WED, Day
from engagements.models import Asset, Phase

EVIDENCE: Mapping[str, str] = {
    "Current process observed with operators in 3 sessions": "Three shifts, notes with times and exceptions",
    "Baseline measured": "Four weeks before the start, from the system of record",
    "Outcome agreement agreed": "Signed by both accountable people",
    "Data access named": "Read access with an owner at the customer",
    "AI risk class recorded": "Limited risk: a person decides every case",
    "Personal data recorded": "Names and addresses, deleted after 30 days",
    "Front-line users named who will try it first": "A first group on two shifts",
    "Works on real customer data": "Held against 500 past cases",
    "Verdict recorded; stopping is a valid result": "Go on, with a narrower scope",
    "Operators have said what is missing": "List of twelve points, ten of them done",
    "Autonomy by environment approved in writing: autonomous, needs approval, blocked": "Test: autonomous. Production: needs approval. Payments: blocked.",
    "Human review path in place": "Every unsure draft goes to a named reviewer",
    "Shadow run thresholds met": "Two weeks beside the old way, no case worse",
    "Canary thresholds met": "One team for two weeks within the limits",
    "Rollback tried": "Back on the old way within 20 minutes, twice",
    "Incident plan agreed": "Whom to call, who decides, who tells the users",
    "Cost per accepted outcome known": "From the provider's bill and the accepted cases",
    "Adoption target met on the eligible population": "Above the plan for four weeks",
    "Outcome targets met on the eligible population": "Confirmed by the verifier",
    "Receiving team has shown that it can operate": "A week on call without us",
    "Receiving team has shown that it can extend": "A new document type added alone",
    "Receiving team has shown that it can govern": "Quarterly review held by the risk owner",
    "Receiving team has shown that it can evolve": "New model tried against the test set",
    "No asset without an owner": "See the list of assets",
    "Value report confirmed": "Confirmed line by line",
    "已与一线人员一起观察现有流程三次": "三个班次，记录了时间与例外情况",
    "基线已测量": "开始前四周，取自业务主系统",
    "成果协议已达成": "双方责任人已签字",
    "数据访问方式已明确": "只读访问，客户方有负责人",
    "AI 风险等级已记录": "有限风险：每个案例由人决定",
    "涉及的个人数据已记录": "姓名与电话，30 天后删除",
    "首批试用的一线人员已确定": "两个班次的首批人员",
    "在客户真实数据上可用": "与 500 个历史案例对照",
    "结论已记录；停止也是有效结论": "继续，范围收窄",
    "一线人员已指出不足之处": "共十二条，已完成十条",
    "各环境的自主程度已书面批准：自主、需审批、禁止": "测试环境自主，生产环境需审批，付款禁止",
    "人工复核途径已建立": "不确定的结果交指定复核人",
    "影子运行达到阈值": "与原方式并行两周，无一案例变差",
    "灰度发布达到阈值": "一个小组两周内均在限度之内",
    "已演练回滚": "两次均在 20 分钟内恢复原方式",
    "应急预案已确认": "联系谁、谁决定、谁通知用户",
    "每个被采纳成果的成本已知": "按供应商账单与采纳案例计算",
    "目标人群的使用率达标": "连续四周高于计划",
    "目标人群的成果达标": "核验人已确认",
    "接收团队已证明能够运行": "一周独立值班",
    "接收团队已证明能够扩展": "独立增加一种文档类型",
    "接收团队已证明能够治理": "风险负责人已主持季度评审",
    "接收团队已证明能够演进": "已用测试集试过新模型",
    "每项资产都有负责人": "见资产清单",
    "价值报告已确认": "逐行确认",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionPlan:
    text: str
    due: Day
    done: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatesPlan:
    """`unknown` are texts not answered at the present gate beyond those a plain one leaves; `all_else` answers the rest.

    `conditions` came with the go at the end of `conditional`; `dissent` was said there. `signed` is what the customer was
    asked to sign for that gate, `signer` who did, "" for nobody yet. `assets` are (name, kind, place, role of the owner).
    """

    unknown: tuple[str, ...] = ()
    all_else: bool = False
    conditional: Phase | None = None
    conditions: tuple[ConditionPlan, ...] = ()
    dissent: str = ""
    signed: str = ""
    signer: str = ""
    assets: tuple[tuple[str, Asset.Kind, str, str], ...] = ()


Kind = Asset.Kind
PLAIN = GatesPlan()
GATES: Mapping[str, GatesPlan] = {
    "customs-declaration-copilot": GatesPlan(
        unknown=("Rollback tried", "Incident plan agreed"),
        all_else=True,
        conditional=Phase.PROTOTYPE,
        conditions=(ConditionPlan(text="Scanner profile for Felixstowe before more people join", due=(-5, FRI), done=(-5, WED)),),
        signed="The prototype reads your past declarations well enough to begin a pilot with people of the Rotterdam desk.",
    ),
    "claims-correspondence": GatesPlan(
        unknown=("Adoption target met on the eligible population", "Outcome targets met on the eligible population"),
        conditional=Phase.PILOT,
        conditions=(
            ConditionPlan(text="Second reviewer for letters about injuries", due=(-6, FRI), done=(-6, TUE)),
            ConditionPlan(text="Exercise the incident plan once more with the night shift", due=(1, FRI)),
        ),
        dissent="The risk owner would have waited for one more week of the canary.",
        signed="The assistant may draft letters for all motor claims. A handler approves every letter.",
    ),
    "credit-memo-drafting": GatesPlan(
        conditional=Phase.PILOT,
        conditions=(ConditionPlan(text="Write down who approves memos above the limit", due=(-2, FRI)),),
    ),
    "freight-invoice-checks": GatesPlan(
        conditional=Phase.HANDOVER,
        signed="Your team runs and owns the invoice checks. We leave.",
        signer="Anneke Visser",
        assets=(
            ("Invoice checking service", Kind.SOFTWARE, "Repository of the customer", "technical_owner"),
            ("Test set of 800 invoices", Kind.DATA, "Shared drive, folder Checks", "operational_owner"),
            ("Runbook and incident plan", Kind.DOCUMENT, "Wiki, page Invoice checks", "technical_owner"),
        ),
    ),
    "hualing-call-quality": GatesPlan(
        unknown=("接收团队已证明能够演进", "每项资产都有负责人"),
        all_else=True,
        assets=(
            ("质检服务", Kind.SOFTWARE, "客户代码库", "technical_owner"),
            ("评分提示词", Kind.MODEL, "客户代码库，目录 prompts", ""),
            ("标注通话集", Kind.DATA, "数据平台", "operational_owner"),
        ),
    ),
}
