"""The demo's vendor, Northlight, and the people who sign in there."""

from __future__ import annotations

from dataclasses import dataclass

from fde_portal.accounts.permissions import Role

# One password for everybody, stated in the README. The demo runs on one's own machine only.
PASSWORD = "see-for-yourself"
VENDOR, MARK, DOMAIN = "Northlight", "N", "northlight.example"
CURRENCY = "EUR"
# Currency, the week whose Monday the rate is of, and what one unit is worth; invented like all the rest.
RATES = (
    ("GBP", -30, "1.148"), ("GBP", -4, "1.162"), ("USD", -30, "0.921"), ("USD", -4, "0.908"), ("CNY", -30, "0.1274"), ("CNY", -4, "0.1281"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaffPlan:
    key: str
    name: str
    time_zone: str
    role: Role = Role.FDE
    language: str = "en"
    is_administrator: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


STAFF = (
    StaffPlan("ruth", "Ruth Adeyemi", "Europe/London", Role.MANAGER),
    StaffPlan("daniel", "Daniel Brandt", "Europe/Berlin", Role.MANAGER, is_administrator=True),
    StaffPlan("maya", "Maya Okafor", "Europe/Amsterdam"),
    StaffPlan("jonas", "Jonas Lindqvist", "Europe/Stockholm"),
    StaffPlan("priya", "Priya Raman", "Europe/London"),
    StaffPlan("tomas", "Tomás Ferreira", "Europe/Lisbon"),
    StaffPlan("siyuan", "陈思远", "Asia/Shanghai", language="zh-hans"),
)
