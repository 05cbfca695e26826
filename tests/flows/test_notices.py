"""A notice reaches a manager, who mutes its kind from the mail in one click and tells the portal otherwise later."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from engagements.services.notices import write_owed_notices
from fde_portal.core.models import OutgoingMail
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ManagerFactory
from tests.factories.responses import ResponseFactory
from tests.flows.browser import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KIND = "A customer disputes, does not accept, or asks"


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "fde_portal.core.outbox.OutboxBackend"


@pytest.fixture
def engagement(transactional_db):
    return EngagementFactory(name="Customs copilot", customer__name="Harbourline", manager=ManagerFactory(email="ruth@example.org"))


def customer_disputes(engagement) -> None:
    ResponseFactory(edition__engagement=engagement, kind="dispute", text="Too high", confirmed_at=timezone.now() - timedelta(minutes=1))
    write_owed_notices(now=timezone.now())


def mute_link() -> str:
    mail = message_from_bytes(bytes(OutgoingMail.objects.get(recipient="ruth@example.org").source), policy=default)
    after = mail.get_content().partition(f"Mute “{KIND}”:")[2]
    return urlsplit(after.split()[0]).path


def test_a_manager_mutes_a_kind_from_the_mail_and_tells_again_in_the_profile(chromium, live_server, engagement):
    customer_disputes(engagement)
    with chromium.new_context(base_url=live_server.url) as nobody:
        page = nobody.new_page()
        page.goto(mute_link())
        page.get_by_text(KIND).wait_for()
        page.get_by_role("button", name="Mute").click()
        page.get_by_text("No more mail comes about this.").wait_for()

    with person(chromium, live_server.url, "ruth@example.org") as page:
        page.get_by_role("link", name="Notices 1 not read").click()
        page.get_by_text("Because you manage Harbourline, Customs copilot.").wait_for()
        page.get_by_role("button", name="Mark all as read").click()
        page.get_by_text("Marked 1 notice as read.").wait_for()
        customer_disputes(engagement)
        page.reload()
        page.get_by_role("link", name="Notices", exact=True).wait_for()
        assert OutgoingMail.objects.filter(recipient="ruth@example.org").count() == 1

        page.get_by_role("link", name="Choose").click()
        page.get_by_role("button", name=f"Tell me again: {KIND}").click()
        page.get_by_role("button", name=f"Mute: {KIND}").wait_for()
        customer_disputes(engagement)
        page.reload()
        page.get_by_role("link", name="Notices 1 not read").wait_for()
    assert OutgoingMail.objects.filter(recipient="ruth@example.org").count() == 2
