"""From an invitation by mail to a second step with a passkey, and to the day somebody leaves."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from playwright.sync_api import Page, expect

from engagements.models import Engagement
from fde_portal.accounts.models import OrganizationSettings, User
from tests.factories.engagements import EngagementFactory
from tests.factories.people import PASSWORD, ManagerFactory, UserFactory
from tests.flows.browser import person, sign_in, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW_PASSWORD = "seven wild geese"


def add_authenticator(page: Page) -> None:
    """Give the browser a fingerprint reader that always agrees."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    reader = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": reader})


def code_for(secret: str) -> str:
    """What an authenticator app shows now; the same code never opens twice."""
    counter = int(time.time()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def sign_out(page: Page) -> None:
    page.get_by_text("Your menu").locator("..").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/accounts/login/**")


@pytest.fixture
def address(live_server) -> str:
    """The server under the name that browsers trust with passkeys."""
    return live_server.url.replace("127.0.0.1", "localhost")


def test_invited_they_come_work_and_leave(chromium, address, settings):
    settings.BASE_URL = address
    ManagerFactory(name="Ruth Adeyemi", email="ruth@example.org")
    successor = UserFactory(name="Tom Berg")
    with person(chromium, address, "ruth@example.org") as manager:
        manager.goto("/settings/people/")
        manager.get_by_role("link", name="Invite").click()
        manager.get_by_label("Name").fill("Elin Haugen")
        manager.get_by_label("E-mail").fill("elin@example.org")
        manager.get_by_role("button", name="Send the invitation").click()
        expect(manager.get_by_text("on its way to elin@example.org")).to_be_visible()
        link = re.search(r"http\S+/invitations/\S+", mail.outbox[0].body).group(0)
        with person(chromium, address) as invited:
            invited.goto(link)
            invited.get_by_label("Password").fill(NEW_PASSWORD)
            invited.get_by_role("button", name="Accept and sign in").click()
            expect(invited.get_by_text("Elin Haugen").first).to_be_visible()
            elin = User.objects.get(email="elin@example.org")
            engagement = EngagementFactory(lead=elin)
            manager.goto("/settings/people/")
            manager.get_by_role("link", name="Elin Haugen").click()
            manager.get_by_role("link", name="Switch off and hand over").click()
            manager.get_by_label("Their work goes to").select_option(label="Tom Berg")
            manager.get_by_role("button", name="Switch off and hand over", exact=True).click()
            manager.get_by_role("button", name="Yes, switch off and hand over").click()
            expect(manager.get_by_text("can no longer sign in")).to_be_visible()
            invited.goto("/my-week/")
            assert "Sign in" in text_of(invited)
    assert Engagement.objects.get(pk=engagement.pk).lead == successor


def test_a_required_second_step_is_a_passkey_which_then_opens_alone(chromium, address):
    maya = UserFactory(email="maya@example.org", owes_second_step=True)
    OrganizationSettings(second_step_for=["fde"]).save()
    with person(chromium, address) as page:
        add_authenticator(page)
        page.goto("/")
        sign_in(page, maya.email, PASSWORD)
        expect(page.get_by_text("Your role needs a second step")).to_be_visible()
        page.goto("/my-week/")
        expect(page.get_by_text("Your role needs a second step")).to_be_visible()
        page.get_by_role("link", name="Add Passkey").click()
        page.get_by_label("Sign in with it alone").check()
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
        page.get_by_role("link", name="I have kept them").click()
        page.wait_for_url("**/my-week/")
        sign_out(page)
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/my-week/")
        sign_out(page)
        sign_in(page, maya.email, PASSWORD)
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url("**/my-week/")
    assert Authenticator.objects.filter(user=maya, type="webauthn").count() == 1


def test_an_authenticator_app_is_set_up_and_asked_for(chromium, address):
    maya = UserFactory(email="maya@example.org")
    with person(chromium, address, maya.email) as page:
        page.goto("/settings/sign-in/")
        page.get_by_role("link", name="Set up").click()
        secret = page.locator("#totp-key").inner_text()
        page.get_by_label("Authenticator code").fill(code_for(secret))
        page.get_by_role("button", name="Switch on").click()
        codes = page.locator("#recovery-codes").inner_text().split()
        assert len(codes) == 10
        page.get_by_role("link", name="I have kept them").click()
        sign_out(page)
        sign_in(page, maya.email, PASSWORD)
        page.get_by_label("Code").fill("000000")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("Code").fill(code_for(secret))
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/my-week/")
        sign_out(page)
        sign_in(page, maya.email, PASSWORD)
        page.get_by_label("Code").fill(codes[0])
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/my-week/")


def test_a_passkey_that_is_not_given_says_so(chromium, address):
    maya = UserFactory(email="maya@example.org")
    with person(chromium, address, maya.email, PASSWORD) as page:
        page.goto("/accounts/2fa/webauthn/add/")
        page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("The passkey was not used.")).to_be_visible()
    assert not Authenticator.objects.exists()
