"""Acts on target users: who is meant to use a deliverable, and from when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.forms import ModelForm

from engagements.intake.target_files import TargetLine
from engagements.models import Deliverable, TargetPopulation, UsageSource
from engagements.services.actors import hashes_of, number_actors
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import archive_record, restore_record, save_record


@transaction.atomic
def save_target(form: ModelForm, *, by: User) -> TargetPopulation:
    """Save target users from a valid form. Raises Conflict (accounts.records)."""
    before = form.initial.get("starts_on") if form.instance.pk else None
    target = save_record(form, by=by)
    _recount(target, since=min(filter(None, [before, target.starts_on])))
    return target


@transaction.atomic
def archive_target(target: TargetPopulation, *, by: User, now: datetime) -> None:
    """Take target users out of every denominator, also of past days: for people who left, set the last day instead."""
    archive_record(target, by=by, now=now)
    _recount(target, since=target.starts_on)


@transaction.atomic
def restore_target(target: TargetPopulation, *, by: User) -> None:
    restore_record(target, by=by)
    _recount(target, since=target.starts_on)


def _recount(target: TargetPopulation, since: date) -> None:
    request_recompute(target.deliverable.engagement_id, since=since)


@transaction.atomic
def take_targets(*, deliverable: Deliverable, lines: Sequence[TargetLine], by: User, now: datetime) -> int:
    """Put the target users of a file in the place of those of the deliverable; return how many there are now.

    A row that stood before with the same dates stays as it is; one that the file no longer has is archived.
    """
    customer_id = deliverable.engagement.customer_id
    keep_names = UsageSource.objects.current().filter(deliverable=deliverable, keeps_names=True).exists()
    names = [line.actor for line in lines if line.actor]
    actors = number_actors(customer_id, hashes_of(customer_id, names), keep_names=keep_names)
    wanted = [(actors.get(line.actor), *line[1:]) for line in lines]
    current = TargetPopulation.objects.current().filter(deliverable=deliverable)
    known = {(row.actor_id, row.licences, row.starts_on, row.ends_on, row.full_adoption_on): row for row in current}
    gone = [row for key, row in known.items() if key not in set(wanted)]
    for row in gone:
        archive_record(row, by=by, now=now)
    TargetPopulation.objects.bulk_create(
        TargetPopulation(deliverable=deliverable, **dict(zip(_COLUMNS, key, strict=True))) for key in wanted if key not in known
    )
    changed = [key[2] for key in wanted if key not in known] + [row.starts_on for row in gone]
    request_recompute(deliverable.engagement_id, since=min(changed, default=None))
    audit.record("name_targets", deliverable, by=by, added=len(wanted) - len(known.keys() & set(wanted)), archived=len(gone))
    return len(wanted)


_COLUMNS = ("actor_id", "licences", "starts_on", "ends_on", "full_adoption_on")


@transaction.atomic
def name_targets(
    *, deliverable: Deliverable, names: Sequence[str], by: User, starts_on: date, **dates: date | None
) -> int:
    """Add one target per named actor, as the usage data names them; return how many were added.

    Actors that are targets already, without a last day, are left as they are. Names are kept only if a
    source of the deliverable keeps them, else keyed hashes as for usage. `dates`: ends_on, full_adoption_on.
    """
    customer_id = deliverable.engagement.customer_id
    keep_names = UsageSource.objects.current().filter(deliverable=deliverable, keeps_names=True).exists()
    actors = number_actors(customer_id, hashes_of(customer_id, names), keep_names=keep_names)
    current = TargetPopulation.objects.current().filter(deliverable=deliverable, actor__isnull=False, ends_on=None)
    known = set(current.values_list("actor_id", flat=True))
    added = [
        TargetPopulation(deliverable=deliverable, actor_id=actor_id, starts_on=starts_on, **dates)
        for actor_id in actors.values()
        if actor_id not in known
    ]
    TargetPopulation.objects.bulk_create(added)
    request_recompute(deliverable.engagement_id, since=starts_on)
    audit.record("name_targets", deliverable, by=by, added=len(added), starts_on=starts_on.isoformat())
    return len(added)
