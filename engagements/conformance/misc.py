"""Kinds about intervals, growth, slopes and health."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from engagements.metrics import adoption, bands, health, lifecycle, trend
from engagements.metrics.health_facts import Reason
from engagements.metrics.rounding import round_half_up

Case = Mapping[str, Any]
Found = Mapping[str, Any]


def wilson(case: Case) -> Found:
    given = case["input"]
    interval = adoption.wilson(given["k"], given["n"], float(given["confidence"]))
    low, high = interval or (None, None)
    return {"low": low, "high": high}


def growth(case: Case) -> Found:
    given = case["input"]
    changes = given["new"], given["resurrected"], given["dormant"]
    return {
        "active": lifecycle.active_after(given["prev_active"], *changes),
        "quick_ratio": lifecycle.quick_ratio(*changes),
    }


def trend_ols(case: Case) -> Found:
    line = trend.least_squares(case["input"]["x"], case["input"]["y"])
    return {key: getattr(line, key) for key in ("slope", "intercept", "r2", "slope_stderr")}


def trend_theil_sen(case: Case) -> Found:
    given = case["input"]
    # As in scipy, 0.05 and 0.95 both ask for the interval at 95 %.
    alpha = float(given.get("alpha", 0.95))
    fit = trend.theil_sen(given["x"], given["y"], max(alpha, 1 - alpha))
    return {"slope": fit.slope, "low": fit.low, "high": fit.high}


def health_weighted(case: Case) -> Found:
    parts = case["input"]["components"]
    scores = [_mean(part["metrics"]) for part in parts]
    total = health.total_score(
        health.ComponentScore(str(index), Decimal(part["weight"]), part["weight"], score, None, Reason("given"))
        for index, (part, score) in enumerate(zip(parts, scores, strict=True))
    )
    return {"component_scores": scores, "score": None if total is None else bands.rounded(total)}


def _mean(metrics: Sequence[Any]) -> Decimal | None:
    known = [Decimal(metric) for metric in metrics if metric is not None]
    return round_half_up(sum(known, Decimal(0)) / len(known)) if known else None


def health_bands(case: Case) -> Found:
    """Bounds here are the highest score of a band; ours are the lowest whole score of the next one."""
    (low, red), (middle, yellow), (high, _) = case["input"]["upper_bounds"]
    limits = bands.Bands(on_track=yellow + 1, watch=red + 1)
    names = {bands.Band.AT_RISK: low, bands.Band.WATCH: middle, bands.Band.ON_TRACK: high}
    return {
        "points": [[points, names[bands.band_of(Decimal(points), limits)]] for points, _ in case["input"]["points"]]
    }


KINDS = {
    "wilson": wilson,
    "growth": growth,
    "trend_ols": trend_ols,
    "trend_theil_sen": trend_theil_sen,
    "health_weighted": health_weighted,
    "health_bands": health_bands,
}
LEFT_OUT = {
    "wilson_cc": "intervals are shown without continuity correction",
    "nps": "no survey is kept",
    "nps_adjusted_wald": "no survey is kept",
    "evm": "milestones carry dates and slips, no earned value",
    "health_linear": "no component is scored by a free line",
}
