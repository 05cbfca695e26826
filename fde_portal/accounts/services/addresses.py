"""Changing the address somebody signs in with: the new one proves itself first."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, transaction

from fde_portal.accounts import audit
from fde_portal.accounts.mails import MailRefused, send_text
from fde_portal.accounts.models import User

LIFETIME = timedelta(hours=24)
SALT = "fde_portal.accounts.address"


class LinkEnded(Exception):
    """The link is too old, was used, belongs to somebody else, or its address was taken meanwhile."""


def request_address_change(person: User, *, email: str) -> None:
    """Mail a link to the new address; nothing changes before it is opened. Raises MailRefused.

    An address that somebody uses gets no mail, and the answer is the same: it must not tell who is here.
    """
    audit.record("request_address", person, by=person, new=email)
    if User.objects.filter(email__iexact=email).exists():
        return
    token = signing.dumps({"person": person.pk, "old": person.email, "new": email.lower()}, salt=SALT)
    send_text("address_change", to=email, language=person.language, person=person, token=token)


def new_address(token: str, *, person: User) -> str:
    """The address a link proves. Raises LinkEnded.

    A link holds the address it replaces, so that it works once: afterwards that is no longer theirs.
    """
    try:
        claim = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        raise LinkEnded from None
    if (claim["person"], claim["old"]) != (person.pk, person.email):
        raise LinkEnded
    return claim["new"]


def confirm_address_change(person: User, *, token: str) -> None:
    """Take over the new address and tell the old one. Raises LinkEnded and changes nothing."""
    old, new = person.email, new_address(token, person=person)
    try:
        _change(person, old, new)
    except IntegrityError:
        raise LinkEnded from None
    try:
        send_text("address_changed", to=old, language=person.language, person=person, address=new)
    except MailRefused:
        # The old address may be the reason for the change: it need not work any more.
        return


@transaction.atomic
def _change(person: User, old: str, new: str) -> None:
    if not User.objects.filter(pk=person.pk, email=old).update(email=new):
        raise LinkEnded
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=new, verified=True, primary=True)
    audit.record("change_address", person, by=person, old=old, new=new)
