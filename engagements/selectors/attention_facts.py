"""What the order of attention takes from the stored days of health: the same for today and for a past week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engagements.metrics.attention import FALL_WINDOW_DAYS
from engagements.metrics.bands import rounded
from engagements.metrics.health_facts import Reason
from engagements.models import HealthSnapshot


def judged_facts(history: Sequence[HealthSnapshot]) -> dict[str, Any]:
    """Hard rules and falls of the last day of `history` (oldest first), by the names AttentionFacts has for them."""
    return {"hard_rules": _hard_rules(history), **_falls(history)}


def plain_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a reason as JSON holds them; whole numbers for people, dates in ISO."""
    return {name: _plain(value) for name, value in params.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return rounded(value) if isinstance(value, Decimal) else value


def _hard_rules(history: Sequence[HealthSnapshot]) -> tuple[Reason, ...]:
    return tuple(Reason(code, params) for code, params in history[-1].reasons) if history else ()


def _falls(history: Sequence[HealthSnapshot]) -> dict[str, Decimal | int | None]:
    """Points lost over 14 days: in all, without what freshness did, as shown; nothing when one of the days was not judged."""
    if not history:
        return {}
    now, before = history[-1], history[-1].day - timedelta(days=FALL_WINDOW_DAYS)
    then = next((snapshot for snapshot in history if snapshot.day == before), None)
    if then is None or then.score is None or now.score is None:
        return {}
    shown = rounded(then.score) - rounded(now.score)
    return {"fall": then.score - now.score, "told_fall": _told_fall(then, now), "shown_fall": shown}


def _told_fall(then: HealthSnapshot, now: HealthSnapshot) -> Decimal:
    """What the scores of components lost by the weights they had then, freshness apart.

    Weights that fade, and an update that does not come, are silence and not a fall of anything.
    """
    scores = {part["key"]: part["score"] for part in now.components if part["key"] != "freshness"}
    both = [part for part in then.components if part["score"] is not None and scores.get(part["key"]) is not None]
    lost = sum(Decimal(str(part["weight"])) * Decimal(str(part["score"] - scores[part["key"]])) for part in both)
    weight = sum(Decimal(str(part["weight"])) for part in then.components if part["score"] is not None)
    return lost / weight if weight else Decimal(0)
