"""Writes the vendor and its people."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import make_password

from engagements.demo.clock import MON, Clock, instant
from engagements.demo.people import CURRENCY, MARK, PASSWORD, RATES, STAFF, VENDOR
from fde_portal.accounts.models import ExchangeRate, Invitation, OrganizationSettings, User
from fde_portal.accounts.permissions import Role

# The same key each time, so that the same seed gives the same hashes. It guards invented people only.
ACTOR_KEY = "de" * 32


def create_organization(clock: Clock) -> dict[str, User]:
    """Write the settings and the staff; return the people by their short names."""
    OrganizationSettings(vendor_name=VENDOR, mark=MARK, currency=CURRENCY, actor_key=ACTOR_KEY).save()
    # Hashed once: a good hash takes half a second, and all passwords are the same.
    password = make_password(PASSWORD)
    staff = {
        plan.key: User(
            email=plan.email,
            name=plan.name,
            role=plan.role,
            is_administrator=plan.is_administrator,
            language=plan.language,
            time_zone=plan.time_zone,
            password=password,
        )
        for plan in STAFF
    }
    User.objects.bulk_create(staff.values())
    User.objects.filter(role=Role.FDE).update(manager=staff["ruth"])
    ExchangeRate.objects.bulk_create(
        ExchangeRate(currency=currency, base=CURRENCY, worth=worth, rate_on=clock.date((week, MON)), source="Finance")
        for currency, week, worth in RATES
    )
    _invite_a_colleague(staff["ruth"], clock)
    return staff


def _invite_a_colleague(by: User, clock: Clock) -> None:
    """An invitation that waits. Its link was never mailed: nobody knows a text with this digest."""
    sent_at = instant(clock.today - timedelta(days=2), 9, by.zone)
    Invitation.objects.create(
        name="Elin Haugen",
        email="elin@northlight.example",
        role=Role.FDE,
        manager=by,
        invited_by=by,
        digest="de" * 32,
        sent_at=sent_at,
        expires_at=sent_at + Invitation.LIFETIME,
    )
