"""What we said we would do: updates, milestones, deliverables."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from engagements.models import (
    Deliverable,
    Engagement,
    Milestone,
    OutcomeAgreement,
    WeeklyUpdate,
)
from engagements.selectors.my_week.work import Need, Work, named, question
from engagements.selectors.outcome import owed_on, owed_sentence, running_of
from engagements.selectors.week_duty import turns_of
from fde_portal.core import formats
from fde_portal.core.addresses import address
from fde_portal.core.prepared import Param


def updates_due(work: Work) -> list[Need]:
    """One need for all weekly updates that are the person's turn and not published yet."""
    turns = turns_of(work.person, work.engagements, covers=work.covers, skipped=work.skipped)
    left = [e for e in turns if work.week_states.get(e.pk) != WeeklyUpdate.State.PUBLISHED]
    if not left:
        return []
    begun = [e.customer.name for e in left if e.pk in work.week_states]
    waiting = [e.customer.name for e in left if e.pk not in work.week_states]
    title = ngettext("%(count)s weekly update left", "%(count)s weekly updates left", len(left)) % {"count": len(left)}
    late = work.today > work.friday
    return [
        Need(
            band="watch" if late or work.today == work.friday else "",
            title=title,
            detail=formats.sentences(
                _("Begun: %(customers)s.") % {"customers": formats.listed(begun)} if begun else "",
                _("Not begun: %(customers)s.") % {"customers": formats.listed(waiting)} if waiting else "",
            ),
            due=formats.day(work.friday),
            action=pgettext("to go on writing", "Continue") if begun else _("Write"),
            url=reverse("weekly_log"),
            due_on=work.friday,
        )
    ]


def milestones_due(work: Work) -> list[Need]:
    """Milestones expected within seven days, and those whose date has passed."""
    return [_milestone_need(milestone, work.today) for milestone in work.rows(_milestones)]


@question
def _milestones(*, engagements: Param, soon: Param) -> QuerySet[Milestone]:
    rows = Milestone.objects.filter(engagement__in=engagements, archived_at=None, actual_on=None)
    return rows.annotate(expected=Coalesce("forecast_on", "baseline_on")).filter(expected__lte=soon)


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
        url=address("engagement_milestones", milestone.engagement.slug),
        due_on=milestone.expected_on,
    )


def deliverables_due(work: Work) -> list[Need]:
    """What the person is to hand over within seven days, or should have: as its owner, or as lead where nobody is."""
    return [_deliverable_need(row, work.today) for row in work.rows(_to_hand_over)]


TO_HAND_OVER = (Deliverable.State.PLANNED, Deliverable.State.IN_PROGRESS, Deliverable.State.REJECTED)


@question
def _to_hand_over(*, person: Param, engagements: Param, soon: Param) -> QuerySet[Deliverable]:
    mine = Q(owner=person) | Q(owner=None, engagement__lead=person)
    rows = Deliverable.objects.filter(mine, engagement__in=engagements, archived_at=None, state__in=TO_HAND_OVER)
    return rows.annotate(expected=Coalesce("forecast_on", "planned_on")).filter(expected__lte=soon)


def _deliverable_need(deliverable: Deliverable, today: date) -> Need:
    due = deliverable.forecast_on or deliverable.planned_on
    return Need(
        band="watch" if due < today else "",
        title=named(deliverable.engagement, deliverable.name),
        detail=_("To be handed over. It is %(state)s.") % {"state": deliverable.get_state_display().lower()},
        due=formats.day(due),
        action=pgettext("action", "Open"),
        url=reverse("deliverable", args=[deliverable.engagement.slug, deliverable.pk]),
        due_on=due,
    )


def promises_made(work: Work) -> list[Need]:
    """What the customer reads as next on their page, until this week's update says what became of it."""
    waiting = [e for e in work.engagements if work.week_states.get(e.pk) != WeeklyUpdate.State.PUBLISHED]
    return [_promise_need(e, [text for text, in e.promised], work) for e in waiting if e.promised]


def _promise_need(engagement: Engagement, lines: list[str], work: Work) -> Need:
    count = ngettext("%(count)s thing promised for this week", "%(count)s things promised for this week", len(lines))
    return Need(
        band="",
        title=named(engagement, count % {"count": len(lines)}),
        detail=" · ".join(lines),
        due=formats.day(work.friday),
        action=_("Say how it went"),
        url=f"{reverse('weekly_log')}?engagement={engagement.slug}",
        due_on=work.friday,
    )


def observations_due(work: Work) -> list[Need]:
    """Observations of agreed outcomes that are overdue: asked of whoever answers for the outcome on our side."""
    rows = running_of(work.person, work.engagements)
    owed = [(agreement, owed_on(agreement)) for agreement in work.known(rows)]
    return [_observation_need(agreement, day, work.today) for agreement, day in owed if day and day < work.today]


def _observation_need(agreement: OutcomeAgreement, owed: date, today: date) -> Need:
    return Need(
        band="watch",
        title=named(agreement.engagement, agreement.outcome),
        detail=owed_sentence(owed, today),
        due=formats.day(owed),
        action=pgettext("an observation", "Record"),
        url=reverse("outcome", args=[agreement.engagement.slug, agreement.pk]),
        due_on=owed,
    )
