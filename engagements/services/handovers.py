"""What somebody answers for in engagements, and how it passes to a successor.

Live or not, archived or not: what stays with somebody who left cannot be found or restored by the rest.
A new kind of record with somebody of ours who answers for it joins `OWNED`.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import (
    Blocker,
    Deliverable,
    Engagement,
    GateCondition,
    Help,
    OutcomeAgreement,
    Risk,
    TeamMember,
    WeekCover,
)
from engagements.services.helps import let_see
from engagements.services.recomputes import request_recompute
from fde_portal.accounts.handovers import Holding, record_hand_over
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission

# With the field that names who answers for it.
OWNED: dict[type[models.Model], str] = {
    Deliverable: "owner", Blocker: "owner", Risk: "owner", GateCondition: "owner", OutcomeAgreement: "our_person", Help: "person",
}  # fmt: skip

WRITE, REVIEW = Permission.WRITE_RECORDS, Permission.REVIEW_PORTFOLIO


def holdings_of(person: User) -> list[Holding]:
    """Engagements led, backed up and managed, seats on teams, records owned; in this order."""
    led = person.led_engagements.select_related("customer")
    return [
        *(
            Holding(f"lead:{row.pk}", f"{row.name} ({row.customer})", _("Engagements they lead"), WRITE, True)
            for row in led
        ),
        *(
            Holding(f"backup:{row.pk}", row.name, _("Engagements they back up"), WRITE)
            for row in person.backed_up_engagements.all()
        ),
        *(
            Holding(f"manager:{row.pk}", row.name, _("Engagements they manage"), REVIEW)
            for row in person.managed_engagements.all()
        ),
        *(
            Holding(f"seat:{seat.pk}", seat.engagement.name, _("Seats on teams"), WRITE)
            for seat in person.team_memberships.select_related("engagement")
        ),
        *(
            Holding(f"cover:{cover.pk}", cover.engagement.name, _("Weeks they write for others"), WRITE)
            for cover in person.covers.select_related("engagement")
        ),
        *_owned_by(person),
    ]


def _owned_by(person: User) -> list[Holding]:
    return [
        Holding(
            f"{model._meta.model_name}:{row.pk}", f"{row} ({row.engagement})", model._meta.verbose_name_plural, WRITE
        )
        for model, field in OWNED.items()
        for row in model.objects.filter(**{field: person}).select_related("engagement")
    ]


def hand_over(person: User, successors: Mapping[str, User], by: User) -> None:
    """Give each thing to its successor, in the order of `holdings_of`: leads first, because a lead takes no other seat."""
    acts = {
        "lead": _hand_over_lead,
        "backup": _hand_over_backup,
        "manager": _hand_over_manager,
        "seat": _hand_over_seat,
        "cover": _hand_over_cover,
    }
    owned = {model._meta.model_name: model for model in OWNED}
    for key, successor in successors.items():
        kind, __, pk = key.partition(":")
        if kind in owned:
            _hand_over_owned(owned[kind].objects.get(pk=pk), person, successor, by)
        else:
            acts[kind](int(pk), person, successor, by)


def _hand_over_lead(pk: int, person: User, successor: User, by: User) -> None:
    engagement = Engagement.objects.get(pk=pk)
    # Who takes the lead cannot back themselves up.
    backup = None if engagement.backup_id == successor.pk else engagement.backup_id
    _change(engagement, person, successor, by, role="lead", lead=successor.pk, backup=backup)


def _hand_over_backup(pk: int, person: User, successor: User, by: User) -> None:
    engagement = Engagement.objects.get(pk=pk)
    backup = None if engagement.lead_id == successor.pk else successor.pk
    _change(engagement, person, successor, by, role="backup", backup=backup)


def _hand_over_manager(pk: int, person: User, successor: User, by: User) -> None:
    _change(Engagement.objects.get(pk=pk), person, successor, by, role="manager", manager=successor.pk)


def _change(
    engagement: Engagement, person: User, successor: User, by: User, *, role: str, **people: int | None
) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(version=models.F("version") + 1, **people)
    if role != "manager":
        TeamMember.objects.filter(engagement=engagement, user=successor).delete()
    record_hand_over(engagement, role=role, old=person, new=successor, by=by)
    request_recompute(engagement.pk)


def _hand_over_seat(pk: int, person: User, successor: User, by: User) -> None:
    """The seat with its share; it goes when the successor is there already."""
    seat = TeamMember.objects.select_related("engagement").get(pk=pk)
    engagement = seat.engagement
    there = {engagement.lead_id, engagement.backup_id, *engagement.team_members.values_list("user", flat=True)}
    if successor.pk in there:
        seat.delete()
        # The successor's own seat came with no help.
        Help.objects.filter(engagement=engagement, person=person).update(gave_seat=False)
    else:
        TeamMember.objects.filter(pk=pk).update(user=successor)
    record_hand_over(engagement, role="seat", old=person, new=successor, by=by)


def _hand_over_cover(pk: int, person: User, successor: User, by: User) -> None:
    """The weeks somebody writes while another is away; nobody covers for themselves."""
    cover = WeekCover.objects.select_related("engagement").get(pk=pk)
    if cover.person_id == successor.pk:
        cover.delete()
    else:
        WeekCover.objects.filter(pk=pk).update(cover=successor)
    record_hand_over(cover.engagement, role="cover", old=person, new=successor, by=by)


def _hand_over_owned(record: models.Model, person: User, successor: User, by: User) -> None:
    field = OWNED[type(record)]
    type(record).objects.filter(pk=record.pk).update(**{field: successor}, version=models.F("version") + 1)
    record_hand_over(record, role="owner", old=person, new=successor, by=by)
    if isinstance(record, Help) and record.is_running:
        record.refresh_from_db()
        let_see(record, by=by)
