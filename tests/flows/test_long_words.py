"""A word without end, from us or from a customer, makes no page scroll sideways."""

import pytest

from tests.factories.customers import CustomerFactory, StakeholderFactory
from tests.factories.engagements import AskFactory, EngagementFactory, NoteFactory
from tests.factories.people import UserFactory
from tests.factories.responses import ResponseFactory
from tests.factories.shares import ShareFactory
from tests.flows.browser import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "W" * 119
OWN = ("", "answers/", "asks/", "people/", "sharing/", "timeline/")


@pytest.fixture
def engagement():
    lead = UserFactory(email="maya@example.org")
    engagement = EngagementFactory(customer=CustomerFactory(name=LONG), name=LONG, slug="long", lead=lead)
    someone = StakeholderFactory(customer=engagement.customer, name=LONG)
    NoteFactory(customer=engagement.customer, text=LONG * 5).stakeholders.add(someone)
    AskFactory(engagement=engagement, text=LONG, stakeholder=someone)
    ShareFactory(engagement=engagement, name=LONG[:80])
    ResponseFactory(edition__engagement=engagement, text=LONG * 20, name=LONG, item_text=LONG)
    return engagement


def test_no_page_scrolls_sideways(chromium, live_server, engagement):
    paths = ["/my-week/", "/portfolio/", "/customers/", f"/customers/{engagement.customer.slug}/"]
    paths += [f"/engagements/long/{tab}" for tab in OWN]
    with person(chromium, live_server.url, "maya@example.org") as maya:
        wide = []
        for path in paths:
            assert maya.goto(live_server.url + path).status == 200, path
            for width in (360, 1440):
                maya.set_viewport_size({"width": width, "height": 800})
                if maya.evaluate("document.documentElement.scrollWidth") > width:
                    wide.append((path, width))
    assert wide == []
