"""Single sign-on against a provider on loopback: who comes in, and that nobody else does."""

from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from fde_portal.accounts.models import AuditEvent, User
from fde_portal.core.environment import SingleSignOn
from tests.accounts.oidc_provider import CLIENT_ID, CLIENT_SECRET, running_provider
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/oidc/sso/login/?process=login"


@pytest.fixture
def provider(settings):
    with running_provider() as provider:
        settings.SINGLE_SIGN_ON = SingleSignOn(
            server_url=provider.url, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, name="Northlight"
        )
        settings.SOCIALACCOUNT_PROVIDERS = settings.SINGLE_SIGN_ON.providers()
        yield provider


@pytest.fixture
def maya():
    return UserFactory(name="Maya Okafor", email="maya@example.org", language="zh-hans")


def walk(client, start=LOGIN):
    """From the button to the provider and back; the answer of the portal."""
    to_provider = client.get(start)
    back = requests.get(to_provider.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_the_button_is_there_only_when_a_provider_is_set(client, settings):
    assert "oidc" not in client.get(reverse("account_login")).content.decode()
    assert client.get(LOGIN).status_code == 404


def test_somebody_we_know_comes_in_and_the_trail_says_how(client, provider, maya):
    page = client.get(reverse("account_login") + "?next=/settings/profile/").content.decode()
    assert "Sign in with Northlight" in page
    assert "process=login&amp;next=" in page
    response = walk(client, LOGIN + "&next=/settings/profile/")
    assert response.headers["Location"] == "/settings/profile/"
    assert signed_in(client) == str(maya.pk)
    assert response.cookies["django_language"].value == "zh-hans"
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.details) == ("sign_in", maya, {"through": "oidc"})


def test_the_password_stays_and_nothing_about_the_provider_is_kept(client, provider, maya):
    walk(client)
    assert User.objects.get(pk=maya.pk).check_password(PASSWORD)
    assert not SocialAccount.objects.exists()


def test_the_code_is_bound_to_this_browser(client, provider, maya):
    walk(client)
    asked = dict(provider.requests)
    assert asked["/authorize"]["code_challenge_method"] == "S256"
    assert asked["/authorize"]["redirect_uri"].endswith("/accounts/oidc/sso/login/callback/")
    assert len(asked["/token"]["code_verifier"]) >= 43


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@example.org"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email": ""},
        {"email": "off@example.org"},
    ],
)
def test_others_are_refused_alike_and_none_is_made(client, provider, maya, claims):
    UserFactory(email="off@example.org", is_active=False)
    provider.claims |= claims
    people = User.objects.count()
    response = walk(client)
    assert response.status_code == 403
    assert "cannot sign in this way" in response.content.decode()
    assert signed_in(client) is None
    assert User.objects.count() == people
    assert AuditEvent.objects.get().verb == "refuse_sign_in"


def test_an_answer_about_another_person_than_the_token_is_refused(client, provider, maya):
    provider.user_info = {"sub": "u-2", "email": "maya@example.org", "email_verified": True}
    assert walk(client).status_code == 403
    assert signed_in(client) is None


def test_a_token_made_for_another_site_is_refused(client, provider, maya):
    provider.audience = "another site"
    walk(client)
    assert signed_in(client) is None


def test_a_callback_nobody_asked_for_is_refused(client, provider, maya):
    response = client.get("/accounts/oidc/sso/login/callback/?code=once&state=made-up")
    assert signed_in(client) is None
    assert "Signing in failed" in response.content.decode()


def test_it_never_connects_an_account_of_the_provider_to_somebody(client, provider, maya):
    stranger = UserFactory()
    client.force_login(stranger)
    response = walk(client, LOGIN.replace("login&", "connect").replace("process=login", "process=connect"))
    assert response.status_code == 403
    assert not SocialAccount.objects.exists()
    assert client.get("/accounts/3rdparty/").status_code == 404
    assert client.get("/accounts/3rdparty/signup/").status_code == 404


def test_a_provider_that_is_away_is_said_in_words(client, provider, maya):
    provider.shutdown()
    provider.server_close()
    response = client.get(LOGIN)
    assert "Signing in failed" in response.content.decode()
