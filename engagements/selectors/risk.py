"""Risks as pages show them, with the alerts that facts have raised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.metrics.risks import Level, Trigger, TriggerFacts, raised_by
from engagements.models import Engagement, Milestone, Risk
from fde_portal.accounts.models import User
from fde_portal.core import formats

# What the triggers look at; a line of the portfolio holds much more.
_OF_LINE = ("last_update_on", "weekly_users", "feed_stopped")
# Columns of an engagement that `facts_of` looks at; without a line in the portfolio they are all None.
FACTS = {"line_id": F("portfolio_row__pk")} | {name: F(f"portfolio_row__{name}") for name in _OF_LINE}
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


def risk_lines(risks: Iterable[Risk], *, today: date, facts: Mapping[int, TriggerFacts] | None = None) -> list[RiskLine]:
    """Lines with their alerts. Without the `facts` by engagement id, two statements for all of them together."""
    risks = list(risks)
    if facts is None:
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
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    for milestone in Milestone.objects.current().filter(engagement__in=engagement_ids, actual_on=None):
        milestones[milestone.engagement_id].append(milestone)
    engagements = Engagement.objects.filter(pk__in=engagement_ids).only("started_on").annotate(**FACTS)
    return {engagement.pk: facts_of(engagement, milestones[engagement.pk], today) for engagement in engagements}


def facts_of(engagement: Engagement, milestones: Iterable[Milestone], today: date) -> TriggerFacts:
    """The facts of an engagement that was read with `FACTS`, and of its current `milestones`; none before the first computation."""
    if engagement.line_id is None:
        return TriggerFacts()
    since = engagement.last_update_on or engagement.started_on
    slips = [milestone.slip_on(today) for milestone in milestones if milestone.actual_on is None]
    worst = max(0, *slips) if slips else None
    return TriggerFacts(engagement.weekly_users, worst, bool(engagement.feed_stopped), (today - since).days)


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
