"""The table of who may do what, written out: a change of roles must change this file too."""

import pytest

from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission, Role, roles_with

P = Permission
WORK = {
    P.USE_ACCOUNT,
    P.VIEW_RECORDS,
    P.WRITE_RECORDS,
    P.LOG_WEEK,
    P.SHARE,
    P.IMPORT_USAGE,
    P.CREATE_CUSTOMER,
    P.CREATE_ENGAGEMENT,
}
TABLE = {
    Role.FDE: WORK,
    Role.MANAGER: WORK
    | {P.REVIEW_PORTFOLIO, P.REVIEW_TEAM, P.READ_AUDIT, P.MANAGE_PLAYBOOKS, P.MANAGE_WORK_SOURCES, P.WAIVE_CRITERIA}
    | {P.EDIT_ORGANIZATION, P.MANAGE_PEOPLE, P.OPERATE},
    Role.CONTACT: {P.USE_ACCOUNT, P.VIEW_SHARED_PAGES},
    Role.NONE: {P.USE_ACCOUNT},
}


def allowed(**person):
    user = User(**person)
    return {permission for permission in Permission if user.can(permission)}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_the_table_says(role):
    assert allowed(role=role) == TABLE[role]


def test_administrators_add_people_and_settings_to_their_role():
    administration = {P.ADMINISTER, P.EDIT_ORGANIZATION, P.MANAGE_PEOPLE, P.OPERATE}
    assert allowed(role=Role.NONE, is_administrator=True) == {P.USE_ACCOUNT} | administration
    assert allowed(role=Role.FDE, is_administrator=True) == WORK | administration


@pytest.mark.parametrize("role", Role)
def test_somebody_switched_off_may_do_nothing(role):
    assert allowed(role=role, is_administrator=True, is_active=False) == set()


def test_roles_with_a_permission():
    assert set(roles_with(P.WRITE_RECORDS)) == {Role.FDE, Role.MANAGER}
