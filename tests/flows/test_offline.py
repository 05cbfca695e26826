"""Where there is no connection our own people see a page of ours, in their language; customers' pages are left alone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from engagements.views.offline import FILES
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.flows.browser import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
READY = "navigator.serviceWorker.ready.then(found => Boolean(found.active))"
KEPT = """caches.keys()
  .then(names => Promise.all(names.map(name => caches.open(name).then(cache => cache.keys()))))
  .then(lists => lists.flat().map(request => new URL(request.url).pathname))"""


@pytest.fixture
def maya():
    maya = UserFactory(name="Maya Okafor", email="maya@example.org")
    EngagementFactory(slug="copilot", name="Customs copilot", lead=maya)
    return maya


def test_a_reload_on_a_train_shows_our_page_and_comes_back_by_itself(chromium, live_server, maya):
    with person(chromium, live_server.url, maya.email) as page:
        page.goto(reverse("engagement", args=["copilot"]))
        assert page.evaluate(READY)
        page.context.set_offline(True)
        page.reload()
        page.get_by_role("heading", name="No connection").wait_for()
        assert page.get_by_role("status").inner_text().startswith("What you typed is kept on this device.")
        assert page.locator("main.door").evaluate("found => getComputedStyle(found).display") == "grid"
        page.context.set_offline(False)
        page.get_by_role("heading", name="Customs copilot").wait_for()
        assert page.url.endswith(reverse("engagement", args=["copilot"]))


def test_what_is_kept_is_the_one_page_and_its_files(chromium, live_server, maya):
    with person(chromium, live_server.url, maya.email) as page:
        page.goto(reverse("engagement", args=["copilot"]))
        assert page.evaluate(READY)
        page.reload()
        assert set(page.evaluate(KEPT)) == {reverse("offline_page"), *(f"/static/{name}" for name in FILES)}


def test_our_files_come_from_the_network_whenever_there_is_one(chromium, live_server, maya):
    """What was kept before a deploy is not shown after it."""
    with person(chromium, live_server.url, maya.email) as page:
        page.goto(reverse("engagement", args=["copilot"]))
        assert page.evaluate(READY)
        page.reload()  # from now on the worker answers for this page
        page.evaluate("""caches.keys().then(names => caches.open(names[0]))
            .then(cache => cache.put("/static/css/tokens.css", new Response("older")))""")
        now = """fetch("/static/css/tokens.css", { cache: "no-store" }).then(answer => answer.text())"""
        assert "--canvas" in page.evaluate(now)
        page.context.set_offline(True)
        assert page.evaluate(now) == "older"


def test_another_version_takes_the_place_of_the_one_before(chromium, live_server, maya):
    with person(chromium, live_server.url, maya.email) as page:
        page.goto(reverse("engagement", args=["copilot"]))
        assert page.evaluate(READY)
        [before] = page.evaluate("caches.keys()")
        page.context.add_cookies([{"name": "theme", "value": "dark", "url": live_server.url}])
        page.reload()
        page.evaluate("navigator.serviceWorker.getRegistration().then(found => found.update()).then(() => true)")
        while (names := page.evaluate("caches.keys()")) == [before] or len(names) != 1:
            page.wait_for_timeout(50)
        page.context.set_offline(True)
        page.reload()
        assert page.locator("html").get_attribute("data-theme") == "dark"


def test_a_customers_page_is_the_browsers_own_affair(chromium, live_server, maya):
    with person(chromium, live_server.url, maya.email) as page:
        page.goto(reverse("engagement", args=["copilot"]))
        assert page.evaluate(READY)
        page.context.set_offline(True)
        with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
            page.goto(reverse("shared_page", args=["some-key"]))


def test_nobody_who_only_reads_gets_a_worker(chromium, live_server):
    with person(chromium, live_server.url) as page:
        page.goto("/accounts/login/")
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0
