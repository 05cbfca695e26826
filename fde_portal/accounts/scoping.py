"""Where everything begins: `Model.objects.visible_to(user)`.

Each model of customers and engagements names the relation that leads to the people who
may see it (`seen_through`). Managers see all rows, everyone else the rows whose path
reaches them. Invisible and absent are the same thing: an empty queryset, a 404.

Statements that are built once for all people (`core/prepared.py`) take the viewer and their `Scope` apart.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from fde_portal.accounts.permissions import ROLES_SEEING_EVERYTHING, Permission

if TYPE_CHECKING:
    from fde_portal.accounts.models import User
    from fde_portal.core.prepared import Param


class Scope(Enum):
    """How much somebody sees."""

    NOTHING = "nothing"
    OWN = "own"  # where a row's path reaches them
    EVERYTHING = "everything"


def scope_of(user: User) -> Scope:
    if not user.is_authenticated or not user.can(Permission.VIEW_RECORDS):
        return Scope.NOTHING
    return Scope.EVERYTHING if user.role in ROLES_SEEING_EVERYTHING else Scope.OWN


class ScopedQuerySet(models.QuerySet):
    """A queryset that can be cut down to what one person may see."""

    def visible_to(self, user: User) -> ScopedQuerySet:
        return self.within(scope_of(user), user)

    def within(self, scope: Scope, viewer: User | Param) -> ScopedQuerySet:
        """What `viewer`, whose scope must be `scope`, may see."""
        if scope is Scope.NOTHING:
            return self.none()
        return self.all() if scope is Scope.EVERYTHING else self.filter(self.model.seen_by(viewer))


class ScopedModel(models.Model):
    """Base of every model that belongs to a customer.

    `seen_through` names a foreign key to another scoped model whose viewers also see this
    row. Roots (Customer, Engagement) override `seen_by` instead.
    """

    seen_through: ClassVar[str | None] = None

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, user: User) -> models.Q:
        """The condition under which somebody who does not see everything sees a row."""
        target = cls._meta.get_field(cls.seen_through).related_model
        return models.Q(**{f"{cls.seen_through}__in": target.objects.filter(target.seen_by(user))})
