"""Stored health for pages, and its reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from engagements.metrics.bands import band_of
from engagements.models import Engagement, HealthOverride, HealthSnapshot
from engagements.selectors.attention import reason_sentence
from fde_portal.core import formats
from fde_portal.core.prepared import Param, prepared

Params = Mapping[str, Any]


def latest_health(engagement: Engagement) -> HealthSnapshot | None:
    """Return the newest closing day; None before the first computation.

    `components` is a list of {"key", "band", "weight" (after decay), "full_weight", "score", "contribution",
    "age_days", "reason"} with numbers or None where unknown; `reasons` lists the hard rules that put
    the engagement at risk. A reason is [code, params]: word it with `reason_text(*reason)`.
    """
    return HealthSnapshot.objects.filter(engagement=engagement).first()


def health_history(engagement: Engagement, days: int) -> list[HealthSnapshot]:
    """Return the stored closing days among the last `days` up to the newest one, oldest first.

    Their `facts` are not loaded: they are most of a row, and pages explain one day.
    """
    # A day has one snapshot at most, so the newest so many rows hold all of those days.
    newest = _newest(engagement=engagement, count=days)
    for row in newest:
        row.engagement = engagement
    return [row for row in reversed(newest) if (newest[0].day - row.day).days < days]


@prepared
def _newest(*, engagement: Param, count: int) -> QuerySet[HealthSnapshot]:
    return HealthSnapshot.objects.filter(engagement=engagement).defer("facts").order_by("-day")[:count]


def component_band(part: Mapping[str, Any]) -> str:
    """The band a stored component's score has on its own, by the bands of its day."""
    score = part["score"]
    return part.get("band") or band_of(None if score is None else Decimal(str(score)))


def override_on(engagement: Engagement, day: date) -> HealthOverride | None:
    """The manager's judgement that stands on `day`, a local one; None without, or when its last day is over."""
    return engagement.health_overrides.filter(ended_on=None, until__gte=day).select_related("author").first()


def reason_text(code: str, params: Params) -> str:
    """Return the sentence for a stored reason. Raises KeyError for an unknown code."""
    if code in _SENTENCES:
        return _SENTENCES[code](params)
    return reason_sentence([code, dict(params)])


def _no_usage(_params: Params) -> str:
    return gettext("Use is unknown for the last whole week.")


def _no_target(params: Params) -> str:
    active = params["active"]
    return ngettext(
        "%(count)s person used it last week. Nobody said how many should.",
        "%(count)s people used it last week. Nobody said how many should.",
        active,
    ) % {"count": formats.number(active)}


def _of_target(params: Params) -> str:
    active, target = params["active"], params["target"]
    used = ngettext(
        "%(active)s of %(target)s expected people used it last week.",
        "%(active)s of %(target)s expected people used it last week.",
        active,
    ) % {"active": formats.number(active), "target": formats.number(target)}
    return formats.sentences(used, _TRENDS[params["trend"]]() if params["trend"] in _TRENDS else "")


_TRENDS: dict[str, Callable[[], str]] = {
    "rising": lambda: gettext("The trend is rising."),
    "falling": lambda: gettext("The trend is falling."),
}


def _no_milestones(_params: Params) -> str:
    return gettext("No milestone is open.")


def _late(params: Params) -> str:
    count, days = params["count"], params["worst_slip"]
    late = ngettext("%(count)s milestone is late.", "%(count)s milestones are late.", count) % {"count": count}
    worst = ngettext("The largest slip is %(days)s day.", "The largest slip is %(days)s days.", days) % {"days": days}
    return formats.sentences(late, worst)


def _on_plan(_params: Params) -> str:
    return gettext("Every milestone is on plan.")


def _no_stance(params: Params) -> str:
    return formats.sentences(gettext("Nobody's stance is recorded."), _gaps(params["gaps"]), _pulses(params))


def _critics(params: Params) -> str:
    critics, people = params["critics"], params["people"]
    critical = ngettext(
        "%(critics)s of %(people)s people is sceptical or blocks.",
        "%(critics)s of %(people)s people are sceptical or block.",
        critics,
    ) % {"critics": critics, "people": people}
    return formats.sentences(critical, _gaps(params["gaps"]), _pulses(params))


def _no_critics(params: Params) -> str:
    people = params["people"]
    content = ngettext(
        "The %(people)s person whose stance we know is not critical.",
        "None of the %(people)s people whose stance we know is critical.",
        people,
    ) % {"people": people}
    return formats.sentences(content, _gaps(params["gaps"]), _pulses(params))


def _gaps(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(count)s role has nobody.", "%(count)s roles have nobody.", count) % {"count": count}


def _pulses(params: Params) -> str:
    """Named only where they count: a reason without them has no such parameter."""
    count = params.get("pulses")
    if not count:
        return ""
    return gettext("Half of it is the pulse of %(count)s answers.") % {"count": count}


def _not_reviewed(_params: Params) -> str:
    return gettext("Nobody has said yet what stands in the way.")


def _none_stands(params: Params) -> str:
    return formats.sentences(gettext("Nothing holds the work up."), _unreviewed(params))


def _standing(params: Params) -> str:
    standing, escalated = params["standing"], params["escalated"]
    if escalated == standing:
        words = ngettext("%(count)s blocker stands, and it is escalated.", "%(count)s blockers stand, all of them escalated.", standing)
        return formats.sentences(words % {"count": standing}, _unreviewed(params))
    open_ones = ngettext("%(count)s blocker stands.", "%(count)s blockers stand.", standing) % {"count": standing}
    worse = ngettext("%(count)s of them is escalated.", "%(count)s of them are escalated.", escalated) % {"count": escalated}
    return formats.sentences(open_ones, worse if escalated else "", _unreviewed(params))


def _unreviewed(params: Params) -> str:
    count = params["risks"]
    if not count:
        return ""
    return ngettext(
        "%(count)s high risk has no review to come.", "%(count)s high risks have no review to come.", count
    ) % {"count": count}


def _updated(params: Params) -> str:
    days = params["days"]
    updated = ngettext(
        "The last update is %(days)s day old.", "The last update is %(days)s days old.", days
    ) % {"days": days}
    return formats.sentences(updated, _skipped(params), _stopped(params))


def _no_update_yet(params: Params) -> str:
    days = max(params["days"], 0)
    waiting = ngettext(
        "No update in the %(days)s day since the start.", "No update in the %(days)s days since the start.", days
    ) % {"days": days}
    return formats.sentences(waiting, _skipped(params), _stopped(params))


def _skipped(params: Params) -> str:
    return gettext("A week since was skipped with a reason.") if params.get("skipped") else ""


def _stopped(params: Params) -> str:
    return gettext("A usage feed has stopped.") if params["feed_stopped"] else ""


def _no_outcomes(_params: Params) -> str:
    return gettext("No outcome is agreed yet.")


def _not_observed(params: Params) -> str:
    count = params["count"]
    return ngettext(
        "%(count)s outcome is agreed, and no observation of it is fresh.",
        "%(count)s outcomes are agreed, and no observation of them is fresh.",
        count,
    ) % {"count": count}


def _outcome_progress(params: Params) -> str:
    count, behind = params["count"], params["behind"]
    seen = ngettext(
        "%(observed)s of %(count)s agreed outcome is observed.", "%(observed)s of %(count)s agreed outcomes are observed.", count
    ) % {"observed": params["observed"], "count": count}
    late = ngettext("%(count)s is behind its line.", "%(count)s are behind their lines.", behind) % {"count": behind}
    return formats.sentences(seen, late if behind else gettext("None is behind its line."))


_SENTENCES: dict[str, Callable[[Params], str]] = {
    "outcomes.none": _no_outcomes,
    "outcomes.not_observed": _not_observed,
    "outcomes.progress": _outcome_progress,
    "adoption.no_usage": _no_usage,
    "adoption.no_target": _no_target,
    "adoption.of_target": _of_target,
    "schedule.no_milestones": _no_milestones,
    "schedule.late": _late,
    "schedule.on_plan": _on_plan,
    "relationship.no_stance": _no_stance,
    "relationship.critics": _critics,
    "relationship.no_critics": _no_critics,
    "blockers.not_reviewed": _not_reviewed,
    "blockers.none": _none_stands,
    "blockers.standing": _standing,
    "freshness.updated": _updated,
    "freshness.no_update_yet": _no_update_yet,
}
