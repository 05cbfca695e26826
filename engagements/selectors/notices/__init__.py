"""Notices: which are owed and not written yet, and what a person's list shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from engagements.models import Engagement, Notice
from engagements.selectors.notices.mutes import Muted, muted_by
from engagements.selectors.notices.shape import Happening
from engagements.selectors.notices.sources import OnFault, happenings
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission, roles_with

Wanted = set[tuple[int, str, str]]


def owed_notices(now: datetime, on_fault: OnFault) -> Iterator[Notice]:
    """Notices of the last days that nobody wrote yet, unsaved, the oldest first, about engagements that their person sees.
    What cannot be found is told to `on_fault`.

    What its person muted is read from the beginning: it stands in the list and is told nowhere else.
    """
    found = happenings(now, on_fault)
    missing = _missing(found)
    people = readers({person for person, __, __ in missing})
    seen = _seen(found, missing, people)
    muted = muted_by(people)
    for each in found:
        yield from _notices(each, missing, seen, muted, now)


def _missing(found: Iterable[Happening]) -> Wanted:
    """Person, kind and key of what nobody was told yet."""
    wanted = {(person, each.kind, each.key) for each in found for person, __ in each.told}
    people, keys = ({each[part] for each in wanted} for part in (0, 2))
    return wanted - set(Notice.objects.filter(person__in=people, key__in=keys).values_list("person_id", "kind", "key"))


def _seen(found: Iterable[Happening], missing: Wanted, people: dict[int, User]) -> dict[tuple[int, int], User]:
    """The people, by themselves and each engagement that they are to be told of and see. One statement for each of them."""
    about: dict[int, set[int]] = {pk: set() for pk in people}
    for each in found:
        for pk, __ in each.told:
            if pk in about and (pk, each.kind, each.key) in missing:
                about[pk].add(each.engagement.pk)
    visible = {pk: Engagement.objects.visible_to(people[pk]).filter(pk__in=ids).values_list("pk", flat=True) for pk, ids in about.items()}
    return {(pk, engagement): people[pk] for pk, engagements in visible.items() for engagement in engagements}


def _notices(
    happening: Happening, missing: Wanted, seen: dict[tuple[int, int], User], muted: Muted, now: datetime
) -> Iterator[Notice]:
    """One for each person; whoever sits in two seats is told by the first."""
    told = dict(reversed(happening.told))
    for pk, because in told.items():
        person = seen.get((pk, happening.engagement.pk))
        if person is None or pk == happening.by or (pk, happening.kind, happening.key) not in missing:
            continue
        is_muted = muted.hides(pk, happening.kind, happening.engagement.pk)
        yield Notice(
            person=person, engagement=happening.engagement, kind=happening.kind, key=happening.key, because=because,
            facts=happening.facts, happened_at=happening.at, written_at=now, read_at=now if is_muted else None,
        )  # fmt: skip


def readers(ids: Iterable[int]) -> dict[int, User]:
    """Those of the people who can sign in and see records, by id."""
    return User.objects.filter(is_active=True, role__in=roles_with(Permission.VIEW_RECORDS)).in_bulk(list(ids))


def notices_of(user: User) -> QuerySet[Notice]:
    """The person's own, newest first."""
    return Notice.objects.visible_to(user).filter(engagement__archived_at=None).select_related("engagement__customer")
