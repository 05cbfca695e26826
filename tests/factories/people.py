"""People who sign in. The password of every factory user is PASSWORD."""

import factory
from django.contrib.auth.hashers import make_password

from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Role

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
