"""The pages before the shell: sign-in, reset of the password, and errors."""

import re

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses(settings):
    settings.ROOT_URLCONF = "tests.core.script_pages"


def test_sign_in_offers_a_way_to_reset_and_none_to_sign_up(client):
    html = client.get("/accounts/login/").content.decode()
    assert 'href="/accounts/password/reset/"' in html
    assert "signup" not in html
    assert 'autocomplete="current-password"' in html


def test_a_wrong_password_is_said_once_and_above_the_form(client):
    maya = UserFactory()
    response = client.post("/accounts/login/", {"login": maya.email, "password": "wrong"})
    html = response.content.decode()
    assert html.count('role="alert"') == 1
    assert "_auth_user_id" not in client.session


def test_signing_in_says_nothing_because_the_page_shows_it(client):
    maya = UserFactory()
    response = client.post("/accounts/login/", {"login": maya.email, "password": PASSWORD}, follow=True)
    assert client.session["_auth_user_id"] == str(maya.pk)
    assert "data-message" not in response.content.decode()


def test_the_link_in_the_mail_leads_to_a_new_password_once(client):
    maya = UserFactory()
    client.post("/accounts/password/reset/", {"email": maya.email})
    [message] = mail.outbox
    assert "example.com" not in message.body.replace(maya.email, "")
    link = re.search(r"https?://[^/]+(\S+)", message.body).group(1)
    form = client.get(link, follow=True)
    new = {"password1": "another horse battery", "password2": "another horse battery"}
    done = client.post(form.redirect_chain[-1][0], new, follow=True)
    assert "Password saved" in done.content.decode()
    maya.refresh_from_db()
    assert maya.check_password("another horse battery")
    assert "This link no longer works" in client.get(link, follow=True).content.decode()


def test_an_unknown_address_gets_the_same_answer(client):
    known = client.post("/accounts/password/reset/", {"email": UserFactory().email}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert without_token(known) == without_token(unknown)


def test_sign_out_asks_when_it_is_opened_as_an_address(client):
    client.force_login(UserFactory())
    assert "Sign out" in client.get("/accounts/logout/").content.decode()
    assert "_auth_user_id" in client.session


def without_token(response) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_a_form_that_cannot_be_trusted_gives_its_texts_back_but_no_secrets():
    typed = {"text": "The scanner was <b>misconfigured</b> by their IT", "password": "correct horse battery staple", "pk": "17"}
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", typed)
    html = response.content.decode()
    assert response.status_code == 403
    assert "The scanner was &lt;b&gt;misconfigured" in html
    assert "correct horse" not in html
    assert html.count("<textarea") == 1


@pytest.mark.parametrize("code", ["403", "403_csrf", "404", "500"])
def test_an_error_needs_no_request_and_no_script(code):
    html = render_to_string(f"{code}.html")
    assert "<script" not in html
    assert "css/public.css" in html
    assert 'lang="en"' in html
    with translation.override("zh-hans"):
        assert 'lang="zh-Hans"' in render_to_string(f"{code}.html")


@pytest.mark.parametrize(("cookie", "attribute"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"')])
def test_the_chosen_colours_are_there_before_sign_in(client, cookie, attribute):
    client.cookies["theme"] = cookie
    assert attribute in client.get("/accounts/login/").content.decode()


def test_a_made_up_colour_scheme_is_ignored(client):
    client.cookies["theme"] = 'x" onload="y'
    assert "data-theme" not in client.get("/accounts/login/").content.decode()
