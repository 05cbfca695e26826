"""What stands in the way: blockers, and risks that begin."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from engagements.metrics.attention import ROSIER_WEEKS
from engagements.models import Blocker, Engagement, Risk
from engagements.selectors.blocker import IN_ORDER, blocker_line
from engagements.selectors.my_week.work import Need, Work, named, question
from engagements.selectors.risk import gravest_first, risk_lines
from fde_portal.core import formats
from fde_portal.core.addresses import address
from fde_portal.core.prepared import Param


def blockers_due(work: Work) -> list[Need]:
    """Blockers that are escalated, or whose solution is needed within seven days."""
    return [_blocker_need(blocker, work.today) for blocker in work.rows(_pressing)]


@question
def _pressing(*, engagements: Param, soon: Param) -> QuerySet[Blocker]:
    due = Q(state=Blocker.State.ESCALATED) | Q(needed_by__lte=soon)
    rows = Blocker.objects.standing().filter(due, engagement__in=engagements)
    return rows.select_related("milestone").order_by(*IN_ORDER)


def _blocker_need(blocker: Blocker, today: date) -> Need:
    line = blocker_line(blocker, today)
    is_now = blocker.state == Blocker.State.ESCALATED or blocker.needed_by <= today
    return Need(
        band="at_risk" if line.is_overdue else "watch" if is_now else "",
        title=named(blocker.engagement, blocker.text),
        detail=formats.sentences(line.owes, line.moves),
        due=formats.day(blocker.needed_by) if blocker.needed_by else "",
        action=_("Chase") if blocker.owing_side != Blocker.Side.US else _("Solve"),
        url=reverse("blocker", args=[blocker.engagement.slug, blocker.pk]),
        due_on=blocker.needed_by or today,
    )


def risks_raised(work: Work) -> list[Need]:
    """Risks whose trigger came true."""
    return [
        Need(
            band="at_risk",
            title=named(line.risk.engagement, line.risk.text),
            detail=_("A risk you named begins: %(alert)s") % {"alert": line.alert},
            due="",
            action=pgettext("action", "Open"),
            url=reverse("risk", args=[line.risk.engagement.slug, line.risk.pk]),
            due_on=work.today,
        )
        for line in risk_lines(work.rows(_with_trigger), today=work.today)
        if line.alert
    ]


@question
def _with_trigger(*, engagements: Param) -> QuerySet[Risk]:
    return gravest_first(Risk.objects.open().filter(engagement__in=engagements).exclude(trigger=""))


def risks_to_review(work: Work) -> list[Need]:
    """Open risks the person owns whose day to look again has come."""
    return [
        Need(
            band="",
            title=named(risk.engagement, risk.text),
            detail=_("A risk you own. Look again whether it has grown."),
            due=formats.day(risk.review_on),
            action=_("Review"),
            url=reverse("risk", args=[risk.engagement.slug, risk.pk]),
            due_on=risk.review_on,
        )
        for risk in work.rows(_to_review)
    ]


@question
def _to_review(*, person: Param, engagements: Param, today: Param) -> QuerySet[Risk]:
    return Risk.objects.open().filter(engagement__in=engagements, owner=person, review_on__lte=today)


def reports_doubted(work: Work) -> list[Need]:
    """Engagements reported better than the facts, two published weeks running."""
    return [_doubt_need(engagement, work.today) for engagement in work.engagements if (engagement.rosier_weeks or 0) >= ROSIER_WEEKS]


def _doubt_need(engagement: Engagement, today: date) -> Need:
    count = engagement.rosier_weeks
    weeks = ngettext("reported better than the facts for %(count)s week", "reported better than the facts for %(count)s weeks", count)
    return Need(
        band="watch",
        title=named(engagement, weeks % {"count": count}),
        detail=_("What do you know that the facts do not say? Bring it in, or rate it as it is."),
        due="",
        action=_("Compare"),
        url=address("engagement_health", engagement.slug),
        due_on=today,
    )
