"""What people may do: permissions are names, roles are lists of names.

A view states one `Permission`. Which rows it reaches is decided by `visible_to`
(see scoping.py): a permission says *what*, the scope says *where*.
"""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The work a person does here. Administration is a flag beside it (`User.is_administrator`)."""

    FDE = "fde", _("FDE")
    MANAGER = "manager", _("Manager")
    CONTACT = "contact", _("Contact")
    NONE = "none", _("No records")


class Permission(StrEnum):
    USE_ACCOUNT = "account.use"
    VIEW_RECORDS = "records.view"
    WRITE_RECORDS = "records.write"
    LOG_WEEK = "week.log"
    REVIEW_PORTFOLIO = "portfolio.review"
    REVIEW_TEAM = "team.review"
    SHARE = "share.manage"
    IMPORT_USAGE = "usage.import"
    CREATE_CUSTOMER = "customer.create"
    CREATE_ENGAGEMENT = "engagement.create"
    VIEW_SHARED_PAGES = "shared_page.view"
    MANAGE_PEOPLE = "people.manage"
    READ_AUDIT = "audit.read"
    MANAGE_PLAYBOOKS = "playbook.manage"
    WAIVE_CRITERIA = "gate.waive"
    MANAGE_WORK_SOURCES = "work_source.manage"
    EDIT_ORGANIZATION = "organization.edit"
    OPERATE = "background_work.operate"
    ADMINISTER = "administer"


EVERYONE = frozenset({Permission.USE_ACCOUNT})
STAFF = EVERYONE | {
    Permission.VIEW_RECORDS,
    Permission.WRITE_RECORDS,
    Permission.LOG_WEEK,
    Permission.SHARE,
    Permission.IMPORT_USAGE,
    Permission.CREATE_CUSTOMER,
    Permission.CREATE_ENGAGEMENT,
}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.FDE: STAFF,
    Role.MANAGER: STAFF
    | {
        Permission.REVIEW_PORTFOLIO,
        Permission.REVIEW_TEAM,
        Permission.READ_AUDIT,
        Permission.MANAGE_PLAYBOOKS,
        Permission.WAIVE_CRITERIA,
        Permission.MANAGE_WORK_SOURCES,
        Permission.EDIT_ORGANIZATION,
        Permission.MANAGE_PEOPLE,
        Permission.OPERATE,
    },
    Role.CONTACT: EVERYONE | {Permission.VIEW_SHARED_PAGES},
    Role.NONE: EVERYONE,
}
ADMINISTRATOR_PERMISSIONS = frozenset({Permission.ADMINISTER, Permission.EDIT_ORGANIZATION, Permission.MANAGE_PEOPLE, Permission.OPERATE})

# Roles one can be invited to. Administration is given in Django's admin, by an administrator.
INVITED_ROLES = (Role.FDE, Role.MANAGER, Role.CONTACT)
STAFF_ROLES = (Role.FDE, Role.MANAGER)

# Roles that see every record instead of those they are named on.
ROLES_SEEING_EVERYTHING = frozenset({Role.MANAGER})


def roles_with(permission: Permission) -> list[str]:
    """The roles that include `permission`, for example to offer only people who may do the work."""
    return [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
