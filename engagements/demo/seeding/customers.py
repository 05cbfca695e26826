"""Writes a customer, the people there with their changing stances, and its contacts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from customers.models import Customer, CustomerMembership, Stakeholder, StanceRecord
from engagements.demo.clock import MON, TUE, Clock, instant
from engagements.demo.plans import CustomerPlan, PersonPlan
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Role


def create_customer(plan: CustomerPlan, *, staff: Mapping[str, User], clock: Clock) -> Customer:
    weeks = plan.renews_in_weeks
    customer = Customer.objects.create(
        name=plan.name,
        slug=plan.slug,
        industry=plan.industry,
        region=plan.region,
        segment=plan.segment,
        time_zone=plan.time_zone,
        currency=plan.currency,
        language=plan.language,
        data_classification=plan.classification,
        account_owner=staff[plan.owner],
        renewal_date=clock.today + timedelta(weeks=weeks) if weeks else None,
    )
    for person in plan.people:
        _create_person(person, customer, by=staff[plan.owner], clock=clock)
    for person in plan.people:
        stand_in = customer.stakeholders.filter(name=person.backup).first()
        customer.stakeholders.filter(name=person.name).update(backup_person=stand_in)
    for name, email in plan.contacts:
        _create_contact(name, email, customer, password=staff[plan.owner].password)
    return customer


def _create_person(plan: PersonPlan, customer: Customer, *, by: User, clock: Clock) -> None:
    stakeholder = Stakeholder.objects.create(
        customer=customer,
        name=plan.name,
        title=plan.title,
        department=plan.department,
        email=plan.email,
        role=plan.role,
        influence=plan.influence,
        last_contact_on=_last_contact(plan, clock),
        left_on=clock.date(plan.left) if plan.left else None,
    )
    first_met = clock.date((plan.stances[0][0], MON))
    Stakeholder.objects.filter(pk=stakeholder.pk).update(created_at=instant(first_met, 9, ZoneInfo(customer.time_zone)))
    StanceRecord.objects.bulk_create(
        StanceRecord(stakeholder=stakeholder, stance=stance, recorded_on=clock.date((week, TUE)), recorded_by=by)
        for week, stance in plan.stances
    )


def _last_contact(plan: PersonPlan, clock: Clock) -> date:
    """As the story says, else some day of the last weeks: the most influential are met most often."""
    if plan.last_contact:
        return clock.date(plan.last_contact)
    return clock.today - timedelta(days=Random(plan.name).randint(2, 30 - 5 * plan.influence))


def _create_contact(name: str, email: str, customer: Customer, *, password: str) -> None:
    contact = User.objects.create(
        email=email, name=name, role=Role.CONTACT, language=customer.language, time_zone=customer.time_zone, password=password
    )
    CustomerMembership.objects.create(customer=customer, user=contact)
