"""People who sign in. The password of every factory user is PASSWORD."""

from datetime import timedelta

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from fde_portal.accounts.models import Invitation, User
from fde_portal.accounts.permissions import Role
from fde_portal.accounts.tokens import digest_of

PASSWORD = "correct horse battery"
_HASHED = make_password(PASSWORD)


class UserFactory(factory.django.DjangoModelFactory):
    """An FDE, unless told otherwise."""

    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    role = Role.FDE
    password = _HASHED


class ManagerFactory(UserFactory):
    role = Role.MANAGER


class ContactFactory(UserFactory):
    role = Role.CONTACT


class AdministratorFactory(UserFactory):
    role = Role.MANAGER
    is_administrator = True


class InvitationFactory(factory.django.DjangoModelFactory):
    """An open invitation of an FDE, a moment old. Its link holds `secret`, "fdei_0" and so on."""

    class Meta:
        model = Invitation

    class Params:
        secret = factory.Sequence(lambda n: f"fdei_{n}")

    name = factory.Sequence(lambda n: f"Invited {n}")
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    invited_by = factory.SubFactory(ManagerFactory)
    digest = factory.LazyAttribute(lambda row: digest_of(row.secret))
    sent_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda row: row.sent_at + timedelta(days=7))
