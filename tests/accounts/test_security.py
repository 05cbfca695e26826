"""Sessions, the address one signs in with, and the limits on everything that takes a secret."""

import re
import threading

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse

from fde_portal.accounts.devices import device_of
from fde_portal.accounts.models import AuditEvent, User
from tests.factories.people import PASSWORD, ContactFactory, UserFactory

pytestmark = pytest.mark.django_db

SECURITY, ADDRESS, LOGIN = reverse("accounts:security"), reverse("accounts:address"), reverse("account_login")
FIREFOX = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


def sign_in(person, agent=FIREFOX, **extra):
    client = Client(headers={"User-Agent": agent}, **extra)
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    return client


def is_in(client):
    return client.get(reverse("accounts:profile")).status_code == 200


@pytest.fixture
def person():
    return UserFactory(name="Maya Okafor", email="maya@example.org")


class TestSessions:
    def test_each_device_is_listed_with_the_one_in_use_first(self, person):
        sign_in(person, CHROME, REMOTE_ADDR="192.0.2.7")
        here = sign_in(person)
        sign_in(UserFactory())
        rows = here.get(SECURITY).context["sessions"]
        assert [(row.device, row.is_current) for row in rows] == [("Firefox on macOS", True), ("Chrome on Android", False)]
        assert rows[1].ip == "192.0.2.7"

    def test_one_other_is_ended(self, person):
        here, phone, laptop = sign_in(person), sign_in(person, CHROME), sign_in(person)
        row = UserSession.objects.get(session_key=phone.session.session_key)
        here.post(reverse("accounts:session_end", args=[row.pk]))
        assert (is_in(here), is_in(phone), is_in(laptop)) == (True, False, True)

    def test_all_others_are_ended_and_nobody_elses(self, person):
        here, phone, laptop, stranger = sign_in(person), sign_in(person, CHROME), sign_in(person), sign_in(UserFactory())
        here.post(reverse("accounts:other_sessions_end"))
        assert [is_in(client) for client in (here, phone, laptop, stranger)] == [True, False, False, True]

    def test_the_own_session_and_those_of_others_are_not_found(self, person):
        here, stranger = sign_in(person), sign_in(UserFactory())
        for client in (here, stranger):
            row = UserSession.objects.get(session_key=client.session.session_key)
            assert here.post(reverse("accounts:session_end", args=[row.pk])).status_code == 404
        assert is_in(here)
        assert is_in(stranger)

    def test_last_use_is_noted_at_most_every_five_minutes(self, person):
        with time_machine.travel("2026-03-02 12:00Z", tick=False) as clock:
            here = sign_in(person)
            begin = UserSession.objects.get().last_seen_at
            clock.shift(299)
            here.get(SECURITY)
            assert UserSession.objects.get().last_seen_at == begin
            clock.shift(2)
            here.get(SECURITY)
            assert (UserSession.objects.get().last_seen_at - begin).total_seconds() == 301

    def test_a_new_password_ends_the_others(self, person):
        here, phone = sign_in(person), sign_in(person, CHROME)
        new = {"oldpassword": PASSWORD, "password1": "seven wild geese", "password2": "seven wild geese"}
        assert here.post(reverse("account_change_password"), new).status_code == 302
        assert (is_in(here), is_in(phone)) == (True, False)
        assert len(here.get(SECURITY).context["sessions"]) == 1

    @pytest.mark.redis
    def test_sessions_kept_in_redis_and_database_end_in_both(self, person, settings):
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
        settings.SESSION_CACHE_ALIAS = "sessions"
        here, phone = sign_in(person), sign_in(person, CHROME)
        here.post(reverse("accounts:other_sessions_end"))
        assert (is_in(here), is_in(phone)) == (True, False)

    @pytest.mark.parametrize(
        ("agent", "words"),
        [(FIREFOX, "Firefox on macOS"), (CHROME, "Chrome on Android"), ("curl/8", "Another browser"), ("", "Another browser")],
    )
    def test_devices_have_names(self, agent, words):
        assert device_of(agent) == words


class TestAddress:
    def ask(self, client, email="new@example.org", password=PASSWORD):
        return client.post(ADDRESS, {"email": email, "password": password})

    def link(self):
        return re.search(r"https?://[^/]+(/settings/address/\S+)", mail.outbox[-1].body).group(1)

    def test_changes_when_the_link_is_confirmed_and_the_old_one_is_told(self, person):
        here = sign_in(person)
        self.ask(here, "New@Example.org")
        assert User.objects.get(pk=person.pk).email == "maya@example.org"
        link = self.link()
        assert "new@example.org" in here.get(link).content.decode()
        assert User.objects.get(pk=person.pk).email == "maya@example.org"
        here.post(link)
        assert User.objects.get(pk=person.pk).email == "new@example.org"
        assert list(EmailAddress.objects.values_list("email", "verified")) == [("new@example.org", True)]
        assert [message.to for message in mail.outbox] == [["New@Example.org"], ["maya@example.org"]]
        event = AuditEvent.objects.get(verb="change_address")
        assert (event.actor, event.details) == (person, {"old": "maya@example.org", "new": "new@example.org"})

    def test_a_link_works_once(self, person):
        here = sign_in(person)
        self.ask(here)
        link = self.link()
        here.post(link)
        assert here.post(link).status_code == 404
        assert here.get(link).status_code == 404

    def test_a_link_is_for_a_day_for_its_owner_and_not_forged(self, person):
        here, stranger = sign_in(person), sign_in(UserFactory())
        self.ask(here)
        link = self.link()
        for address in (link[:-3] + "xx/", "/settings/address/abc/"):
            assert here.post(address).status_code == 404
        assert stranger.post(link).status_code == 404
        assert Client().post(link).status_code == 302
        with time_machine.travel("2099-01-01"):
            assert sign_in(person).post(link).status_code == 404
        assert User.objects.get(pk=person.pk).email == "maya@example.org"

    def test_an_address_in_use_gets_no_mail_and_the_same_answer(self, person):
        taken = ContactFactory(email="taken@example.org")
        here = sign_in(person)
        free, used = (self.ask(here, email).headers["Location"] for email in ("free@example.org", taken.email.upper()))
        assert free == used
        assert [message.to for message in mail.outbox] == [["free@example.org"]]

    def test_an_address_taken_meanwhile_ends_the_link(self, person):
        here = sign_in(person)
        self.ask(here)
        UserFactory(email="new@example.org")
        assert here.post(self.link()).status_code == 404
        assert User.objects.get(pk=person.pk).email == "maya@example.org"

    def test_needs_the_password_and_counts_the_tries(self, person):
        here = sign_in(person)
        answers = [self.ask(here, password="wrong").status_code for __ in range(6)]
        assert answers == [422] * 5 + [429]
        assert mail.outbox == []


class TestLimits:
    def tries(self, person, count, client=None, **extra):
        client = client or Client()
        return [self.outcome(client.post(LOGIN, {"login": person.email, "password": "wrong"}, **extra)) for __ in range(count)]

    def outcome(self, response):
        return "limited" if response.status_code == 429 or "Too many" in response.content.decode() else "wrong"

    def test_five_wrong_passwords_for_one_address_close_it_for_the_right_one_too(self, person):
        assert self.tries(person, 6) == ["wrong"] * 5 + ["limited"]
        assert not is_in(sign_in(person))
        assert is_in(sign_in(UserFactory(), REMOTE_ADDR="192.0.2.9"))

    def test_one_visitor_trying_many_addresses_is_stopped(self):
        outcomes = [self.tries(person, 1)[0] for person in UserFactory.create_batch(12)]
        assert outcomes == ["wrong"] * 10 + ["limited"] * 2

    def test_without_a_proxy_a_made_up_header_does_not_make_another_visitor(self, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
        people = UserFactory.create_batch(11)
        outcomes = [self.tries(p, 1, HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")[0] for n, p in enumerate(people)]
        assert outcomes[-1] == "limited"

    def test_behind_a_proxy_the_address_it_added_counts_and_not_what_the_visitor_sent(self, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        people = UserFactory.create_batch(12)
        spoofed = [
            self.tries(p, 1, HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, 203.0.113.5")[0] for n, p in enumerate(people[:11])
        ]
        assert spoofed == ["wrong"] * 10 + ["limited"]
        assert self.tries(people[11], 1, HTTP_X_FORWARDED_FOR="203.0.113.6") == ["wrong"]

    @pytest.mark.redis
    def test_an_emptied_redis_forgets_no_try(self, person):
        self.tries(person, 5)
        caches["sessions"].clear()
        assert self.tries(person, 1) == ["limited"]

    def test_tries_are_counted_in_the_database(self, person):
        self.tries(person, 5)
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM cache WHERE cache_key LIKE %s", ["%login_failed%"])
            assert cursor.fetchone()[0] >= 1
            cursor.execute("DELETE FROM cache")
        assert self.tries(person, 1) == ["wrong"]

    def test_many_strangers_tries_do_not_push_out_a_count(self, person, settings):
        self.tries(person, 5, REMOTE_ADDR="192.0.2.1")
        for number in range(400):
            caches["default"].set(f"other:{number}", [1.0], 300)
        assert self.tries(person, 1, REMOTE_ADDR="192.0.2.2") == ["limited"]


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_all_counted(monkeypatch):
    person = UserFactory()
    checked, lock = [], threading.Lock()
    check = User.check_password

    def count(self, password):
        with lock:
            checked.append(password)
        return check(self, password)

    monkeypatch.setattr(User, "check_password", count)

    def attempt(number):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(LOGIN, {"login": person.email, "password": "wrong"})
        connection.close()

    threads = [threading.Thread(target=attempt, args=[number]) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(checked) <= 5
