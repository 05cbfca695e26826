"""What the pages about people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models

from fde_portal.accounts.devices import device_of
from fde_portal.accounts.models import Invitation, User
from fde_portal.accounts.permissions import Permission

# Recovery codes stand in for a second step; they are none.
STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of people."""

    pk: int
    name: str
    email: str
    role: str
    is_administrator: bool
    manager: str | None
    last_login: datetime | None
    has_second_step: bool

    @property
    def role_label(self) -> str:
        return User(role=self.role).get_role_display()


def person_rows(people: models.QuerySet) -> models.QuerySet:
    """One statement for a page of the list: slice it, then build rows with `PersonRow(*values)`."""
    columns = ("pk", "name", "email", "role", "is_administrator", "manager__name", "last_login", "second_step")
    return people.annotate(second_step=has_second_step()).values_list(*columns)


def people_matching(text: str, *, active: bool) -> models.QuerySet:
    people = User.objects.filter(is_active=active).order_by("name", "pk")
    return people.filter(_named(text)) if text else people


def invitations_matching(text: str) -> models.QuerySet:
    """Those that wait for an answer, also the expired: they can be sent again."""
    waiting = Invitation.objects.waiting().select_related("invited_by")
    return waiting.filter(_named(text)) if text else waiting


def _named(text: str) -> models.Q:
    return models.Q(name__icontains=text) | models.Q(email__icontains=text)


def may_change(person: User, *, by: User) -> bool:
    """Whether `by` may give `person` another role or switch them off.

    Nobody changes themselves, and only administrators touch administrators.
    """
    if person == by or not by.can(Permission.MANAGE_PEOPLE):
        return False
    return by.is_administrator or not person.is_administrator


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One browser somebody is signed in with."""

    pk: int
    device: str
    ip: str
    last_seen_at: datetime
    is_current: bool


def sessions_of(person: User, *, current: str) -> list[SessionRow]:
    """Where somebody is signed in, the session with the key `current` first, then the last used."""
    sessions = UserSession.objects.purge_and_list(person)
    rows = [
        SessionRow(
            session.pk, device_of(session.user_agent), session.ip, session.last_seen_at, session.session_key == current
        )
        for session in sessions
    ]
    return sorted(rows, key=lambda row: (row.is_current, row.last_seen_at), reverse=True)


def has_second_step() -> models.Exists:
    """For querysets of people: whether each has an authenticator app or a passkey."""
    return models.Exists(Authenticator.objects.filter(user=models.OuterRef("pk"), type__in=STEPS))
