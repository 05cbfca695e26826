"""Contacts sign in by a mailed code, without a password. Staff do not, and nobody learns who is here."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from fde_portal.accounts.models import AuditEvent, User
from tests.factories.customers import CustomerFactory
from tests.factories.people import ContactFactory, InvitationFactory, UserFactory

REQUEST, CONFIRM = reverse("account_request_login_code"), reverse("account_confirm_login_code")
pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return ContactFactory(email="anneke@harbourline.example", language="en")


def ask(client, email="anneke@harbourline.example"):
    return client.post(REQUEST, {"email": email})


def mailed_code():
    return re.search(r"^[A-Z0-9][A-Z0-9-]+$", mail.outbox[-1].body, re.MULTILINE)[0]


def confirm(client, code):
    return client.post(CONFIRM, {"code": code})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_from_the_address_over_the_code_to_the_shared_pages(client, contact):
    assert REQUEST in client.get(reverse("account_login")).content.decode()
    assert ask(client).status_code == 302
    assert mail.outbox[0].to == [contact.email]
    assert mailed_code() not in mail.outbox[0].subject
    assert not is_signed_in(client)
    assert confirm(client, mailed_code()).status_code == 302
    assert client.get("/", follow=True).redirect_chain[-1][0] == reverse("shared_pages")
    event = AuditEvent.objects.get(verb="sign_in")
    assert (event.actor, event.details) == (contact, {"through": "code"})


def test_a_code_works_once_and_in_its_own_browser(client, contact, django_user_model):
    ask(client)
    code = mailed_code()
    other = type(client)()
    ask(other)
    confirm(other, code)
    assert not is_signed_in(other) or code == mailed_code()
    confirm(client, code)
    assert is_signed_in(client)
    client.logout()
    confirm(client, code)
    assert not is_signed_in(client)


def test_another_code_takes_the_place_of_the_first(client, contact):
    ask(client)
    first = mailed_code()
    assert client.post(CONFIRM, {"action": "resend"}).status_code == 302
    assert (len(mail.outbox), mailed_code() == first) == (2, False)
    confirm(client, mailed_code())
    assert is_signed_in(client)


def test_a_mistyped_address_can_be_given_anew(client, contact):
    ask(client, "anneke@harbourlin.example")
    assert client.get(REQUEST).url == CONFIRM
    assert client.post(reverse("account_logout"), {"next": REQUEST}).url == REQUEST
    ask(client)
    confirm(client, mailed_code())
    assert is_signed_in(client)


@pytest.mark.parametrize("who", ["unknown", "staff", "switched off"])
def test_others_get_no_mail_and_the_same_answer(client, contact, who):
    people = {"unknown": "nobody@example.org", "staff": UserFactory().email, "switched off": ContactFactory(is_active=False).email}
    known, other = type(client)(), type(client)()
    answers = [ask(known), ask(other, people[who])]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    pages = [browser.get(CONFIRM).content.decode() for browser in (known, other)]
    pages = [re.sub(r'value="\w{64}"', "", page).replace(contact.email, "").replace(people[who], "") for page in pages]
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [[contact.email]]


def test_wrong_codes_end_the_right_one(client, contact):
    ask(client)
    code = mailed_code()
    for _ in range(5):
        confirm(client, "WRONG-CODE")
    confirm(client, code)
    assert not is_signed_in(client)


def test_codes_of_an_address_are_limited_whichever_browser_asks(client, contact, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "request_login_code": "100/m/ip"}
    statuses = [ask(type(client)()).status_code for _ in range(7)]
    assert statuses == [302] * 5 + [200] * 2
    assert len(mail.outbox) == 5


def test_a_contact_accepts_an_invitation_without_a_password(client):
    invitation = InvitationFactory(role="contact", customer_id=CustomerFactory().pk, secret="fdei_contact")
    url = reverse("invitation", args=["fdei_contact"])
    assert 'name="password"' not in client.get(url).content.decode()
    assert client.post(url, {"name": "Anneke", "language": "en", "time_zone": "Europe/Amsterdam"}).status_code == 302
    person = User.objects.get(email=invitation.email)
    assert not person.has_usable_password()
    assert is_signed_in(client)
    client.logout()
    ask(client, person.email)
    confirm(client, mailed_code())
    assert is_signed_in(client)


def test_staff_still_choose_one(client):
    InvitationFactory(role="fde", secret="fdei_fde")
    url = reverse("invitation", args=["fdei_fde"])
    assert 'name="password"' in client.get(url).content.decode()
    assert client.post(url, {"name": "Elin", "language": "en", "time_zone": "Europe/Oslo"}).status_code == 422
