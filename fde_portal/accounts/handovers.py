"""What somebody answers for, and how it passes to others. Apps to the right register their share.

A person is switched off in one act (services/people.py), but what they own lives in apps that this
one may not import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Model

from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing a person answers for.

    `key` names it in forms ("lead:12"), `group` is the heading it stands under. `permission` is what a successor must hold. With `own_choice`
    it may go to somebody else than the rest.
    """

    key: str
    label: str
    group: str
    permission: Permission
    own_choice: bool = False


Holdings = Callable[[User], list[Holding]]
# Called in a transaction with the person, the successor of each key, and who does it.
HandOver = Callable[[User, Mapping[str, User], User], None]

_sources: list[tuple[Holdings, HandOver]] = []


def register_handover(holdings: Holdings, hand_over: HandOver) -> None:
    """Register what an app knows somebody to answer for, and how it passes on."""
    if (holdings, hand_over) not in _sources:
        _sources.append((holdings, hand_over))


def record_hand_over(subject: Model, *, role: str, old: User, new: User, by: User) -> None:
    """Note that something passed from one person to another, by their names of that moment; `role` says as what."""
    audit.record("hand_over", subject, by=by, role=role, old=old.pk, new=new.pk, names=[str(old), str(new)])


def holdings_of(person: User) -> list[Holding]:
    """All that `person` answers for, as the apps list it, from left to right."""
    return [holding for holdings, __ in _sources for holding in holdings(person)]


def hand_all_over(person: User, successors: Mapping[str, User], *, by: User) -> None:
    """Pass everything on. Call it in a transaction. Raises KeyError when something has no successor."""
    for holdings, hand_over in _sources:
        hand_over(person, {holding.key: successors[holding.key] for holding in holdings(person)}, by)
