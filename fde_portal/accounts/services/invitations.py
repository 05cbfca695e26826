"""Inviting people by mail, and what an acceptance brings about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fde_portal.accounts import audit
from fde_portal.accounts.mails import send_text
from fde_portal.accounts.models import Invitation, OrganizationSettings, User
from fde_portal.accounts.services.second_step import renew_second_step_of
from fde_portal.accounts.services.undo import NotTakenBack
from fde_portal.accounts.tokens import digest_of
from fde_portal.core.messages import UNDO_FOR


class AlreadyKnown(Exception):
    """Somebody with this address has an account."""


class AlreadyInvited(Exception):
    """An invitation to this address waits; it can be sent again."""


class Gone(Exception):
    """The invitation was used, has expired, was revoked or never existed: which, is not said."""


# What an acceptance means elsewhere, such as membership of a customer, is known to apps that this
# one may not import. They register what to call, as they do for core's backlog.
AcceptanceListener = Callable[[Invitation, User], None]
_acceptance_listeners: list[AcceptanceListener] = []


def on_acceptance(listener: AcceptanceListener) -> None:
    """Have `listener(invitation, person)` called in the transaction of each acceptance."""
    if listener not in _acceptance_listeners:
        _acceptance_listeners.append(listener)


def invite(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Save an unsaved invitation and mail its link.

    Raises AlreadyKnown or AlreadyInvited and writes nothing. Raises MailRefused when the invitation is
    written but the mail did not go out: it can be sent again.
    """
    invitation.email = invitation.email.lower()
    try:
        secret = _write(invitation, by=by, now=now)
    except IntegrityError:
        raise AlreadyInvited from None
    _mail(invitation, secret)


@transaction.atomic
def _write(invitation: Invitation, *, by: User, now: datetime) -> str:
    _require_free_address(invitation)
    secret = invitation.set_new_secret(now=now)
    invitation.invited_by = by
    invitation.save()
    audit.record("invite", invitation, by=by, role=invitation.role)
    return secret


def _require_free_address(invitation: Invitation) -> None:
    """Raise AlreadyKnown or AlreadyInvited where the address cannot get this invitation."""
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise AlreadyKnown
    waiting = Invitation.objects.waiting().filter(email__iexact=invitation.email)
    # One person has one role: staff and contacts do not mix.
    if waiting.exclude(role=invitation.role, customer_id__isnull=False).exists():
        raise AlreadyInvited


def _mail(invitation: Invitation, secret: str) -> None:
    send_text(
        "invitation",
        to=invitation.email,
        language=invitation.language,
        invitation=invitation,
        secret=secret,
        vendor=OrganizationSettings.current().vendor_name,
    )


def resend_invitation(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Mail a new link with a new term; the old link is dead. Raises Gone when it no longer waits, MailRefused."""
    with transaction.atomic():
        secret = invitation.set_new_secret(now=now)
        fresh = {"digest": invitation.digest, "sent_at": invitation.sent_at, "expires_at": invitation.expires_at}
        if not Invitation.objects.waiting().filter(pk=invitation.pk).update(**fresh):
            raise Gone
        audit.record("resend", invitation, by=by)
    _mail(invitation, secret)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User, now: datetime) -> None:
    """End an invitation. One that no longer waits stays as it is."""
    if Invitation.objects.waiting().filter(pk=invitation.pk).update(revoked_at=now):
        audit.record("revoke", invitation, by=by)


def put_invitation_back(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Undo a revocation: the link that was mailed works again until it expires. Twice changes nothing.

    Raises NotTakenBack after ten minutes, once it was accepted, or when another one or an account has its address.
    """
    if invitation.accepted_at is None and invitation.revoked_at is None:
        return
    if invitation.revoked_at is None or now - invitation.revoked_at > UNDO_FOR:
        raise NotTakenBack(
            _("Nothing was taken back: it was accepted, or ten minutes are over. You can invite them again.")
        )
    try:
        _put_back(invitation, by=by)
    except (IntegrityError, AlreadyKnown, AlreadyInvited):
        raise NotTakenBack(
            _("Nothing was taken back: the address has another invitation or an account by now.")
        ) from None


@transaction.atomic
def _put_back(invitation: Invitation, *, by: User) -> None:
    _require_free_address(invitation)
    # The row is only taken from the state that was seen, so that two clicks leave one entry.
    if Invitation.objects.filter(pk=invitation.pk, revoked_at=invitation.revoked_at).update(revoked_at=None):
        audit.record("put_back_invitation", invitation, by=by)


def usable_invitation(secret: str, *, now: datetime) -> Invitation | None:
    """The invitation this secret opens, None when it opens none."""
    return Invitation.objects.usable(now).filter(digest=digest_of(secret)).first()


def accept_invitation(
    *, secret: str, name: str, language: str, time_zone: str, now: datetime, password: str | None = None
) -> User:
    """Make the account of whoever was invited. Of two at once, one wins. Raises Gone.

    Without a password the person signs in by mailed codes.
    """
    try:
        return _accept(secret, {"name": name, "language": language, "time_zone": time_zone}, password, now)
    except IntegrityError:
        # An administrator added the same person in between.
        raise Gone from None


@transaction.atomic
def _accept(secret: str, profile: dict[str, str], password: str | None, now: datetime) -> User:
    digest = digest_of(secret)
    if not Invitation.objects.usable(now).filter(digest=digest).update(accepted_at=now):
        raise Gone
    invitation = Invitation.objects.select_related("manager").get(digest=digest)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise Gone
    manager = invitation.manager if invitation.manager and invitation.manager.is_active else None
    person = User.objects.create_user(invitation.email, password, role=invitation.role, manager=manager, **profile)
    # The link came by mail, so the address is theirs.
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    renew_second_step_of(person)
    _close(invitation, person, now)
    return person


def _close(invitation: Invitation, person: User, now: datetime) -> None:
    """Note who came, also for what other customers sent to the same address."""
    others = Invitation.objects.usable(now).filter(email__iexact=person.email)
    for accepted in [invitation, *others]:
        Invitation.objects.filter(pk=accepted.pk).update(accepted_at=now, accepted_as=person)
        audit.record("accept", accepted, by=person, role=person.role)
        for listener in _acceptance_listeners:
            listener(accepted, person)
