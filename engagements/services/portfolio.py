"""Makes the portfolio's line of one engagement ready."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engagements.metrics.attention import AttentionFacts, attention_reason
from engagements.metrics.bands import Band, Bands, band_of, rounded
from engagements.metrics.value_limits import LARGEST_CASE
from engagements.models import (
    Engagement,
    HealthModelVersion,
    HealthSnapshot,
    MetricSnapshot,
    PortfolioRow,
    WeeklyUpdate,
)
from engagements.selectors import changes
from engagements.selectors.attention_facts import judged_facts, plain_params
from engagements.selectors.attention_signs import SignsHistory, read_attention_signs
from engagements.selectors.feed_watch import feed_watch
from engagements.selectors.health import override_on
from fde_portal.accounts.models import OrganizationSettings
from fde_portal.core import charts
from fde_portal.core.templatetags.ui_marks import band as band_class

TREND_WEEKS = 12


def refresh_portfolio_row(engagement: Engagement, *, today: date, now: datetime, signs: SignsHistory | None = None) -> None:
    """Rewrite the row from the newest snapshots and records. `today` is the engagement's local day; `signs` are what was read already."""
    history = list(
        HealthSnapshot.objects.filter(engagement=engagement, day__gt=today - timedelta(weeks=TREND_WEEKS)).order_by("day")
    )
    update, bands = _last_published(engagement), HealthModelVersion.in_force().model.bands
    override, seen = override_on(engagement, today), (signs or read_attention_signs(engagement)).on(today)
    values = {
        "computed_at": now,
        "headline": update.headline if update else "",
        "customer_seen_on": seen.customer_seen_on,
        "last_update_on": update.published_at.astimezone(engagement.zone).date() if update else None,
        "rosier_weeks": seen.rosier_weeks,
        "override_band": override.band if override else "",
        "override_until": override.until if override else None,
        **_health_columns(history, bands),
        **_usage_columns(engagement, bands),
        "feed_watch": feed_watch(engagement, now),
        **_milestone_columns(engagement, today),
        **_change_columns(engagement, history, today),
    }
    overdue = engagement.milestones.current().filter(actual_on=None, baseline_on__lt=today).count()
    overdue += seen.overdue_conditions
    values |= _attention_columns(engagement, values, history, overdue, today)
    # Written without being read: a row that cannot be read is mended by the next computation.
    if not PortfolioRow.objects.filter(engagement=engagement).update(**values):
        PortfolioRow.objects.create(engagement=engagement, **values)


def _last_published(engagement: Engagement) -> WeeklyUpdate | None:
    published = engagement.weekly_updates.filter(state=WeeklyUpdate.State.PUBLISHED)
    return published.order_by("-published_at").first()


def _health_columns(history: list[HealthSnapshot], bands: Bands) -> dict[str, Any]:
    """Band, score, components and the weekly closing scores. The last day closes the last week."""
    if not history:
        return {"band": Band.UNKNOWN, "score": None, "change": None, "mosaic_svg": "", "trend_svg": ""}
    latest = history[-1]
    by_day = {snapshot.day: _shown(snapshot) for snapshot in history}
    closings = [by_day.get(latest.day - timedelta(weeks=back)) for back in reversed(range(TREND_WEEKS))]
    score, before = closings[-1], closings[-2]
    return {
        "band": latest.band,
        "score": score,
        "change": None if score is None or before is None else score - before,
        "mosaic_svg": charts.mosaic_svg(
            (part["full_weight"], part["score"], _band_class(part["score"], bands)) for part in latest.components
        ),
        "trend_svg": charts.spark_svg(closings, band_class(latest.band), bands.on_track),
    }


def _band_class(score: float | None, bands: Bands) -> str:
    """The colour a score from 0 to 100 would have on its own."""
    return band_class(band_of(None if score is None else Decimal(str(score)), bands))


def _shown(snapshot: HealthSnapshot) -> int | None:
    return None if snapshot.score is None else rounded(snapshot.score)


def _usage_columns(engagement: Engagement, bands: Bands) -> dict[str, Any]:
    snapshot = MetricSnapshot.objects.filter(engagement=engagement, deliverable=None).order_by("-day").first()
    values = snapshot.values if snapshot else {}
    value = _kept_value(values.get("value"))
    adoption = values.get("adoption") or {}
    # What a stopped feed last said is not how many use it now: unknown, which is not few.
    has_usage = bool(values.get("last_usage_day")) and not values["feed_stopped"]
    users = adoption.get("numerator", values.get("wau")) if has_usage else None
    weekly_target, full_target = values.get("weekly_target"), adoption.get("denominator")
    return {
        "weekly_users": users,
        "weekly_target": weekly_target,
        "full_target": full_target,
        "users_svg": _users_svg(users, weekly_target or full_target, bands),
        "feed_stopped": values.get("feed_stopped", False),
        "npv": value.get("npv"),
        "npv_currency": value.get("currency", ""),
        "value_at_stake": max(Decimal(value.get("npv") or 0), Decimal(0)),
    }


def _kept_value(value: dict[str, Any] | None) -> dict[str, Any]:
    """The stored headline of the value case; empty where there is none, or one the columns cannot hold."""
    return value if value and abs(Decimal(value["npv"])) <= LARGEST_CASE else {}


def _users_svg(users: int | None, target: int | None, bands: Bands) -> str:
    """The bar in the band adoption alone would have: the share of the target, as in the health model."""
    if users is None or not target:
        return ""
    return charts.bar_svg(users, target, _band_class(min(100, users * 100 / target), bands))


def _milestone_columns(engagement: Engagement, today: date) -> dict[str, Any]:
    waiting = engagement.milestones.current().filter(actual_on=None)
    upcoming = min(waiting, key=lambda milestone: milestone.expected_on, default=None)
    if upcoming is None:
        return {"milestone_title": "", "milestone_on": None, "milestone_slip": None}
    return {
        "milestone_title": upcoming.title,
        "milestone_on": upcoming.expected_on,
        "milestone_slip": upcoming.slip_on(today),
    }


def _change_columns(engagement: Engagement, history: list[HealthSnapshot], today: date) -> dict[str, Any]:
    """What changed lately, and the last day of each kind the portfolio counts. Of both moves of the band the last one holds."""
    found = changes.changes_of(engagement, history, today=today)
    worse, better = changes.last_on(found, "band.worse"), changes.last_on(found, "band.better")
    return {
        "changes": changes.stored(found),
        "worse_on": worse if worse and (better is None or worse > better) else None,
        "better_on": better if better and (worse is None or better > worse) else None,
        "slipped_on": changes.last_on(found, "milestone.later", "milestone.passed"),
        "blocked_on": changes.last_on(found, "blocker.open", "blocker.escalated"),
    }


def _attention_columns(
    engagement: Engagement, values: dict[str, Any], history: list[HealthSnapshot], overdue: int, today: date
) -> dict[str, Any]:
    facts = _attention_facts(engagement, values, history, overdue, today)
    reason = attention_reason(facts)
    return {
        "rank": facts.rank,
        "fall": facts.counted_fall,
        "silence_over": facts.silence_over,
        "stale_over": facts.stale_over,
        "overdue_milestones": overdue,
        "reason": [reason.code, plain_params(reason.params)] if reason else None,
    }


def _attention_facts(
    engagement: Engagement, values: dict[str, Any], history: list[HealthSnapshot], overdue: int, today: date
) -> AttentionFacts:
    organization, last_sign = OrganizationSettings.current(), values["customer_seen_on"]
    # Before the first update, its absence counts from the start.
    last_update = values["last_update_on"] or min(engagement.started_on, today)
    return AttentionFacts(
        band=values["band"],
        **judged_facts(history),
        overdue_milestones=overdue,
        silence_days=(today - last_sign).days if last_sign else None,
        silence_limit=organization.silence_days,
        staleness_days=(today - last_update).days,
        cadence_days=organization.update_cadence_days,
        value_at_stake=values["value_at_stake"],
        rosier_weeks=values["rosier_weeks"],
    )
