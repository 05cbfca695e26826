"""Invitations from the mail to the first sign-in, and every way in which a link ends."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from fde_portal.accounts.models import AuditEvent, Invitation, OrganizationSettings, User
from fde_portal.accounts.permissions import Role
from fde_portal.accounts.services.invitations import AlreadyInvited, Gone, accept_invitation, invite
from fde_portal.accounts.tokens import digest_of
from tests.factories.people import AdministratorFactory, ContactFactory, InvitationFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("accounts:people"), reverse("accounts:invitation_new")
PROFILE = {"name": "Elin Haugen", "password": "seven wild geese", "language": "zh-hans", "time_zone": "Europe/Oslo"}


def fields(**changes):
    return {"name": "Elin Haugen", "email": "Elin@Example.org", "role": "fde", "manager": "", "language": "en"} | changes


def link_in(message):
    return re.search(r"https?://[^/]+(/invitations/\S+)", message.body).group(1)


def path_of(invitation_secret):
    return reverse("invitation", args=[invitation_secret])


def without(page, secret):
    """The page without the address it was asked for and without tokens against forgery."""
    return re.sub(r'value="\w{64}"', "", page).replace(secret, "")


@pytest.fixture
def manager():
    return ManagerFactory(name="Ruth Adler")


@pytest.fixture
def as_manager(client, manager):
    client.force_login(manager)
    return client


class TestInvite:
    def test_the_link_goes_to_the_address_and_only_its_digest_is_kept(self, as_manager, manager):
        assert as_manager.post(NEW, fields(manager=manager.pk)).status_code == 302
        invitation = Invitation.objects.get()
        [message] = mail.outbox
        secret = link_in(message).split("/")[2]
        assert (invitation.email, invitation.role, invitation.manager, invitation.invited_by) == (
            "elin@example.org",
            Role.FDE,
            manager,
            manager,
        )
        assert message.to == ["elin@example.org"]
        assert invitation.digest == digest_of(secret)
        assert not any(secret in str(value) for row in (Invitation, AuditEvent) for value in row.objects.values())
        assert AuditEvent.objects.get().verb == "invite"

    def test_the_mail_is_in_the_language_chosen_for_it(self, as_manager):
        OrganizationSettings.current()
        OrganizationSettings.objects.update(vendor_name="Northlight")
        as_manager.post(NEW, fields(language="en"))
        [message] = mail.outbox
        assert message.subject == "Northlight invites you to the FDE Portal"
        assert "Ruth Adler invites you" in message.body
        assert not message.alternatives

    @pytest.mark.parametrize("make", [UserFactory, ContactFactory])
    def test_fdes_and_contacts_invite_nobody(self, client, make):
        client.force_login(make())
        invitation = InvitationFactory()
        for address in (LIST, NEW):
            assert client.get(address).status_code == 403
        for name in ("invitation_resend", "invitation_revoke"):
            assert client.post(reverse(f"accounts:{name}", args=[invitation.pk])).status_code == 403
        assert client.post(NEW, fields()).status_code == 403
        assert Invitation.objects.count() == 1
        assert mail.outbox == []

    def test_an_administrator_without_records_may(self, client):
        client.force_login(AdministratorFactory(role=Role.NONE))
        client.post(NEW, fields())
        assert Invitation.objects.count() == 1

    @pytest.mark.parametrize("role", ["contact", "none", "administrator"])
    def test_only_our_own_roles_can_be_given(self, as_manager, role):
        assert as_manager.post(NEW, fields(role=role)).status_code == 422
        assert not Invitation.objects.exists()

    def test_an_address_in_use_is_refused(self, as_manager):
        UserFactory(email="elin@example.org")
        response = as_manager.post(NEW, fields())
        assert set(response.context["form"].errors) == {"email"}
        assert not Invitation.objects.exists()
        assert mail.outbox == []

    def test_an_address_that_has_an_open_invitation_is_refused(self, as_manager):
        InvitationFactory(email="elin@example.org")
        assert as_manager.post(NEW, fields()).status_code == 422
        assert Invitation.objects.count() == 1

    def test_one_address_is_not_invited_as_staff_and_as_contact(self, manager):
        InvitationFactory(email="elin@example.org", role="contact", customer_id=1)
        with pytest.raises(AlreadyInvited):
            invite(Invitation(name="Elin", email="elin@example.org"), by=manager, now=timezone.now())

    def test_a_mail_server_that_refuses_leaves_an_invitation_to_send_again(self, as_manager, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PORT = 1
        page = as_manager.post(NEW, fields(), follow=True).content.decode()
        assert "could not be sent" in page
        assert Invitation.objects.get().email == "elin@example.org"

    @pytest.mark.parametrize("row", [{"role": "contact"}, {"role": "fde", "customer_id": 1}, {"role": "none"}])
    def test_the_database_refuses_what_makes_no_sense(self, row):
        with pytest.raises(IntegrityError), transaction.atomic():
            InvitationFactory(**row)


class TestLink:
    def test_the_page_shows_whom_it_is_for_in_their_language(self, client):
        invitation = InvitationFactory(secret="fdei_a", language="zh-hans")
        response = client.get(path_of("fdei_a"))
        assert invitation.email in response.content.decode()
        assert 'lang="zh-Hans"' in response.content.decode()
        assert response.headers["Cache-Control"].startswith("max-age=0")

    def test_accepting_makes_the_account_signs_in_and_speaks_the_chosen_language(self, client, manager):
        InvitationFactory(secret="fdei_a", email="elin@example.org", role="manager", manager=manager)
        response = client.post(path_of("fdei_a"), PROFILE)
        person = User.objects.get(email="elin@example.org")
        assert client.session["_auth_user_id"] == str(person.pk)
        assert (person.name, person.role, person.manager, person.time_zone) == ("Elin Haugen", "manager", manager, "Europe/Oslo")
        assert person.check_password("seven wild geese")
        assert not person.is_administrator
        assert response.cookies["django_language"].value == "zh-hans"
        assert EmailAddress.objects.values_list("email", "verified", "primary").get(user=person) == (person.email, True, True)
        invitation = Invitation.objects.get()
        assert (invitation.accepted_as, invitation.accepted_at is not None) == (person, True)
        assert AuditEvent.objects.get(verb="accept").actor == person

    def test_the_address_cannot_be_chosen(self, client):
        InvitationFactory(secret="fdei_a", email="elin@example.org")
        client.post(path_of("fdei_a"), PROFILE | {"email": "other@example.org", "role": "manager", "is_administrator": "on"})
        person = User.objects.get(email="elin@example.org")
        assert (person.role, person.is_administrator) == (Role.FDE, False)
        assert not User.objects.filter(email="other@example.org").exists()

    @pytest.mark.parametrize("password", ["short", "password123", "elinhaugen1", ""])
    def test_a_weak_password_is_refused_and_the_link_still_works(self, client, password):
        InvitationFactory(secret="fdei_a", email="elinhaugen@example.org")
        response = client.post(path_of("fdei_a"), PROFILE | {"password": password})
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"password"}
        assert client.get(path_of("fdei_a")).status_code == 200

    def test_used_expired_revoked_and_unknown_look_alike(self, client):
        now = timezone.now()
        InvitationFactory(secret="fdei_used", accepted_at=now)
        InvitationFactory(secret="fdei_revoked", revoked_at=now)
        InvitationFactory(secret="fdei_expired", sent_at=now - timedelta(days=7))
        before = list(Invitation.objects.order_by("pk").values())
        answers = set()
        for secret in ("fdei_used", "fdei_revoked", "fdei_expired", "fdei_unknown"):
            for response in (client.get(path_of(secret)), client.post(path_of(secret), PROFILE)):
                answers.add((response.status_code, without(response.content.decode(), secret)))
        assert len(answers) == 1
        assert answers.pop()[0] == 404
        assert list(Invitation.objects.order_by("pk").values()) == before
        assert not User.objects.filter(name="Elin Haugen").exists()

    def test_it_lasts_seven_days(self, client):
        with time_machine.travel("2026-03-02 12:00", tick=False):
            InvitationFactory(secret="fdei_a")
        with time_machine.travel("2026-03-09 11:59", tick=False):
            assert client.get(path_of("fdei_a")).status_code == 200
        with time_machine.travel("2026-03-09 12:00", tick=False):
            assert client.get(path_of("fdei_a")).status_code == 404

    def test_whoever_is_signed_in_is_told_and_nothing_happens(self, client):
        other = UserFactory(name="Maya Okafor")
        invitation = InvitationFactory(secret="fdei_a")
        client.force_login(other)
        for response in (client.get(path_of("fdei_a")), client.post(path_of("fdei_a"), PROFILE)):
            assert response.status_code == 409
            assert "Maya Okafor" in response.content.decode()
            assert invitation.email in response.content.decode()
        assert Invitation.objects.get().accepted_at is None
        left = client.post(reverse("account_logout"), {"next": path_of("fdei_a")})
        assert left.headers["Location"] == path_of("fdei_a")
        assert client.get(path_of("fdei_a")).status_code == 200

    def test_an_account_made_meanwhile_ends_it(self, client):
        invitation = InvitationFactory(secret="fdei_a")
        UserFactory(email=invitation.email.upper())
        assert client.post(path_of("fdei_a"), PROFILE).status_code == 404
        assert Invitation.objects.get().accepted_at is None

    def test_a_manager_who_left_is_not_set(self, client):
        InvitationFactory(secret="fdei_a", email="elin@example.org", manager=ManagerFactory(is_active=False))
        client.post(path_of("fdei_a"), PROFILE)
        assert User.objects.get(email="elin@example.org").manager is None

    def test_tries_are_limited(self, client):
        InvitationFactory(secret="fdei_a")
        answers = [client.post(path_of("fdei_a"), PROFILE | {"password": "x"}).status_code for __ in range(21)]
        assert answers == [422] * 20 + [429]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_wins():
    InvitationFactory(secret="fdei_a", email="elin@example.org")
    start, outcomes = threading.Barrier(2), []

    def accept(name):
        start.wait()
        try:
            outcomes.append(accept_invitation(secret="fdei_a", now=timezone.now(), **(PROFILE | {"name": name})).name)
        except Gone:
            outcomes.append("gone")
        connection.close()

    threads = [threading.Thread(target=accept, args=[name]) for name in ("First", "Second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    person = User.objects.get(email="elin@example.org")
    assert sorted(outcomes) == sorted([person.name, "gone"])
    assert AuditEvent.objects.filter(verb="accept").count() == 1


class TestAgainAndRevoked:
    def test_sent_again_the_old_link_is_dead_and_the_term_begins_anew(self, as_manager, client):
        with time_machine.travel(timezone.now() - timedelta(days=8)):
            invitation = InvitationFactory(secret="fdei_old")
        as_manager.post(reverse("accounts:invitation_resend", args=[invitation.pk]))
        [message] = mail.outbox
        client.logout()
        assert client.get(path_of("fdei_old")).status_code == 404
        assert client.get(link_in(message)).status_code == 200

    def test_revoked_it_is_dead(self, as_manager, client):
        invitation = InvitationFactory(secret="fdei_a")
        as_manager.post(reverse("accounts:invitation_revoke", args=[invitation.pk]))
        client.logout()
        assert client.get(path_of("fdei_a")).status_code == 404

    @pytest.mark.parametrize("state", ["accepted_at", "revoked_at"])
    @pytest.mark.parametrize("act", ["resend", "revoke"])
    def test_a_closed_one_is_neither_sent_nor_revoked(self, as_manager, state, act):
        invitation = InvitationFactory(**{state: timezone.now()})
        assert as_manager.post(reverse(f"accounts:invitation_{act}", args=[invitation.pk])).status_code == 404
        assert mail.outbox == []


class TestList:
    def test_shows_those_that_wait_and_says_which_expired(self, as_manager):
        InvitationFactory(name="Waiting")
        InvitationFactory(name="Too late", sent_at=timezone.now() - timedelta(days=9))
        InvitationFactory(name="Came", accepted_at=timezone.now())
        rows = as_manager.get(LIST, {"show": "invitations"}).context["page"].object_list
        assert [(invitation.name, expired) for invitation, expired in rows] == [("Too late", True), ("Waiting", False)]

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_statements_do_not_grow_with_rows(self, as_manager, django_assert_num_queries, count):
        InvitationFactory.create_batch(count)
        with django_assert_num_queries(5):
            assert len(as_manager.get(LIST, {"show": "invitations"}).context["page"].object_list) == count
