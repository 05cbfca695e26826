"""Acts on customers, the people there, and their contacts who sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from django.db import models, transaction
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, CustomerMembership, Stakeholder, StanceRecord
from fde_portal.accounts import audit
from fde_portal.accounts.handovers import Holding, record_hand_over
from fde_portal.accounts.models import AuditEvent, Invitation, OrganizationSettings, User
from fde_portal.accounts.permissions import Permission, Role
from fde_portal.accounts.records import archive_record, restore_record, save_record
from fde_portal.accounts.services.invitations import invite
from fde_portal.accounts.services.undo import NotTakenBack
from fde_portal.core.messages import UNDO_FOR
from fde_portal.core.slugs import free_slug


class LiveEngagements(Exception):
    """A customer with live engagements cannot be archived."""


class NotAContact(Exception):
    """The address belongs to somebody who cannot be a contact: one of us, or a person switched off."""


# Health follows stances, influence and coverage, but it is computed in engagements, which this app
# may not import. So engagements registers what to call, as it does for core's queues. The other
# way, services in engagements that wrap these, is one a caller could forget to take.
RelationshipListener = Callable[[int, date | None], None]
_relationship_listeners: list[RelationshipListener] = []


def on_relationship_change(listener: RelationshipListener) -> None:
    """Have `listener(customer_id, since)` called in the transaction of each change of people or stances.

    `since` is the first day the change is about, None when it is about now.
    """
    if listener not in _relationship_listeners:
        _relationship_listeners.append(listener)


def _relationship_changed(customer_id: int, *, since: date | None = None) -> None:
    for listener in _relationship_listeners:
        listener(customer_id, since)


@transaction.atomic
def create_customer(form: ModelForm, *, by: User) -> Customer:
    """Save a new customer from a valid form, with a short name for its addresses.

    Without an account owner it belongs to `by`, so that whoever made it sees it.
    """
    customer = form.instance
    customer.slug = free_slug(customer.name, Customer.objects.all(), fallback="customer")
    customer.account_owner = customer.account_owner or by
    return save_record(form, by=by)


def default_customer(*, by: User) -> Customer:
    """An unsaved customer with what is likely to hold: our currency, and the zone, language and care of `by`."""
    return Customer(
        currency=OrganizationSettings.current().currency, time_zone=by.time_zone, language=by.language, account_owner=by
    )


@transaction.atomic
def archive_customer(customer: Customer, *, by: User, now: datetime) -> None:
    """Take a customer out of the lists. Raises LiveEngagements while work goes on, also work `by` does not see."""
    if customer.engagements.live().exists():
        raise LiveEngagements
    archive_record(customer, by=by, now=now)


@transaction.atomic
def save_stakeholder(form: ModelForm, *, stance: str, on: date, by: User) -> Stakeholder:
    """Save a stakeholder from a valid form; a `stance` that is new counts from the day `on`.

    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    stakeholder = save_record(form, by=by)
    if stance:
        record_stance(stakeholder=stakeholder, stance=stance, on=on, by=by)
    _relationship_changed(stakeholder.customer_id, since=_first_day_without(form))
    return stakeholder


def _first_day_without(form: ModelForm) -> date | None:
    """From which day it is news that somebody left, or did not; None when that did not change."""
    if "left_on" not in form.changed_data:
        return None
    return min(filter(None, [form.initial.get("left_on"), form.cleaned_data["left_on"]]), default=None)


@transaction.atomic
def archive_stakeholder(stakeholder: Stakeholder, *, by: User, now: datetime) -> None:
    archive_record(stakeholder, by=by, now=now)
    _relationship_changed(stakeholder.customer_id)


@transaction.atomic
def restore_stakeholder(stakeholder: Stakeholder, *, by: User) -> None:
    restore_record(stakeholder, by=by)
    _relationship_changed(stakeholder.customer_id)


@transaction.atomic
def record_stance(*, stakeholder: Stakeholder, stance: str, on: date, by: User | None) -> StanceRecord | None:
    """Note what somebody thinks of the work from the day `on`. The stance held that day already writes nothing."""
    last = stakeholder.stances.filter(recorded_on__lte=on).order_by("recorded_on", "id").last()
    if last and last.stance == stance:
        return None
    record = StanceRecord.objects.create(stakeholder=stakeholder, stance=stance, recorded_on=on, recorded_by=by)
    audit.record("record_stance", stakeholder, by=by, on=on.isoformat())
    _relationship_changed(stakeholder.customer_id, since=on)
    return record


@transaction.atomic
def withdraw_first_stance(stakeholder: Stakeholder, *, until: datetime, by: User) -> None:
    """Nobody knows what they think, as before: take the one stance on record away, if `by` recorded it up to `until`.

    One that was followed by another, or came from elsewhere since, stays.
    """
    recorded = AuditEvent.objects.filter(verb="record_stance", subject_type="stakeholder", subject_id=stakeholder.pk)
    stances = list(stakeholder.stances.all())
    if len(stances) != 1 or not recorded.filter(actor=by, at__lte=until).exists() or recorded.filter(at__gt=until).exists():
        return
    stances[0].delete()
    audit.record("withdraw_stance", stakeholder, by=by)
    _relationship_changed(stakeholder.customer_id, since=stances[0].recorded_on)


def note_contact(stakeholders: Iterable[Stakeholder], *, on: date) -> None:
    """Move the day of last contact forward to `on`; an older day changes nothing."""
    earlier = models.Q(last_contact_on=None) | models.Q(last_contact_on__lt=on)
    ids = [stakeholder.pk for stakeholder in stakeholders]
    Stakeholder.objects.filter(earlier, pk__in=ids).update(last_contact_on=on)


def invite_contact(*, customer: Customer, email: str, name: str, by: User, now: datetime) -> CustomerMembership | Invitation:
    """Let the person with this address read the customer's shared pages.

    Somebody who signs in already may do so at once, and their membership is returned. Somebody new gets
    an invitation by mail, which is returned then, and becomes a contact by accepting it.
    Raises NotAContact when the address belongs to one of us or to a person switched off; AlreadyInvited
    and MailRefused as `accounts.services.invitations.invite`.
    """
    person = User.objects.filter(email__iexact=email).first()
    if person is not None:
        return _add_contact(customer, person, by=by)
    invitation = Invitation(
        email=email,
        name=name,
        role=Role.CONTACT,
        customer_id=customer.pk,
        language=customer.language,
        time_zone=customer.time_zone,
    )
    invite(invitation, by=by, now=now)
    return invitation


@transaction.atomic
def _add_contact(customer: Customer, person: User | None, *, by: User) -> CustomerMembership:
    """Twice changes nothing."""
    if person is None or person.role != Role.CONTACT or not person.is_active:
        raise NotAContact
    membership, is_new = CustomerMembership.objects.get_or_create(customer=customer, user=person)
    if is_new:
        audit.record("add_contact", membership, by=by)
    return membership


def link_contact(invitation: Invitation, person: User) -> None:
    """What an accepted invitation of a contact means: membership of the customer it named."""
    if invitation.customer_id is not None:
        _add_contact(Customer.objects.get(pk=invitation.customer_id), person, by=person)


@transaction.atomic
def remove_contact(membership: CustomerMembership, *, by: User) -> None:
    """Close the customer's shared pages to this person. The user stays: other customers may link it."""
    audit.record("remove_contact", membership, by=by, person=membership.user_id)
    membership.delete()


def removal_of(pk: int, *, customer: Customer, by: User) -> AuditEvent | None:
    """The act with which `by` removed the contact whose membership had this id, None for anybody else's."""
    events = AuditEvent.objects.filter(verb="remove_contact", subject_type="customermembership", subject_id=pk)
    return events.filter(customer_id=customer.pk, actor=by).first()


def put_contact_back(removal: AuditEvent, *, customer: Customer, by: User, now: datetime) -> CustomerMembership:
    """Open the customer's shared pages again to whom `removal` shut out. Twice changes nothing.

    Raises NotTakenBack after ten minutes, or when the person can no longer be a contact.
    """
    if now - removal.at > UNDO_FOR:
        raise NotTakenBack(_("Nothing was taken back: ten minutes are over. You can let them in again."))
    person = User.objects.filter(pk=removal.details["person"]).first()
    try:
        return _add_contact(customer, person, by=by)
    except NotAContact:
        raise NotTakenBack(
            _("Nothing was taken back: this account is switched off, or belongs to one of us by now.")
        ) from None


def customers_owned_by(person: User) -> list[Holding]:
    """Whose account owner somebody is; archived customers too, for they can be restored."""
    return [
        Holding(f"customer:{customer.pk}", customer.name, _("Customers they own"), Permission.WRITE_RECORDS)
        for customer in person.owned_customers.all()
    ]


def hand_over_customers(person: User, successors: Mapping[str, User], by: User) -> None:
    for key, successor in successors.items():
        customer = person.owned_customers.get(pk=key.partition(":")[2])
        owned = Customer.objects.filter(pk=customer.pk)
        owned.update(account_owner=successor, version=models.F("version") + 1)
        record_hand_over(customer, role="account_owner", old=person, new=successor, by=by)
