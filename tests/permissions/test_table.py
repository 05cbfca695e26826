"""Role × route × method: the table is made of the routes themselves, so that a new address cannot be forgotten.

Whoever may not gets the one answer they should, and the database stays as it was, to the last row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.forms import BaseForm, BaseFormSet, ModelChoiceField
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from engagements.models import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.scoping import ScopedModel
from tests.factories.engagements import EngagementFactory
from tests.factories.people import AdministratorFactory
from tests.permissions.place import Address, Place, addresses, planted

pytestmark = pytest.mark.django_db

METHODS = ("get", "post")
ADDRESSES = addresses()
# Permissions that reach everything of their kind: for them there is no other person's record.
REACH_ALL = {
    Permission.MANAGE_PEOPLE, Permission.OPERATE, Permission.MANAGE_PLAYBOOKS, Permission.READ_AUDIT,
    Permission.EDIT_ORGANIZATION, Permission.REVIEW_TEAM, Permission.MANAGE_WORK_SOURCES,
}  # fmt: skip
# Addresses that name no record of somebody else, and why.
NAMES_NOBODY = {
    "accounts:address_confirm": "the link is the key",
    "accounts:session_end": "one's own sessions, found by their owner",
}
# Addresses whose record takes more to plant than a row: their own tests reach them.
UNPLANTED = {
    "shared_item_withdraw": "an item of a published page",
}
# A week alone is that of whoever asks.
NAMES_NO_RECORD = {"format", "file_format", "week"}
OUTSIDERS = ("nobody", "their contact", "another contact", "another FDE", "an administrator")


@pytest.fixture
def place() -> Place:
    """The company that others try to reach, beside a stranger's that has as much."""
    planted()
    return planted()


def outsider(name: str, place: Place) -> User | None:
    return {
        "nobody": lambda: None,
        "their contact": lambda: place.contact,
        "another contact": lambda: planted().contact,
        "another FDE": lambda: planted().engagement.lead,
        "an administrator": lambda: AdministratorFactory(role="none"),
    }[name]()


def needed(address: Address, method: str) -> Permission:
    to_write = getattr(address.view, "write_permission", None)
    return to_write if to_write and method != "get" else address.view.permission


def due(address: Address, method: str, person: User | None, place: Place) -> set[int] | None:
    """The answers somebody outside may get; None where the address is not about this place at all."""
    is_api = address.name.startswith("api_")
    if person is None:
        return {401, 403} if is_api else {302}
    permission = needed(address, method)
    if not person.can(permission):
        return {403}
    at_home = permission == Permission.VIEW_SHARED_PAGES and person == place.contact
    if permission in REACH_ALL or address.name in NAMES_NOBODY or not set(address.parts) - NAMES_NO_RECORD or at_home:
        return None
    # A method the page does not know is refused before anything is looked up.
    return {404} if has_method(address, method) else {404, 405}


def has_method(address: Address, method: str) -> bool:
    return hasattr(address.view, method)


def dump() -> dict[str, list]:
    """Every row of the database but sessions, whose time of use moves."""
    tables = [model for model in apps.get_models(include_auto_created=True) if model not in {Session, UserSession}]
    return {model._meta.label: sorted(model._base_manager.values_list(), key=repr) for model in tables}


def signed_in(person: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    return client


@pytest.mark.parametrize("name", OUTSIDERS)
def test_outsiders_are_refused_everywhere_and_leave_nothing(place: Place, name: str) -> None:
    person = outsider(name, place)
    client, before, faults, asked = signed_in(person), dump(), [], 0
    for address in ADDRESSES:
        for method in METHODS:
            expected = due(address, method, person, place)
            if expected is None:
                continue
            asked += 1
            answer = getattr(client, method)(place.url(address), {"confirm": "yes"} if method == "post" else {})
            if answer.status_code not in expected or not leads_to_sign_in(answer):
                faults.append(f"{method} {address.name}: {answer.status_code}, due is {sorted(expected)}")
    assert faults == []
    assert asked > len(ADDRESSES)
    assert changed(before, dump()) == []


def leads_to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code != 302 or answer.url.startswith(reverse("account_login"))


def changed(before: dict[str, list], after: dict[str, list]) -> list[str]:
    return [table for table, rows in after.items() if rows != before[table]]


def test_whoever_leads_the_work_reaches_each_address_so_that_a_refusal_means_something(place: Place) -> None:
    client, faults = signed_in(place.engagement.lead), []
    for address in ADDRESSES:
        for method in METHODS:
            if address.name in UNPLANTED or not has_method(address, method) or due(address, method, place.engagement.lead, place) is None:
                continue
            if not place.engagement.lead.can(needed(address, method)):
                continue
            answer = tried(client, method, place.url(address))
            if answer.status_code in {403, 404, 405} or answer.status_code >= 500:
                faults.append(f"{method} {address.name}: {answer.status_code}")
    assert faults == []


def tried(client: Client, method: str, url: str) -> HttpResponse:
    """The answer to an act that is taken back afterwards, so that the next one finds everything in place."""
    with transaction.atomic():
        answer = getattr(client, method)(url, {})
        transaction.set_rollback(True)
    return answer


def test_a_record_is_not_found_under_another_engagement_of_the_same_person(place: Place) -> None:
    """The second id of an address is looked up within the first."""
    lead = place.engagement.lead
    other = EngagementFactory(lead=lead)
    client, before, faults = signed_in(lead), dump(), []
    for address in ADDRESSES:
        if "slug" not in address.parts or "pk" not in address.parts or not lead.can(needed(address, "post")):
            continue
        slug = other.customer.slug if address.name.startswith("customers:") else other.slug
        for method in METHODS:
            if has_method(address, method) and not address.name.startswith("contact_"):
                answer = getattr(client, method)(place.url(address, slug=slug), {"confirm": "yes"} if method == "post" else {})
                if answer.status_code != 404:
                    faults.append(f"{method} {address.name}: {answer.status_code}")
    assert faults == []
    assert changed(before, dump()) == []


def test_no_form_takes_a_record_of_a_stranger(place: Place) -> None:
    """What a form may name is what its person sees, and of the engagement or customer it is about."""
    lead = place.engagement.lead
    EngagementFactory(lead=lead)
    client, faults = signed_in(lead), []
    for address in ADDRESSES:
        if not has_method(address, "get") or address.name.startswith("api_") or not lead.can(needed(address, "get")):
            continue
        answer = client.get(place.url(address))
        for field, rows in choices_of(answer):
            seen = set(rows.model._default_manager.visible_to(lead).values_list("pk", flat=True))
            faults += [f"{address.name}: {field} offers {row!r}" for row in rows if row.pk not in seen or not belongs(row, address, place)]
    assert faults == []


def choices_of(answer: HttpResponse) -> Iterator[tuple[str, models.QuerySet]]:
    """The records each form of a page would take, by the name of the field."""
    for form in forms_of(answer):
        for name, field in form.fields.items():
            if isinstance(field, ModelChoiceField) and issubclass(field.queryset.model, ScopedModel):
                yield name, field.queryset.all()


def forms_of(answer: HttpResponse) -> Iterator[BaseForm]:
    for value in values_of(answer):
        if isinstance(value, BaseFormSet):
            yield from [*value.forms, value.empty_form]
        elif isinstance(value, BaseForm):
            yield value


def values_of(answer: HttpResponse) -> list[Any]:
    return list((answer.context.flatten() if answer.context and hasattr(answer.context, "flatten") else {}).values())


def belongs(row: models.Model, address: Address, place: Place) -> bool:
    """Inside an engagement only its own parts and people are offered; elsewhere what the person sees is enough."""
    if not {"slug", "pk"} & set(address.parts) or isinstance(row, Engagement):
        return True
    engagement_id = getattr(row, "engagement_id", None)
    customer_id = getattr(row, "customer_id", None)
    if engagement_id is not None:
        return engagement_id == place.engagement.pk
    return customer_id is None or customer_id == place.engagement.customer_id
