"""Customers and the people there."""

from datetime import date

import factory

from customers.models import Customer, CustomerMembership, Stakeholder, StanceRecord
from tests.factories.people import ContactFactory


class CustomerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"Customer {n}")
    slug = factory.Sequence(lambda n: f"customer-{n}")


class StakeholderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Stakeholder

    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence(lambda n: f"Stakeholder {n}")


class StanceRecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StanceRecord

    stakeholder = factory.SubFactory(StakeholderFactory)
    stance = Stakeholder.Stance.NEUTRAL
    recorded_on = date(2026, 1, 5)


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CustomerMembership

    customer = factory.SubFactory(CustomerFactory)
    user = factory.SubFactory(ContactFactory)
