"""Lists across engagements of what was promised and asked: asks, milestones, deliverables."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagements.models import Ask, Deliverable, Engagement, Milestone
from engagements.selectors.across.shape import Cut, ListKind, Row, band_when, place_of, said
from engagements.selectors.ask import band_of
from engagements.selectors.my_week.promises import TO_HAND_OVER
from fde_portal.core import formats

SETTLED = (Ask.State.DONE, Ask.State.WITHDRAWN)
EVERYTHING = Cut("all", _("All of them"))


# Asks


def asks() -> QuerySet[Ask]:
    return Ask.objects.asked().select_related("engagement__customer", "stakeholder")


def ask_row(ask: Ask, today: date) -> Row:
    is_late = bool(ask.state == Ask.State.OPEN and ask.due_on and ask.due_on < today)
    return Row(
        title=ask.text,
        url=ask.get_absolute_url(),
        engagement=ask.engagement,
        place=place_of(ask.engagement),
        facts=said(ask.stakeholder and ask.stakeholder.name, ask.consequence),
        band=band_of(ask, is_late),
        state=ask.get_state_display(),
        day=ask.closed_on or ask.due_on,
        is_late=is_late,
        restore_url=reverse("ask_restore", args=[ask.engagement.slug, ask.pk]),
    )


NEXT_DUE = F("due_on").asc(nulls_last=True)
ASKS = ListKind(
    key="asks",
    title=_("Asks"),
    why=_("What we need from customers, the next due first."),
    rows=asks,
    row=ask_row,
    words=("text", "consequence", "stakeholder__name"),
    order=(NEXT_DUE, "-pk"),
    cuts=(
        Cut("open", _("Waiting for the customer"), lambda today, user: Q(state=Ask.State.OPEN), is_live=True),
        Cut("overdue", _("Overdue"), lambda today, user: Q(state=Ask.State.OPEN, due_on__lt=today), is_live=True),
        Cut("answered", _("Answered, to be checked"), lambda today, user: Q(state=Ask.State.ANSWERED)),
        Cut("settled", _("Settled"), lambda today, user: Q(state__in=SETTLED), order=(F("closed_on").desc(nulls_last=True), "-pk")),
        EVERYTHING,
    ),
)


# Milestones


def milestones() -> QuerySet[Milestone]:
    rows = Milestone.objects.select_related("engagement__customer")
    return rows.annotate(expected=Coalesce("actual_on", "forecast_on", "baseline_on"))


def milestone_row(milestone: Milestone, today: date) -> Row:
    is_done, slip = bool(milestone.actual_on), milestone.slip_on(today)
    is_late = not is_done and milestone.expected_on < today
    promised = gettext("Promised for %(day)s") % {"day": formats.day(milestone.baseline_on, "year")}
    return Row(
        title=milestone.title,
        url=reverse("milestone_edit", args=[milestone.engagement.slug, milestone.pk]),
        engagement=milestone.engagement,
        place=place_of(milestone.engagement),
        facts=said(promised if milestone.expected_on != milestone.baseline_on else "", milestone.summary),
        band=band_when(is_done, is_late, is_close=slip > 0),
        state=formats.slip(slip),
        day=milestone.expected_on,
        is_late=is_late,
        restore_url=reverse("milestone_restore", args=[milestone.engagement.slug, milestone.pk]),
    )


MILESTONES = ListKind(
    key="milestones",
    title=_("Milestones"),
    why=_("What was promised, by the day it is expected."),
    rows=milestones,
    row=milestone_row,
    words=("title", "summary", "our_part", "their_part"),
    order=("expected", "pk"),
    cuts=(
        Cut("ahead", _("Not reached yet"), lambda today, user: Q(actual_on=None), is_live=True),
        Cut("overdue", _("Overdue"), lambda today, user: Q(actual_on=None, expected__lt=today), is_live=True),
        Cut("slipping", _("Later than promised"), lambda today, user: Q(actual_on=None, expected__gt=F("baseline_on")), is_live=True),
        Cut("reached", _("Reached"), lambda today, user: Q(actual_on__isnull=False), order=("-expected", "-pk")),
        EVERYTHING,
    ),
)


# Engagements whose next milestone is missing


def without_milestone() -> QuerySet[Engagement]:
    ahead = Milestone.objects.current().filter(engagement=OuterRef("pk"), actual_on=None)
    return Engagement.objects.filter(~Exists(ahead)).select_related("customer", "lead")


def without_milestone_row(engagement: Engagement, today: date) -> Row:
    return Row(
        title=engagement.name,
        url=reverse("engagement_milestones", args=[engagement.slug]),
        engagement=engagement,
        place=engagement.customer.name,
        facts=said(engagement.lead.name),
        state=engagement.get_phase_display(),
        day=engagement.target_end,
        is_late=bool(engagement.target_end and engagement.target_end < today),
    )


WITHOUT_MILESTONE = ListKind(
    key="no-milestone",
    title=_("No milestone ahead"),
    why=_("Live engagements that promise nothing next: nobody can see whether they are on time."),
    rows=without_milestone,
    row=without_milestone_row,
    words=(),
    order=("customer__name", "name"),
    cuts=(Cut("all", _("All of them"), is_live=True),),
    path="",
    can_restore=False,
)


# Deliverables


def deliverables() -> QuerySet[Deliverable]:
    rows = Deliverable.objects.select_related("engagement__customer", "owner")
    return rows.annotate(due=Coalesce("actual_on", "forecast_on", "planned_on"))


def deliverable_row(deliverable: Deliverable, today: date) -> Row:
    is_late = bool(deliverable.state in TO_HAND_OVER and deliverable.due and deliverable.due < today)
    is_rejected = deliverable.state == Deliverable.State.REJECTED
    is_submitted = deliverable.state == Deliverable.State.SUBMITTED
    return Row(
        title=deliverable.name,
        url=reverse("deliverable", args=[deliverable.engagement.slug, deliverable.pk]),
        engagement=deliverable.engagement,
        place=place_of(deliverable.engagement),
        facts=said(deliverable.get_kind_display(), deliverable.owner and deliverable.owner.name),
        band=band_when(deliverable.state == Deliverable.State.ACCEPTED, is_rejected or is_late, is_close=is_submitted),
        state=deliverable.get_state_display(),
        day=deliverable.due,
        is_late=is_late,
        restore_url=reverse("deliverable_restore", args=[deliverable.engagement.slug, deliverable.pk]),
    )


SUBMITTED, ACCEPTED = Deliverable.State.SUBMITTED, Deliverable.State.ACCEPTED
FIRST_DUE = (F("due").asc(nulls_last=True), "pk")
DELIVERABLES = ListKind(
    key="deliverables",
    title=_("Deliverables"),
    why=_("What is built and handed over, the next due first."),
    rows=deliverables,
    row=deliverable_row,
    words=("name", "acceptance_criteria", "owner__name"),
    order=FIRST_DUE,
    cuts=(
        Cut("ahead", _("Not accepted yet"), lambda today, user: Q(state__in=[*TO_HAND_OVER, SUBMITTED]), is_live=True),
        Cut("overdue", _("Overdue"), lambda today, user: Q(state__in=TO_HAND_OVER, due__lt=today), is_live=True),
        Cut("submitted", _("Waiting for the customer’s word"), lambda today, user: Q(state=SUBMITTED), is_live=True),
        Cut("accepted", _("Accepted"), lambda today, user: Q(state=ACCEPTED), order=(F("due").desc(nulls_last=True), "-pk")),
        EVERYTHING,
    ),
)
