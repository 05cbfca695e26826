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


@transaction.atomic
def take_help_back(given: Help, *, by: User, now: datetime) -> None:
    """Archive the help with the seat it gave, unless other help needs that seat."""
    archive_record(given, by=by, now=now)
    needs_seat = Help.objects.running().filter(engagement=given.engagement_id, person=given.person_id)
    seat = TeamMember.objects.select_related("engagement").filter(engagement=given.engagement_id, user=given.person_id).first()
    if given.gave_seat and seat and not needs_seat.exists():
        remove_member(seat, by=by)


@transaction.atomic
def restore_help(given: Help, *, by: User) -> None:
    restore_record(given, by=by)
    if given.gave_seat:
        _seat(given.engagement, given.person, by)


@transaction.atomic
def finish_help(given: Help, *, by: User, now: datetime) -> None:
    """Say that the help is done. Twice changes nothing; the seat stays until somebody takes it."""
    if Help.objects.running().filter(pk=given.pk).update(done_at=now, done_by=by):
        audit.record("finish_help", given, by=by)


@transaction.atomic
def reopen_help(given: Help, *, by: User) -> None:
    """Take back that the help is done. Twice changes nothing."""
    if Help.objects.filter(pk=given.pk, done_at__isnull=False).update(done_at=None, done_by=None):
        audit.record("reopen", given, by=by)
