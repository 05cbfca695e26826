"""Acts on people: another role, switching somebody off with a hand-over, switching them on again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts import audit
from fde_portal.accounts.handovers import Holding, hand_all_over, record_hand_over
from fde_portal.accounts.models import ApiToken, EarlierValues, User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict
from fde_portal.accounts.services.accounts import revoke_api_token
from fde_portal.accounts.services.second_step import renew_second_step_of
from fde_portal.accounts.services.undo import forget_earlier


class Incomplete(Exception):
    """Something they answer for has no successor: it became theirs after the form was opened."""


@transaction.atomic
def assign_role(form: ModelForm, *, by: User) -> User:
    """Give somebody another role or manager from a valid form."""
    person = form.save()
    audit.record("assign_role", person, by=by, fields=sorted(form.changed_data), role=person.role)
    renew_second_step_of(person)
    return person


@transaction.atomic
def keep_role(person: User, *, was: User, path: str, by: User, now: datetime) -> EarlierValues:
    """Keep which role and manager somebody had before `by` saved others on the page at `path`."""
    forget_earlier(now=now)
    fields = {"role": [was.role], "manager": [str(was.manager_id or "")]}
    left = {"role": person.role, "manager": person.manager_id}
    return EarlierValues.objects.create(person=by, path=path, version=0, held={"fields": fields, "left": left}, at=now)


def give_role_back(form: ModelForm, *, left: Mapping[str, object], by: User) -> User:
    """Give somebody the role and manager from before. Raises Conflict when they no longer are as that save `left` them."""
    if {"role": form.was.role, "manager": form.was.manager_id} != dict(left):
        raise Conflict
    return assign_role(form, by=by)


@transaction.atomic
def switch_off(person: User, *, successors: Mapping[str, User], by: User, now: datetime) -> None:
    """Close somebody's account and pass on all they answer for, by `Holding.key`, in one transaction.

    Their tokens and sessions end. Twice changes nothing. Raises Incomplete and changes nothing.
    """
    if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        return
    try:
        hand_all_over(person, successors, by=by)
    except KeyError:
        raise Incomplete from None
    for token in ApiToken.objects.filter(user=person, revoked_at=None):
        revoke_api_token(token, by=by, now=now)
    end_sessions(person)
    audit.record("switch_off", person, by=by, handed_over=len(successors))


@transaction.atomic
def switch_on(person: User, *, by: User) -> None:
    """Let somebody sign in again. What was handed over stays where it is. Twice changes nothing."""
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        audit.record("switch_on", person, by=by)


def end_sessions(person: User, *, but: str = "") -> int:
    """Sign somebody out everywhere, except from the session with the key `but`; returns from how many."""
    sessions = UserSession.objects.filter(user=person).exclude(session_key=but)
    for session in sessions:
        session.end()
    return len(sessions)


def reports_of(person: User) -> list[Holding]:
    """Those whose manager they are."""
    return [
        Holding(f"report:{report.pk}", report.name, _("People they manage"), Permission.REVIEW_PORTFOLIO)
        for report in person.reports.all()
    ]


def hand_over_reports(person: User, successors: Mapping[str, User], by: User) -> None:
    """Give each report another manager; whoever would manage themselves is left without one."""
    for key, successor in successors.items():
        report = User.objects.get(pk=key.partition(":")[2])
        report.manager = successor if successor != report else None
        report.save(update_fields=["manager", "updated_at"])
        record_hand_over(report, role="manager", old=person, new=successor, by=by)
