"""Who must set up a second step at sign-in before anything else."""

from __future__ import annotations

from django.db import models, transaction

from fde_portal.accounts import audit
from fde_portal.accounts.models import OrganizationSettings, User
from fde_portal.accounts.selectors import has_second_step


def renew_second_step(people: models.QuerySet) -> None:
    """Set `owes_second_step` anew for `people`, in one statement.

    Called by whatever changes its inputs: the organization's rule, a role, an authenticator.
    """
    required = OrganizationSettings.current().second_step_for
    bound = models.Q(role__in=required)
    if OrganizationSettings.ADMINISTRATORS in required:
        bound |= models.Q(is_administrator=True)
    owes = models.Case(models.When(bound & ~models.Q(has_second_step()), then=True), default=False)
    people.update(owes_second_step=owes)


def renew_second_step_of(person: User) -> None:
    renew_second_step(User.objects.filter(pk=person.pk))
    person.refresh_from_db(fields=["owes_second_step"])


@transaction.atomic
def note_change(person: User, *, kind: str, added: bool) -> None:
    """Write down that a second step came or went, and whether somebody owes one now."""
    audit.record("add_second_step" if added else "remove_second_step", person, by=person, kind=kind)
    renew_second_step_of(person)
