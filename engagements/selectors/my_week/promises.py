"""What we said we would do: updates, milestones, deliverables."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from engagements.models import Milestone, OutcomeAgreement, WeeklyUpdate
from engagements.selectors.my_week.work import SOON_DAYS, Need, Work, named
from engagements.selectors.outcome import OutcomeRow, outcome_rows, owed_on, with_observations
from engagements.selectors.week_duty import turns_of
from engagements.selectors.weekly_update import Week
from fde_portal.core import formats


def updates_due(work: Work) -> list[Need]:
    """One need for all weekly updates that are the person's turn and not published yet."""
    turns = turns_of(work.person, work.engagements, Week.of(work.today))
    left = [e for e in turns if work.week_states.get(e.pk) != WeeklyUpdate.State.PUBLISHED]
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
    )
    return [_milestone_need(milestone, work.today) for milestone in work.known(rows)]


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
        title=named(milestone.engagement, milestone.title),
        detail=detail,
        due=formats.day(milestone.expected_on),
        action=pgettext("action", "Open"),
        url=reverse("engagement_milestones", args=[milestone.engagement.slug]),
        due_on=milestone.expected_on,
    )


def observations_due(work: Work) -> list[Need]:
    """Observations of agreed outcomes that are overdue: asked of whoever answers for the outcome on our side."""
    rows = OutcomeAgreement.objects.running().filter(engagement__in=work.engagements, our_person=work.person)
    shown = outcome_rows(with_observations(rows), today=work.today)
    return [_observation_need(row) for row in shown if row.is_overdue]


def _observation_need(row: OutcomeRow) -> Need:
    agreement, owed = row.agreement, owed_on(row.agreement)
    return Need(
        band="watch",
        title=named(agreement.engagement, agreement.outcome),
        detail=row.owed,
        due=formats.day(owed),
        action=pgettext("an observation", "Record"),
        url=reverse("outcome", args=[agreement.engagement.slug, agreement.pk]),
        due_on=owed,
    )
