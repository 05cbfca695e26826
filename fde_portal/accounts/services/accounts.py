"""Acts on accounts and the organization."""

from __future__ import annotations

import hashlib
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.forms import ModelForm

from fde_portal.accounts import audit
from fde_portal.accounts.models import ApiToken, Logo, OrganizationSettings, User
from fde_portal.accounts.permissions import Role
from fde_portal.accounts.services.second_step import renew_second_step, renew_second_step_of


@transaction.atomic
def create_api_token(
    *, name: str, by: User, expires_at: datetime | None = None, may_write: bool = False
) -> tuple[ApiToken, str]:
    """Make a token with which a program reads, or also writes, as `by`. The secret can be read only here."""
    token = ApiToken(name=name, user=by, expires_at=expires_at, may_write=may_write)
    secret = token.set_new_secret()
    token.save()
    audit.record("create", token, by=by)
    return token, secret


@transaction.atomic
def revoke_api_token(token: ApiToken, *, by: User, now: datetime) -> None:
    """End a token. Twice changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        audit.record("revoke", token, by=by)


@transaction.atomic
def save_organization(form: ModelForm, *, by: User) -> OrganizationSettings:
    """Save the organization's settings from a valid form."""
    organization = form.save(commit=False)
    if form.cleaned_data.get("no_logo"):
        organization.logo = None
    elif content := form.cleaned_data.get("new_logo"):
        organization.logo = keep_logo(content)
    organization.save()
    audit.record("edit", organization, by=by, fields=sorted(form.changed_data))
    if "second_step_for" in form.changed_data:
        renew_second_step(User.objects.all())
    return organization


def keep_logo(content: bytes) -> Logo:
    """The picture with these bytes, stored once."""
    fields = {"content": content, "kind": Logo.kind_of(content)}
    return Logo.objects.get_or_create(digest=hashlib.sha256(content).hexdigest(), defaults=fields)[0]


@transaction.atomic
def save_person(person: User, *, changed: list[str], by: User) -> User:
    """Save somebody an administrator made or edited; the trail says which role they have now.

    The addresses with which somebody signs in are allauth's own table: one that is no longer theirs
    must not open the door or receive a reset link.
    """
    is_new = person.pk is None
    person.save()
    EmailAddress.objects.filter(user=person).exclude(email__iexact=person.email).delete()
    fields = sorted(set(changed) - {"password"})
    audit.record(
        "create" if is_new else "edit",
        person,
        by=by,
        fields=fields,
        role=person.role,
        administrator=person.is_administrator,
        active=person.is_active,
    )
    renew_second_step_of(person)
    return person


@transaction.atomic
def create_first_administrator(*, email: str, name: str, password: str) -> User:
    """Make a manager who is also administrator, so that a new installation can be used at once."""
    person = User.objects.create_user(email, password, name=name, role=Role.MANAGER, is_administrator=True)
    audit.record("create", person, by=None, role=person.role, administrator=True)
    return person
