"""Notices: which are owed and not written yet, and what a person's list shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from engagements.models import Notice
from engagements.selectors.notices.mutes import Muted, muted_by
from engagements.selectors.notices.shape import Happening
from engagements.selectors.notices.sources import happenings
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission, roles_with


def owed_notices(now: datetime) -> Iterator[Notice]:
    """Notices of the last days that nobody wrote yet, unsaved, the oldest first.

    What its person muted is read from the beginning: it stands in the list and is told nowhere else.
    """
    found = happenings(now)
    wanted = {(person, each.kind, each.key) for each in found for person, __ in each.told}
    rows = Notice.objects.filter(key__in={each.key for each in found}).values_list("person_id", "kind", "key")
    missing = wanted - set(rows)
    people = readers({person for person, __, __ in missing})
    muted = muted_by(people)
    for each in found:
        yield from _notices(each, missing, people, muted, now)


def _notices(
    happening: Happening, missing: set[tuple[int, str, str]], people: dict[int, User], muted: Muted, now: datetime
) -> Iterator[Notice]:
    """One for each person; whoever sits in two seats is told by the first."""
    told = dict(reversed(happening.told))
    for pk, because in told.items():
        person = people.get(pk)
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
