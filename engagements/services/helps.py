"""Sending somebody to help with an engagement."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from engagements.models import Engagement, Help, TeamMember
from engagements.services.engagements import assign_member, remove_member
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import archive_record, restore_record


@transaction.atomic
def assign_help(engagement: Engagement, *, person: User, text: str, until: date, by: User) -> Help:
    """Send `person` to help with `text` until a local day. Whoever is not there yet gets a seat: help must see the work."""
    given = Help.objects.create(
        engagement=engagement, person=person, text=text, until=until, made_by=by, gave_seat=_seat(engagement, person, by)
    )
    audit.record("assign_help", given, by=by, person=person.pk)
    return given


def _seat(engagement: Engagement, person: User, by: User) -> bool:
    """Give a seat to somebody who has no place in the engagement; whether one was needed."""
    there = {engagement.lead_id, engagement.backup_id, *engagement.team_members.values_list("user", flat=True)}
    if person.pk in there:
        return False
    assign_member(engagement=engagement, user=person, weekly_share=Decimal(0), by=by)
    return True


def let_see(given: Help, *, by: User) -> None:
    """Give whoever helps a seat unless they have a place, and remember that it came with the help."""
    if _seat(given.engagement, given.person, by):
        Help.objects.filter(pk=given.pk).update(gave_seat=True)


@transaction.atomic
def take_help_back(given: Help, *, by: User, now: datetime) -> None:
    """Archive the help with the seat it gave. Twice changes nothing.

    A seat that other help needs goes with the last of it; one that got a share of the week since stays.
    """
    if not archive_record(given, by=by, now=now) or not given.gave_seat:
        return
    if Help.objects.running().filter(engagement=given.engagement_id, person=given.person_id).update(gave_seat=True):
        return
    seats = TeamMember.objects.select_related("engagement").filter(engagement=given.engagement_id, user=given.person_id)
    if seat := seats.filter(weekly_share=0).first():
        remove_member(seat, by=by)


@transaction.atomic
def restore_help(given: Help, *, by: User) -> None:
    """Bring the help back, with a seat where one is needed. Twice changes nothing."""
    if restore_record(given, by=by):
        Help.objects.filter(pk=given.pk).update(gave_seat=_seat(given.engagement, given.person, by))


@transaction.atomic
def finish_help(given: Help, *, by: User, now: datetime) -> None:
    """Say that the help is done. Twice changes nothing; the seat stays until somebody takes it."""
    if Help.objects.running().filter(pk=given.pk).update(done_at=now, done_by=by):
        audit.record("finish_help", given, by=by)


@transaction.atomic
def reopen_help(given: Help, *, by: User) -> None:
    """Take back that the help is done, with a seat where the one it had is gone. Twice changes nothing."""
    if Help.objects.filter(pk=given.pk, done_at__isnull=False).update(done_at=None, done_by=None):
        audit.record("reopen", given, by=by)
        let_see(given, by=by)
