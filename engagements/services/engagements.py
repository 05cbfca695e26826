"""Acts on engagements: begin, edit, archive, staff. Phase and status change in `phases`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.forms import ModelForm

from customers.services import create_customer
from engagements.models import Engagement, Phase, PhaseChange, Playbook, PortfolioRow, TeamMember
from engagements.services.playbooks import begin_from
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import archive_record, restore_record, save_record
from fde_portal.core.slugs import free_slug


@transaction.atomic
def create_engagement(
    *, engagement: Engagement, by: User, new_customer: ModelForm | None = None, playbook: Playbook | None = None, today: date | None = None
) -> Engagement:
    """Save an unsaved engagement that has a name, a lead and a start, and record its first phase.

    Its customer is set already, or is created from the valid form `new_customer`. The short name for
    addresses is made here; time zone and currency are the customer's; the lead's manager looks after it.
    A `playbook` gives it a plan, made on the day `today`, else on the day of its start.

    Raises ValueError for one that would begin behind a gate: everything begins in discovery.
    """
    if engagement.phase != Phase.DISCOVERY:
        raise ValueError("an engagement begins in discovery")
    if new_customer is not None:
        engagement.customer = create_customer(new_customer, by=by)
    engagement.slug = free_slug(engagement.name, Engagement.objects.all(), fallback="engagement")
    engagement.time_zone, engagement.currency = engagement.customer.time_zone, engagement.customer.currency
    engagement.manager = engagement.manager or engagement.lead.manager
    engagement.save()
    PhaseChange.objects.create(engagement=engagement, phase=engagement.phase, entered_on=engagement.started_on)
    PortfolioRow.begin(engagement)
    audit.record("create", engagement, by=by)
    if playbook:
        begin_from(playbook, engagement=engagement, today=today or engagement.started_on, by=by)
    request_recompute(engagement.pk)
    return engagement


@transaction.atomic
def save_engagement(form: ModelForm, *, by: User) -> Engagement:
    """Save an engagement from a valid form. The first phase follows a start that was moved.

    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    engagement = save_record(form, by=by)
    if "started_on" in form.changed_data:
        old_start = form.initial["started_on"]
        engagement.phase_changes.filter(entered_on=old_start).update(entered_on=engagement.started_on)
    if {"started_on", "time_zone"} & set(form.changed_data):
        request_recompute(engagement.pk, since=engagement.started_on)
    return engagement


@transaction.atomic
def archive_engagement(engagement: Engagement, *, by: User, now: datetime) -> None:
    archive_record(engagement, by=by, now=now)
    request_recompute(engagement.pk)


@transaction.atomic
def restore_engagement(engagement: Engagement, *, by: User) -> None:
    restore_record(engagement, by=by)
    request_recompute(engagement.pk)


@transaction.atomic
def assign_roles(form: ModelForm, *, by: User, seats: Iterable[tuple[int, str]] = ()) -> Engagement:
    """Name lead, backup and manager from a valid form.

    Whoever becomes lead or backup leaves the seats beside them: nobody is counted twice. `seats` are those to
    give back, by user with the share of their week, when earlier names return; whoever can no longer sign in gets none.
    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    # Whose lead it was is asked for later: hours of before the hand-over are of no week to come.
    was = {"old_lead": form.initial["lead"]} if "lead" in form.changed_data else {}
    engagement = save_record(form, by=by, **was)
    named = [pk for pk in (engagement.lead_id, engagement.backup_id) if pk]
    engagement.team_members.filter(user__in=named).delete()
    shares = dict(seats)
    there = engagement.team_members.values("user")
    for user in User.objects.filter(pk__in=shares, is_active=True).exclude(pk__in=named).exclude(pk__in=there):
        assign_member(engagement=engagement, user=user, weekly_share=Decimal(shares[user.pk]), by=by)
    return engagement


@transaction.atomic
def assign_member(*, engagement: Engagement, user: User, weekly_share: Decimal, by: User) -> TeamMember:
    """Give somebody a seat with this share of their week (0 to 1), or change the share."""
    member, is_new = TeamMember.objects.update_or_create(
        engagement=engagement, user=user, defaults={"weekly_share": weekly_share}
    )
    verb = "add_member" if is_new else "change_share"
    audit.record(verb, engagement, by=by, person=user.pk, weekly_share=str(weekly_share))
    return member


@transaction.atomic
def remove_member(member: TeamMember, *, by: User) -> None:
    """Take somebody off the team; their access ends with the next request."""
    audit.record("remove_member", member.engagement, by=by, person=member.user_id)
    member.delete()
