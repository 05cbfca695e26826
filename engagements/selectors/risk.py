"""Risks as pages show them, with the alerts that facts have raised."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.metrics.risks import Level, Trigger, TriggerFacts, raised_by
from engagements.models import Engagement, Milestone, PortfolioRow, Risk
from fde_portal.accounts.models import User
from fde_portal.core import formats

# What the triggers look at; a line of the portfolio holds much more.
FACTS = ("engagement__started_on", "last_update_on", "weekly_users", "feed_stopped")
BANDS = {Level.HIGH: "risk", Level.MEDIUM: "watch", Level.LOW: "idle"}


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk in words, as of one local day. `alert` is the fact that came true, or ""."""

    risk: Risk
    band: str
    level: str
    alert: str
    review: str
    lacks_review: bool


def risks_of(engagement: Engagement) -> QuerySet[Risk]:
    """The engagement's risks, the gravest first. The caller found it in their scope."""
    return gravest_first(engagement.risks.select_related("owner"))


def open_everywhere(user: User) -> QuerySet[Risk]:
    """Open risks of the live work that `user` sees."""
    live = Engagement.objects.visible_to(user).live()
    return with_weight(Risk.objects.visible_to(user).open().filter(engagement__in=live))


def with_weight(risks: QuerySet[Risk]) -> QuerySet[Risk]:
    return gravest_first(risks.select_related("owner", "engagement__customer"))


def gravest_first(risks: QuerySet[Risk]) -> QuerySet[Risk]:
    return risks.annotate(weight=F("likelihood") * F("impact")).order_by("-weight", "id")


def risk_lines(risks: Iterable[Risk], *, today: date) -> list[RiskLine]:
    """Lines with their alerts, two statements for all of them together."""
    risks = list(risks)
    facts = trigger_facts({risk.engagement_id for risk in risks if risk.trigger}, today)
    return [risk_line(risk, facts.get(risk.engagement_id, TriggerFacts()), today) for risk in risks]


def risk_line(risk: Risk, facts: TriggerFacts, today: date) -> RiskLine:
    is_open = risk.state == Risk.State.OPEN
    alert = alert_text(risk, facts) if is_open else ""
    return RiskLine(
        risk=risk,
        band="risk" if alert else BANDS[risk.level] if is_open else "good",
        level=level_word(risk.level),
        alert=alert,
        review=review_text(risk, today) if is_open else "",
        lacks_review=is_open and risk.lacks_review(today),
    )


def level_word(level: Level) -> str:
    return {Level.HIGH: _("High"), Level.MEDIUM: _("Medium"), Level.LOW: _("Low")}[level]


def review_text(risk: Risk, today: date) -> str:
    if risk.review_on is None:
        return _("no review planned")
    words = {"day": formats.day(risk.review_on)}
    return _("review was due %(day)s") % words if risk.review_on < today else _("review %(day)s") % words


def trigger_facts(engagement_ids: Collection[int], today: date) -> dict[int, TriggerFacts]:
    """The facts that triggers look at, by engagement: from the portfolio's lines and the open milestones."""
    if not engagement_ids:
        return {}
    slips: dict[int, int] = {}
    for milestone in Milestone.objects.current().filter(engagement__in=engagement_ids, actual_on=None):
        slips[milestone.engagement_id] = max(slips.get(milestone.engagement_id, 0), milestone.slip_on(today))
    rows = PortfolioRow.objects.filter(engagement__in=engagement_ids).select_related("engagement").only(*FACTS)
    return {row.engagement_id: _facts(row, slips.get(row.engagement_id), today) for row in rows}


def _facts(row: PortfolioRow, worst_slip: int | None, today: date) -> TriggerFacts:
    since = row.last_update_on or row.engagement.started_on
    return TriggerFacts(row.weekly_users, worst_slip, row.feed_stopped, (today - since).days)


def alert_text(risk: Risk, facts: TriggerFacts) -> str:
    """The fact that raises the alert of a risk, in a sentence; "" while it is quiet."""
    found = raised_by(risk.trigger, risk.threshold, facts)
    if found is None:
        return ""
    words = {"found": formats.number(found), "limit": formats.number(risk.threshold)}
    return _ALERTS[Trigger(risk.trigger)](found) % words


_ALERTS: dict[Trigger, Callable[[int], str]] = {
    Trigger.WEEKLY_USERS: lambda found: ngettext(
        "%(found)s weekly user, below %(limit)s.", "%(found)s weekly users, below %(limit)s.", found
    ),
    Trigger.MILESTONE_SLIP: lambda found: ngettext(
        "A milestone slips %(found)s day, more than %(limit)s.", "A milestone slips %(found)s days, more than %(limit)s.", found
    ),
    Trigger.FEED_STOPPED: lambda found: _("Usage has stopped arriving."),
    Trigger.NO_UPDATE: lambda found: ngettext(
        "No update for %(found)s day, more than %(limit)s.", "No update for %(found)s days, more than %(limit)s.", found
    ),
}


def trigger_text(risk: Risk) -> str:
    """What the product watches for, in words; "" without a trigger."""
    if not risk.trigger:
        return ""
    words = {"limit": formats.number(risk.threshold)}
    texts = {
        Trigger.WEEKLY_USERS: _("Alert below %(limit)s weekly users"),
        Trigger.MILESTONE_SLIP: _("Alert when a milestone slips more than %(limit)s d"),
        Trigger.FEED_STOPPED: _("Alert when usage stops arriving"),
        Trigger.NO_UPDATE: _("Alert after %(limit)s d without an update"),
    }
    return texts[Trigger(risk.trigger)] % words
