"""What needs one person this week. Each kind of need is one small function; a new kind joins by adding one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from engagements.models import Ask, Blocker, Engagement, Milestone, OutcomeAgreement, PortfolioRow, Risk, WeeklyUpdate
from engagements.selectors.blocker import blocker_line, with_names
from engagements.selectors.outcome import outcome_rows, owed_on, with_observations
from engagements.selectors.risk import risk_lines, with_weight
from fde_portal.accounts.models import User
from fde_portal.core import formats

SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do: how urgent, what, why, by when, and the one next act."""

    band: str
    title: str
    detail: str
    due: str
    action: str
    url: str
    due_on: date

    @property
    def is_urgent(self) -> bool:
        return self.band in {"at_risk", "watch"}


@dataclass(frozen=True, slots=True)
class Work:
    """The live engagements of one person as of one local day, fetched once."""

    person: User
    engagements: tuple[Engagement, ...]
    today: date
    week_states: dict[int, str]

    @property
    def friday(self) -> date:
        return self.today + timedelta(days=4 - self.today.weekday())


def work_of(user: User, today: date) -> Work:
    """Engagements on which `user` is lead, backup or team, with the state of this week's update."""
    mine = Engagement.objects.visible_to(user).filter(Engagement.seen_by(user)).live()
    engagements = tuple(mine.select_related("customer").order_by("customer__name", "name"))
    return Work(user, engagements, today, week_states(engagements, today))


def week_states(engagements: Iterable[Engagement], today: date) -> dict[int, str]:
    """State of this ISO week's newest revision by engagement id; absent when nothing was written."""
    year, week, __ = today.isocalendar()
    updates = WeeklyUpdate.objects.filter(engagement__in=engagements, iso_year=year, iso_week=week)
    return dict(updates.order_by("revision").values_list("engagement_id", "state"))


def needs(work: Work) -> list[Need]:
    """Everything that needs the person, most urgent first, then by date."""
    found = [need for kind in KINDS for need in kind(work)]
    urgency = {"at_risk": 0, "watch": 1}
    return sorted(found, key=lambda need: (urgency.get(need.band, 2), need.due_on, need.title))


def updates_due(work: Work) -> list[Need]:
    """One need for all weekly updates that are not published yet."""
    left = [e for e in work.engagements if work.week_states.get(e.pk) != WeeklyUpdate.State.PUBLISHED]
    if not left:
        return []
    title = ngettext("%(count)s weekly update left", "%(count)s weekly updates left", len(left)) % {"count": len(left)}
    late = work.today > work.friday
    return [
        Need(
            band="watch" if late or work.today == work.friday else "",
            title=title,
            detail=formats.listed(engagement.customer.name for engagement in left),
            due=formats.day(work.friday),
            action=_("Write"),
            url=reverse("weekly_log"),
            due_on=work.friday,
        )
    ]


def milestones_due(work: Work) -> list[Need]:
    """Milestones expected within seven days, and those whose date has passed."""
    rows = (
        Milestone.objects.filter(engagement__in=work.engagements, archived_at=None, actual_on=None)
        .annotate(expected=Coalesce("forecast_on", "baseline_on"))
        .filter(expected__lte=work.today + timedelta(days=SOON_DAYS))
        .select_related("engagement__customer")
    )
    return [_milestone_need(milestone, work.today) for milestone in rows]


def _milestone_need(milestone: Milestone, today: date) -> Need:
    overdue = (today - milestone.expected_on).days
    if overdue > 0:
        detail = ngettext(
            "The date passed %(days)s day ago. Mark it reached or give a new date.",
            "The date passed %(days)s days ago. Mark it reached or give a new date.",
            overdue,
        ) % {"days": overdue}
    else:
        detail = _("Promised for %(promised)s, %(slip)s.") % {
            "promised": formats.day(milestone.baseline_on),
            "slip": formats.slip(milestone.slip_on(today)),
        }
    return Need(
        band="at_risk" if overdue > 0 else "",
        title=_named(milestone.engagement, milestone.title),
        detail=detail,
        due=formats.day(milestone.expected_on),
        action=pgettext("action", "Open"),
        url=reverse("engagement_milestones", args=[milestone.engagement.slug]),
        due_on=milestone.expected_on,
    )


def asks_overdue(work: Work) -> list[Need]:
    """What a customer has not answered although the date is past or today."""
    rows = Ask.objects.open().filter(
        Q(due_on__lte=work.today), engagement__in=work.engagements
    ).select_related("engagement__customer", "stakeholder")
    return [_ask_need(ask, work.today) for ask in rows]


def _ask_need(ask: Ask, today: date) -> Need:
    days = (today - ask.due_on).days
    person = ask.stakeholder.name if ask.stakeholder else ask.engagement.customer.name
    waiting = ngettext(
        "Waiting for %(person)s, %(days)s day over the date.", "Waiting for %(person)s, %(days)s days over the date.", days
    ) % {"person": person, "days": days}
    return Need(
        band="watch",
        title=_named(ask.engagement, ask.text),
        detail=waiting if days else _("Waiting for %(person)s, due today.") % {"person": person},
        due=formats.day(ask.due_on),
        action=_("Follow up"),
        url=f"{reverse('weekly_log')}?engagement={ask.engagement.slug}",
        due_on=ask.due_on,
    )


def feeds_stopped(work: Work) -> list[Need]:
    """Engagements whose usage stopped arriving."""
    rows = PortfolioRow.objects.filter(engagement__in=work.engagements, feed_stopped=True)
    return [
        Need(
            band="watch",
            title=_named(row.engagement, _("usage has stopped arriving")),
            detail=_("Figures of adoption are growing old. Check the source."),
            due="",
            action=_("Open data"),
            url=reverse("engagement_data", args=[row.engagement.slug]),
            due_on=work.today,
        )
        for row in rows.select_related("engagement__customer")
    ]


def blockers_due(work: Work) -> list[Need]:
    """Blockers that are escalated, or whose solution is needed within seven days."""
    due = Q(state=Blocker.State.ESCALATED) | Q(needed_by__lte=work.today + timedelta(days=SOON_DAYS))
    rows = Blocker.objects.standing().filter(due, engagement__in=work.engagements)
    return [_blocker_need(blocker, work.today) for blocker in with_names(rows)]


def _blocker_need(blocker: Blocker, today: date) -> Need:
    line = blocker_line(blocker, today)
    is_now = blocker.state == Blocker.State.ESCALATED or blocker.needed_by <= today
    return Need(
        band="at_risk" if line.is_overdue else "watch" if is_now else "",
        title=_named(blocker.engagement, blocker.text),
        detail=formats.sentences(line.owes, line.moves),
        due=formats.day(blocker.needed_by) if blocker.needed_by else "",
        action=_("Chase") if blocker.owing_side != Blocker.Side.US else _("Solve"),
        url=reverse("blocker", args=[blocker.engagement.slug, blocker.pk]),
        due_on=blocker.needed_by or today,
    )


def risks_raised(work: Work) -> list[Need]:
    """Risks whose trigger came true."""
    rows = with_weight(Risk.objects.open().filter(engagement__in=work.engagements).exclude(trigger=""))
    return [
        Need(
            band="at_risk",
            title=_named(line.risk.engagement, line.risk.text),
            detail=_("A risk you named begins: %(alert)s") % {"alert": line.alert},
            due="",
            action=pgettext("action", "Open"),
            url=reverse("risk", args=[line.risk.engagement.slug, line.risk.pk]),
            due_on=work.today,
        )
        for line in risk_lines(rows, today=work.today)
        if line.alert
    ]


def observations_due(work: Work) -> list[Need]:
    """Observations of agreed outcomes that are overdue: asked of whoever answers for the outcome on our side."""
    rows = OutcomeAgreement.objects.running().filter(engagement__in=work.engagements, our_person=work.person)
    shown = outcome_rows(with_observations(rows), today=work.today)
    return [
        Need(
            band="watch",
            title=_named(row.agreement.engagement, row.agreement.outcome),
            detail=row.owed,
            due=formats.day(owed_on(row.agreement)),
            action=_("Record"),
            url=reverse("outcome", args=[row.agreement.engagement.slug, row.agreement.pk]),
            due_on=owed_on(row.agreement),
        )
        for row in shown
        if row.is_overdue
    ]


KINDS: tuple[Callable[[Work], list[Need]], ...] = (
    updates_due,
    milestones_due,
    asks_overdue,
    blockers_due,
    risks_raised,
    observations_due,
    feeds_stopped,
)


def _named(engagement: Engagement, what: str) -> str:
    return _("%(customer)s: %(what)s") % {"customer": engagement.customer.name, "what": what}

