"""The second step at sign-in: required by role, set up before anything else, asked for at the door."""

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import reverse

from fde_portal.accounts.acts import details_of
from fde_portal.accounts.models import AuditEvent, OrganizationSettings, User
from fde_portal.accounts.permissions import Role
from fde_portal.accounts.services.accounts import create_api_token
from fde_portal.accounts.services.second_step import renew_second_step
from tests.accounts.organization import typed
from tests.factories.people import (
    PASSWORD,
    AdministratorFactory,
    ContactFactory,
    InvitationFactory,
    ManagerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

SECURITY, ORGANIZATION, PROFILE = (reverse(f"accounts:{name}") for name in ("security", "organization", "profile"))
ACTIVATE, AUTHENTICATE = reverse("mfa_activate_totp"), reverse("mfa_authenticate")


def code_for(secret):
    """What an authenticator app shows now."""
    *__, counter = totp.yield_hotp_counters_from_time()
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def sign_in(person):
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def set_up_app(client):
    secret = client.get(ACTIVATE).context["form"].secret
    client.post(ACTIVATE, {"code": code_for(secret)})
    return secret


def require_for(*roles):
    OrganizationSettings.current()
    OrganizationSettings.objects.update(second_step_for=list(roles))
    renew_second_step(User.objects.all())


class TestRequired:
    def test_a_manager_requires_it_and_those_without_are_led_there(self, client):
        maya, ilse = UserFactory(), ContactFactory()
        here, contact = sign_in(maya), sign_in(ilse)
        client.force_login(ManagerFactory())
        client.post(ORGANIZATION, typed(second_step_for=["fde"]))
        assert OrganizationSettings.current().second_step_for == ["fde"]
        assert here.get(PROFILE).headers["Location"] == SECURITY
        assert "Your role needs a second step" in here.get(SECURITY).content.decode()
        assert contact.get(PROFILE).status_code == 200
        assert client.get(PROFILE).status_code == 200

    @pytest.mark.parametrize("address", ["/portfolio/", "/customers/", "/settings/address/", "/settings/tokens/", "/admin/", "/"])
    def test_nothing_else_opens_and_nothing_is_written(self, address):
        person = AdministratorFactory()
        require_for("manager")
        here = sign_in(person)
        assert here.get(address).headers["Location"] == SECURITY
        assert here.post(address, {"name": "x"}).headers["Location"] == SECURITY
        assert [event.verb for event in AuditEvent.objects.all()] == ["sign_in"]

    def test_a_sign_in_stands_in_the_trail_with_its_first_step(self, client):
        person = UserFactory()
        sign_in(person)
        client.post(reverse("account_login"), {"login": person.email, "password": "wrong"})
        event = AuditEvent.objects.get()
        assert (event.verb, event.actor, event.details) == ("sign_in", person, {"through": "password"})
        assert details_of(event) == "With a password"

    def test_leaving_and_the_open_pages_still_work(self):
        require_for("fde")
        here = sign_in(UserFactory())
        renew_second_step(User.objects.all())
        assert here.get("/healthz").status_code == 200
        assert here.post(reverse("account_logout")).status_code == 302
        assert here.get(PROFILE).headers["Location"].startswith(reverse("account_login"))

    def test_whoever_has_one_goes_on(self):
        person = UserFactory()
        here = sign_in(person)
        set_up_app(here)
        require_for("fde")
        assert here.get(PROFILE).status_code == 200

    @pytest.mark.django_db(transaction=True)  # told after the commit
    def test_setting_one_up_opens_the_rest(self):
        person = UserFactory()
        require_for("fde")
        here = sign_in(person)
        set_up_app(here)
        assert here.get(PROFILE).status_code == 200
        assert AuditEvent.objects.filter(verb="add_second_step", actor=person).count() == 2  # the app, and codes

    def test_taking_it_away_again_closes_the_rest(self):
        person = UserFactory()
        here = sign_in(person)
        set_up_app(here)
        require_for("fde")
        here.post(reverse("mfa_deactivate_totp"))
        assert here.get(PROFILE).headers["Location"] == SECURITY
        assert not Authenticator.objects.exists()

    def test_administrators_can_be_bound_whatever_their_role(self):
        administrator, fde = UserFactory(role=Role.NONE, is_administrator=True), UserFactory()
        require_for(OrganizationSettings.ADMINISTRATORS)
        assert User.objects.get(pk=administrator.pk).owes_second_step
        assert not User.objects.get(pk=fde.pk).owes_second_step

    def test_a_new_role_brings_its_rule(self, client):
        person = UserFactory()
        require_for("manager")
        administrator = AdministratorFactory()
        client.force_login(administrator)
        client.post(reverse("accounts:person", args=[person.pk]), {"role": "manager", "manager": ""})
        assert User.objects.get(pk=person.pk).owes_second_step

    def test_whoever_accepts_an_invitation_begins_with_it(self, client):
        require_for("fde")
        InvitationFactory(secret="fdei_a")
        fields = {"name": "Elin", "password": "seven wild geese", "language": "en", "time_zone": "UTC"}
        client.post(reverse("invitation", args=["fdei_a"]), fields)
        assert client.get("/").headers["Location"] == SECURITY
        assert client.get(ACTIVATE).status_code == 200

    def test_a_browser_reads_nothing_through_the_api_either(self):
        here = sign_in(UserFactory())
        assert here.get("/api/v1/engagements/").status_code == 200
        require_for("fde")
        assert here.get("/api/v1/engagements/").status_code == 403

    def test_tokens_of_programs_go_on(self, client):
        person = UserFactory()
        __, secret = create_api_token(name="Export", by=person)
        require_for("fde")
        assert client.get("/api/v1/engagements/", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


class TestAtTheDoor:
    @pytest.fixture
    def person(self):
        return UserFactory(email="maya@example.org")

    @pytest.fixture
    def secret(self, person):
        with time_machine.travel("2026-03-02 11:00Z", tick=False):
            return set_up_app(sign_in(person))

    def test_the_password_alone_opens_nothing(self, person, secret):
        client = sign_in(person)
        assert "_auth_user_id" not in client.session
        assert client.get(PROFILE).status_code == 302
        assert client.get(AUTHENTICATE).status_code == 200

    def test_the_code_opens_once(self, person, secret):
        code = code_for(secret)
        client, thief = sign_in(person), sign_in(person)
        client.post(AUTHENTICATE, {"code": code})
        assert client.session["_auth_user_id"] == str(person.pk)
        thief.post(AUTHENTICATE, {"code": code})
        assert "_auth_user_id" not in thief.session

    def test_a_recovery_code_opens_once(self, person, secret):
        codes = RecoveryCodes(Authenticator.objects.get(user=person, type="recovery_codes")).get_unused_codes()
        for expected in (True, False):
            client = sign_in(person)
            client.post(AUTHENTICATE, {"code": codes[0]})
            assert ("_auth_user_id" in client.session) is expected

    def test_guesses_are_limited_whatever_browser_and_visitor(self, person, secret):
        for number in range(5):
            client = sign_in(person)
            client.post(AUTHENTICATE, {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{number}")
        client = sign_in(person)
        client.post(AUTHENTICATE, {"code": code_for(secret)}, REMOTE_ADDR="192.0.2.99")
        assert "_auth_user_id" not in client.session

    def test_secrets_are_unreadable_in_the_database(self, person, secret):
        kept = [str(row.data) for row in Authenticator.objects.all()]
        assert len(kept) == 2
        assert not any(secret in text for text in kept)

    def test_codes_are_shown_once(self, person):
        here = sign_in(person)
        secret = here.get(ACTIVATE).context["form"].secret
        first = here.post(ACTIVATE, {"code": code_for(secret)}, follow=True)
        assert len(first.context["unused_codes"]) == 10
        shown = [first.context["unused_codes"][0] in here.get(reverse("mfa_view_recovery_codes")).content.decode() for __ in range(2)]
        assert shown[-1] is False

    @pytest.mark.django_db(transaction=True)  # told after the commit
    def test_people_are_told_by_mail(self, person, secret):
        assert person.email in {address for message in mail.outbox for address in message.to}

    @pytest.mark.django_db(transaction=True)  # told after the commit
    def test_a_mail_server_that_is_away_stops_nobody(self, person, settings):
        settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
        set_up_app(sign_in(person))
        assert Authenticator.objects.filter(user=person, type="totp").exists()

    def test_a_stale_password_is_asked_for_again_before_a_change(self, person):
        with time_machine.travel("2026-03-02 11:00Z", tick=False) as clock:
            here = sign_in(person)
            assert here.get(ACTIVATE).status_code == 200
            clock.shift(301)
            assert here.get(ACTIVATE).headers["Location"].startswith(reverse("account_reauthenticate"))
            here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
            assert here.get(ACTIVATE).status_code == 200

    @pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"])
    def test_pages_keep_to_the_content_policy(self, person, name):
        here = sign_in(person)
        if name == "mfa_generate_recovery_codes":
            set_up_app(here)
        content = here.get(reverse(name)).content.decode()
        assert not re.search(r"""\s(style|on[a-z]+)=["']|<style|<script(?![^>]*(\ssrc=|application/json))""", content)

    def test_nobody_removes_the_passkey_of_another(self, person):
        theirs = Authenticator.objects.create(user=UserFactory(), type="webauthn", data={"name": "Key", "credential": {}})
        here = sign_in(person)
        for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
            assert here.post(reverse(name, args=[theirs.pk]), {"name": "Mine"}).status_code == 404
        assert Authenticator.objects.get(pk=theirs.pk).data["name"] == "Key"
