"""How the records of the work are found."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from engagements.models import Ask, Blocker, Deliverable, Engagement, Milestone, Risk, StakeholderNote, WeeklyUpdate
from engagements.search_gates import GATES
from engagements.search_here import beginnings
from engagements.search_parts import PARTS
from engagements.search_proof import PROOF, scopes_of_playbooks
from engagements.search_reviews import REVIEWS
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.search import Command, register_beginnings, register_command, register_scopes
from fde_portal.core.search.kinds import Kind, register_kind


def register() -> None:
    for kind in (ENGAGEMENTS, MILESTONES, DELIVERABLES, ASKS, BLOCKERS, RISKS, NOTES, UPDATES, *PARTS, *GATES, *REVIEWS, *PROOF):
        register_kind(kind)
    register_scopes(scopes_of)
    register_scopes(scopes_of_playbooks)
    register_beginnings(beginnings)
    register_command(Command(_("New note"), "note_capture", "plus", Permission.WRITE_RECORDS))
    register_command(Command(_("New engagement"), "engagement_new", "plus", Permission.CREATE_ENGAGEMENT))
    register_command(Command(_("Playbooks"), "playbooks", "rows", Permission.MANAGE_PLAYBOOKS))
    register_command(Command(_("New playbook"), "playbook_new", "plus", Permission.MANAGE_PLAYBOOKS))
    register_command(Command(pgettext_lazy("of a manager", "Review"), "review_queue", "eye", Permission.REVIEW_PORTFOLIO))
    register_command(Command(_("Notices"), "notices", "bell", Permission.VIEW_RECORDS))
    register_command(Command(_("Log"), "log", "flag", Permission.VIEW_RECORDS))
    register_command(Command(_("Audit trail"), "audit", "clock", Permission.READ_AUDIT))


def scopes_of(user: User) -> list[str]:
    ids = Engagement.objects.visible_to(user).order_by().values_list("pk", flat=True)
    return [f"engagement:{pk}" for pk in ids]


def of_engagement(record: Any) -> str:
    return f"engagement:{record.engagement_id}"


def of_note(note: StakeholderNote) -> str:
    return of_engagement(note) if note.engagement_id else f"customer:{note.customer_id}"


def place_of(record: Any) -> str:
    """The engagement and its customer, as a hit shows where it belongs."""
    return f"{record.engagement.name} · {record.engagement.customer.name}"


def week_of(update: WeeklyUpdate) -> str:
    return gettext("Week %(number)s, %(year)s") % {"number": update.iso_week, "year": update.iso_year}


def lines_of(update: WeeklyUpdate) -> list[str]:
    """All it says: both kinds of lines, and what it asks for unless that was put away."""
    lines = [line.text for lines in (update.shared_lines, update.internal_lines) for line in lines.all()]
    return lines + [ask.text for ask in update.asks.all() if not ask.is_archived]


ENGAGEMENTS = Kind(
    model=Engagement,
    label=_("Engagements"),
    icon="rows",
    title=lambda engagement: engagement.name,
    text=lambda engagement: (
        engagement.customer.name,
        engagement.problem,
        engagement.current_process,
        engagement.target_process,
        engagement.definition_of_done,
        engagement.out_of_scope,
        engagement.exit_plan,
    ),
    scope=lambda engagement: f"engagement:{engagement.pk}",
    url=lambda engagement: reverse("engagement", args=[engagement.slug]),
    detail=lambda engagement: engagement.customer.name,
    related=("customer",),
)

MILESTONES = Kind(
    model=Milestone,
    label=_("Milestones"),
    icon="flag",
    title=lambda milestone: milestone.title,
    text=lambda milestone: (milestone.summary, milestone.our_part, milestone.their_part),
    scope=of_engagement,
    url=lambda milestone: reverse("milestone_edit", args=[milestone.engagement.slug, milestone.pk]),
    detail=place_of,
    related=("engagement__customer",),
)

DELIVERABLES = Kind(
    model=Deliverable,
    label=_("Deliverables"),
    icon="plug",
    title=lambda deliverable: deliverable.name,
    text=lambda deliverable: (deliverable.acceptance_criteria,),
    scope=of_engagement,
    url=lambda deliverable: reverse("deliverable_edit", args=[deliverable.engagement.slug, deliverable.pk]),
    detail=place_of,
    related=("engagement__customer",),
)

ASKS = Kind(
    model=Ask,
    label=_("Asks"),
    icon="share",
    title=lambda ask: ask.text,
    text=lambda ask: (ask.consequence, ask.stakeholder.name if ask.stakeholder else ""),
    scope=of_engagement,
    url=lambda ask: ask.get_absolute_url(),
    detail=place_of,
    # What only a draft says is found as part of that draft.
    is_found=lambda ask: not ask.is_archived and not ask.is_drafted,
    related=("engagement__customer", "stakeholder", "raised_in"),
)

BLOCKERS = Kind(
    model=Blocker,
    label=_("Blockers"),
    icon="alert",
    title=lambda blocker: blocker.text,
    text=lambda blocker: (blocker.shared_wording,),
    scope=of_engagement,
    url=lambda blocker: reverse("blocker", args=[blocker.engagement.slug, blocker.pk]),
    detail=place_of,
    related=("engagement__customer",),
)

RISKS = Kind(
    model=Risk,
    label=_("Risks"),
    icon="alert",
    title=lambda risk: risk.text,
    text=lambda risk: (risk.mitigation,),
    scope=of_engagement,
    url=lambda risk: reverse("risk", args=[risk.engagement.slug, risk.pk]),
    detail=place_of,
    related=("engagement__customer",),
)

NOTES = Kind(
    model=StakeholderNote,
    label=_("Notes"),
    icon="lock",
    title=lambda note: str(note),
    text=lambda note: (note.text, *(person.name for person in note.stakeholders.all())),
    scope=of_note,
    url=lambda note: reverse("note", args=[note.pk]),
    detail=lambda note: note.engagement.name if note.engagement else note.customer.name,
    related=("customer", "engagement"),
    prefetch=("stakeholders",),
)

UPDATES = Kind(
    model=WeeklyUpdate,
    label=_("Weekly updates"),
    icon="pen",
    title=lambda update: update.headline or str(update),
    text=lines_of,
    scope=of_engagement,
    url=lambda update: reverse("engagement_update", args=[update.engagement.slug, update.pk]),
    detail=lambda update: f"{week_of(update)} · {place_of(update)}",
    # An earlier revision says again what the one that holds says.
    is_found=lambda update: not update.is_archived and update.state != WeeklyUpdate.State.CORRECTED,
    related=("engagement__customer",),
    prefetch=("shared_lines", "internal_lines", "asks"),
)
