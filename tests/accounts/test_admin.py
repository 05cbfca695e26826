"""Django's admin: who enters, what is there, what is written down."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from engagements.models import Recompute, UsageToken
from fde_portal.accounts.models import ApiToken, AuditEvent, OrganizationSettings, User
from fde_portal.accounts.permissions import Role
from fde_portal.accounts.services.accounts import create_api_token
from tests.accounts.organization import typed
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.people import AdministratorFactory, ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db

READ_ONLY = {
    "auditevent",
    "apitoken",
    "heartbeat",
    "recompute",
    "usagesource",
    "usagetoken",
    "usagebatch",
    "metricsnapshot",
    "healthsnapshot",
}
ADD = reverse("admin:accounts_user_add")


@pytest.fixture
def administrator():
    return AdministratorFactory()


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client


def page_of(model, *arguments, name="changelist"):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=arguments)


def person_fields(person=None, **changes):
    fields = {"name": "Elin Haugen", "email": "elin@example.org", "role": "fde", "language": "en", "time_zone": "UTC"}
    if person:
        fields |= {name: getattr(person, name) for name in fields}
    return fields | {"is_active": "on"} | changes


class TestDoor:
    def test_signed_out_uses_the_portals_sign_in(self, client):
        assert client.get("/admin/").headers["Location"].startswith("/admin/login/")
        response = client.get("/admin/login/?next=/admin/")
        assert response.headers["Location"] == reverse("account_login") + "?next=%2Fadmin%2F"

    @pytest.mark.parametrize("make", [UserFactory, ManagerFactory, ContactFactory])
    def test_nobody_but_administrators_enters(self, client, make):
        client.force_login(make())
        assert client.get("/admin/", follow=True).status_code == 403
        assert client.get("/admin/login/").status_code == 403
        assert client.post(ADD, person_fields(), follow=True).status_code == 403
        assert not User.objects.filter(email="elin@example.org").exists()

    def test_an_administrator_without_records_sees_none_elsewhere(self, client):
        client.force_login(UserFactory(role=Role.NONE, is_administrator=True))
        assert client.get("/admin/").status_code == 200
        assert client.get("/customers/").status_code == 403


class TestTables:
    def test_exactly_these_are_there_and_no_records_of_the_work(self):
        registered = {model._meta.model_name for model in admin.site._registry}
        assert registered == READ_ONLY | {"user", "organizationsettings"}

    @pytest.mark.parametrize("name", sorted(READ_ONLY))
    def test_technical_tables_can_only_be_looked_at(self, as_administrator, rf, administrator, name):
        (model,) = [model for model in apps.get_models() if model._meta.model_name == name]
        assert as_administrator.get(page_of(model)).status_code == 200
        request = rf.get("/")
        request.user = administrator
        assert set(admin.site._registry[model].get_model_perms(request).items()) == {
            ("add", False),
            ("change", False),
            ("delete", False),
            ("view", True),
        }

    def test_tokens_show_no_digest(self, as_administrator, administrator):
        token, __ = create_api_token(name="Export", by=administrator)
        source = DeliverableFactory().usage_sources.create(name="Feed")
        usage = UsageToken(name="Feed", source=source)
        usage.set_new_secret()
        usage.save()
        for row in (token, usage):
            for address in (page_of(type(row)), page_of(type(row), row.pk, name="change")):
                content = as_administrator.get(address).content.decode()
                assert row.prefix in content
                assert row.digest not in content

    def test_pages_keep_to_the_content_policy(self, as_administrator, administrator):
        create_api_token(name="Export", by=administrator)
        addresses = [
            "/admin/",
            ADD,
            page_of(User),
            page_of(AuditEvent),
            page_of(User, administrator.pk, name="change"),
            page_of(ApiToken),
        ]
        for address in addresses:
            content = as_administrator.get(address).content.decode()
            assert not re.search(r"""\s(style|on[a-z]+)=["']|<style|<script(?![^>]*(\ssrc=|application/json))""", content), address


class TestPeople:
    def test_added_without_password_they_set_one_by_the_reset_link(self, as_administrator, administrator, client):
        as_administrator.post(ADD, person_fields(email="Elin@Example.org", manager=administrator.pk))
        person = User.objects.get(email="elin@example.org")
        assert (person.role, person.manager, person.is_administrator) == (Role.FDE, administrator, False)
        assert not person.has_usable_password()
        event = AuditEvent.objects.get(verb="create")
        assert (event.actor, event.subject_id) == (administrator, person.pk)
        client.logout()
        client.post(reverse("account_reset_password"), {"email": "elin@example.org"})
        assert [message.to for message in mail.outbox] == [["elin@example.org"]]

    def test_added_with_password(self, as_administrator):
        as_administrator.post(ADD, person_fields(password="seven wild geese"))
        assert User.objects.get(email="elin@example.org").check_password("seven wild geese")
        assert "password" not in AuditEvent.objects.get(verb="create").details["fields"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"password": "12345"}, "password"),
            ({"email": "TAKEN@example.org"}, "email"),
            ({"role": "contact", "is_administrator": "on"}, "__all__"),
        ],
    )
    def test_refused_with_the_field_named(self, as_administrator, changes, field):
        UserFactory(email="taken@example.org")
        response = as_administrator.post(ADD, person_fields(**changes))
        assert field in response.context["adminform"].form.errors
        assert not AuditEvent.objects.exists()

    def test_a_new_role_is_written_down(self, as_administrator, administrator):
        person = UserFactory()
        as_administrator.post(page_of(User, person.pk, name="change"), person_fields(person, role="manager"))
        event = AuditEvent.objects.get()
        assert (event.verb, event.actor, event.subject_id) == ("edit", administrator, person.pk)
        assert event.details == {"fields": ["role"], "role": "manager", "administrator": False, "active": True}

    def test_an_edit_keeps_the_password(self, as_administrator):
        person = UserFactory()
        as_administrator.post(page_of(User, person.pk, name="change"), person_fields(person, name="New name"))
        changed = User.objects.get(pk=person.pk)
        assert (changed.name, changed.password) == ("New name", person.password)

    def test_an_address_given_up_opens_no_door(self, as_administrator, client):
        person = UserFactory(email="old@example.org")
        EmailAddress.objects.create(user=person, email="old@example.org", primary=True, verified=True)
        as_administrator.post(page_of(User, person.pk, name="change"), person_fields(person, email="new@example.org"))
        client.logout()
        client.post(reverse("account_login"), {"login": "old@example.org", "password": "correct horse battery"})
        assert "_auth_user_id" not in client.session
        client.post(reverse("account_reset_password"), {"email": "old@example.org"})
        assert mail.outbox == []

    @pytest.mark.parametrize("changes", [{}, {"is_administrator": "on", "is_active": ""}])
    def test_the_last_administrator_stays(self, as_administrator, administrator, changes):
        fields = person_fields(administrator, **changes)
        response = as_administrator.post(page_of(User, administrator.pk, name="change"), fields)
        assert "last active administrator" in response.content.decode()
        administrator.refresh_from_db()
        assert administrator.is_administrator
        assert administrator.is_active

    def test_nobody_is_deleted(self, as_administrator):
        person = UserFactory()
        assert as_administrator.post(page_of(User, person.pk, name="delete"), {"post": "yes"}).status_code == 403
        assert User.objects.filter(pk=person.pk).exists()


def test_organization_is_one_row_with_a_trail(as_administrator, administrator):
    OrganizationSettings.current()
    assert as_administrator.get(page_of(OrganizationSettings, name="add")).status_code == 403
    as_administrator.post(page_of(OrganizationSettings, 1, name="change"), typed(vendor_name="Northwind"))
    assert OrganizationSettings.current().vendor_name == "Northwind"
    assert AuditEvent.objects.get().details == {"fields": ["vendor_name"]}


def test_parked_work_is_tried_again(as_administrator, administrator):
    parked = Recompute.objects.create(engagement=EngagementFactory(), parked_at=timezone.now(), attempts=5, error="x")
    waiting = Recompute.objects.create(engagement=EngagementFactory(), attempts=2)
    fields = {"action": "retry_parked", "_selected_action": [parked.pk, waiting.pk]}
    as_administrator.post(page_of(Recompute), fields)
    parked.refresh_from_db()
    waiting.refresh_from_db()
    assert (parked.parked_at, parked.attempts, waiting.attempts) == (None, 0, 2)
    assert AuditEvent.objects.get().verb == "retry"
