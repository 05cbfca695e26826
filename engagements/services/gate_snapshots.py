"""What a decision at a gate rested on, frozen as canonical JSON."""

from __future__ import annotations

import json
from typing import Any

from engagements.models import Asset, Gate, GateCriterion, GateDecision

SCHEMA = 1


def frozen(decision: GateDecision, *, gate: Gate, conditions: list[dict[str, Any]]) -> str:
    """The one spelling of all that was known and decided: sorted keys, no spaces, characters as they are."""
    body = {
        "schema": SCHEMA,
        "customer": gate.engagement.customer.name,
        "engagement": gate.engagement.name,
        "phase": gate.phase,
        "round": gate.round,
        "criteria": [_criterion(row) for row in gate.criteria.select_related("answered_by", "release", "attachment", "decision")],
        "assets": [_asset(row) for row in Asset.objects.current().filter(engagement=gate.engagement_id).select_related("owner")],
        "decision": {
            "outcome": decision.outcome,
            "ours": decision.our_deciders,
            "theirs": decision.their_deciders,
            "dissent": decision.dissent,
            "reason": decision.reason,
            "decided_on": decision.decided_on.isoformat(),
            "conditions": conditions,
            "asks_to_sign": gate.shared_wording if gate.is_shared else "",
        },
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _criterion(row: GateCriterion) -> dict[str, Any]:
    return {
        "text": row.text,
        "is_hard": row.is_hard,
        "key": row.key,
        "answer": row.answer,
        "evidence": row.evidence,
        "link": row.link,
        "record": f"{row.record._meta.model_name}: {row.record}" if row.record else "",
        "reason": row.reason,
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        "answered_by": row.answered_by.name if row.answered_by else "",
    }


def _asset(row: Asset) -> dict[str, str]:
    return {"name": row.name, "kind": row.kind, "owner": row.owner.name if row.owner else ""}
