"""What the code hosts of the demo said was merged and closed, by engagement. Days are story days."""

from __future__ import annotations

from typing import NamedTuple

from engagements.demo.clock import FRI, MON, THU, TUE, WED, Day
from engagements.models import WorkItem

SOURCE_NAME = "Northlight code"
Kind = WorkItem.Kind


class WorkPlan(NamedTuple):
    day: Day
    title: str
    author: str
    kind: Kind = Kind.MERGE


REPOSITORIES = {
    "customs-declaration-copilot": "northlight/customs-copilot",
    "claims-correspondence": "northlight/claims-letters",
    "chengjiang-inspection": "northlight/line-inspection",
}

WORK: dict[str, tuple[WorkPlan, ...]] = {
    "customs-declaration-copilot": (
        WorkPlan((-1, TUE), "Read the tariff table from the weekly file", "Maya Okafor"),
        WorkPlan((-1, THU), "Show the source line beside each proposed code", "Jonas Lindqvist"),
        WorkPlan((0, MON), "Straighten skewed pages before reading", "Jonas Lindqvist"),
        WorkPlan((0, WED), "Keep rejected proposals with their reason", "Maya Okafor"),
        WorkPlan((0, THU), "CUS-118 Fax pages without a reference", "Jonas Lindqvist", Kind.TICKET),
        WorkPlan((1, MON), "Log every proposal for the audit", "Maya Okafor"),
        WorkPlan((1, TUE), "CUS-121 Scanner profile for the night desk", "Jonas Lindqvist", Kind.TICKET),
    ),
    "claims-correspondence": (
        WorkPlan((-1, WED), "Letters in the tone of each region", "Maya Okafor"),
        WorkPlan((0, TUE), "Stop when the policy is older than the template", "Maya Okafor"),
        WorkPlan((1, MON), "Check names against the claim before a letter is shown", "Maya Okafor"),
    ),
    "chengjiang-inspection": (
        WorkPlan((0, FRI), "Threshold by surface and shift", "Maya Okafor"),
        WorkPlan((1, MON), "Keep the image with each disputed part", "Maya Okafor"),
    ),
}
