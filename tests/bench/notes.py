"""Many notes in two languages, for searching among them."""

from __future__ import annotations

import random
from datetime import date, timedelta

from engagements.models import Engagement, StakeholderNote
from fde_portal.core.search.index import reindex

COMMON = ["pilot", "customs", "tariff", "meeting", "sponsor", "data", "access", "broker", "warehouse", "latency", "model", "review", "rollout", "budget"]
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeiou"]
HAN = "银行客户数据访问模型上线培训质检电话审批流程风险合规试点价值部门经理会议反馈问题"


def fill_notes(number: int) -> int:
    """Write and index so many notes of 40 words and 30 characters. Gives the id of one."""
    chance = random.Random(1)
    engagements = list(Engagement.objects.all())
    rare = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for __ in range(20_000)]
    StakeholderNote.objects.bulk_create(
        (_note(chance, chance.choice(engagements), rare) for __ in range(number)), batch_size=1000
    )
    reindex()
    return StakeholderNote.objects.latest("pk").pk


def _note(chance: random.Random, engagement: Engagement, rare: list[str]) -> StakeholderNote:
    words = [chance.choice(COMMON if chance.random() < 0.25 else rare) for __ in range(40)]
    text = " ".join(words) + " " + "".join(chance.choices(HAN, k=30))
    day = date(2026, 1, 5) + timedelta(days=chance.randrange(300))
    return StakeholderNote(customer_id=engagement.customer_id, engagement=engagement, happened_on=day, text=text)
