"""The product's main job through the eyes of an FDE, a manager and two readers at the customer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagements.models import WeeklyUpdate
from engagements.services.recomputes import request_recompute
from tests.factories.customers import MembershipFactory, StakeholderFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory
from tests.factories.usage import TargetPopulationFactory, UsageSourceFactory
from tests.flows.browser import person, text_of, write_lines

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADLINE = "Night shift works with the copilot"
SHARED = ["Trained 14 clerks in Felixstowe", "Connect the tariff feed", "Name a deputy for Anneke"]
INTERNAL = ["Sponsor wavers, call Daniel before Thursday", "Their budget ends in March"]


@pytest.fixture
def engagement():
    """Maya's engagement with a measured deliverable, beside somebody else's with data of its own."""
    stranger = EngagementFactory(customer__name="Kestrel Energy", name="Outage triage")
    request_recompute(stranger.pk)
    maya = UserFactory(name="Maya Okafor", email="maya@example.org")
    started_on = timezone.localdate() - timedelta(weeks=8)
    mine = EngagementFactory(
        customer__name="Harbourline", name="Customs copilot", slug="customs-copilot", lead=maya, started_on=started_on
    )
    source = UsageSourceFactory(deliverable=DeliverableFactory(engagement=mine, name="Copilot"), name="Audit log")
    TargetPopulationFactory(deliverable=source.deliverable, licences=20, starts_on=started_on)
    StakeholderFactory(customer=mine.customer, name="Anneke Visser", influence=5)
    StakeholderFactory(customer=stranger.customer, name="Nobody here knows")
    ManagerFactory(name="Ruth Adeyemi", email="ruth@example.org")
    MembershipFactory(customer=mine.customer, user=ContactFactory(email="anneke@example.org"))
    return mine


def usage_csv(folder, *people: str):
    """A file in which everybody worked yesterday and the day before."""
    days = [timezone.localdate() - timedelta(days=back) for back in (1, 2)]
    rows = [f"{name},{day},3" for name in people for day in days]
    path = folder / f"usage-{len(people)}.csv"
    path.write_text("\n".join(["actor,date,events", *rows]))
    return path


def test_from_a_logged_week_to_a_revoked_link(chromium, live_server, start_worker, engagement, tmp_path):
    start_worker()
    with person(chromium, live_server.url, "maya@example.org") as maya:
        publish_a_week(maya)
        watch_the_weekly_users_change(maya, tmp_path)
        link = share(maya)
        with person(chromium, live_server.url) as visitor:
            assert visitor.goto(link).status == 200
            assert_shows_only_what_is_shared(visitor)
        with person(chromium, live_server.url, "ruth@example.org") as ruth:
            see_it_in_the_portfolio(ruth)
        with person(chromium, live_server.url, "anneke@example.org") as anneke:
            anneke.get_by_role("link", name="Customs copilot").click()
            assert_shows_only_what_is_shared(anneke)
            assert anneke.goto("/portfolio/").status == 403
        revoke(maya)
        with person(chromium, live_server.url) as visitor:
            assert visitor.goto(link).status == 404
            assert HEADLINE not in text_of(visitor)


def publish_a_week(maya) -> None:
    maya.get_by_role("link", name="Weekly log").click()
    maya.get_by_label("Headline").fill(HEADLINE)
    write_lines(maya, "Progress", SHARED[0], INTERNAL[0])
    maya.get_by_role("group", name="Progress").get_by_role("checkbox", name="Only us").nth(1).check(force=True)
    write_lines(maya, "Next week", SHARED[1])
    maya.get_by_role("group", name="We need from Harbourline").get_by_role("textbox").first.fill(SHARED[2])
    write_lines(maya, "Notes to the team", INTERNAL[1])
    for name in WeeklyUpdate.RATED:
        maya.locator(f"label:has([name={name}][value=watch])").click()
    preview = maya.get_by_label("Preview", exact=True)
    preview.locator(".paper").get_by_text(SHARED[0]).wait_for()
    assert INTERNAL[0] not in preview.locator(".paper").inner_text()
    maya.get_by_role("button", name="Publish", exact=True).click()
    maya.get_by_text("Published: Harbourline").wait_for()


def watch_the_weekly_users_change(maya, folder) -> None:
    """The page that stays open shows each upload by itself, within seconds."""
    maya.get_by_role("link", name="Harbourline", exact=True).click()
    maya.get_by_role("link", name="Adoption", exact=True).click()
    maya.get_by_text("No usage yet").wait_for()
    maya.evaluate("window.stayed = true")
    for people in (("ana", "ben", "chi"), ("ana", "ben", "chi", "dee", "eli")):
        upload(maya, usage_csv(folder, *people))
        maya.locator("dt:text-is('Weekly users') + dd").get_by_text(str(len(people)), exact=False).first.wait_for(timeout=6_000)
        users = maya.locator("dt:text-is('Weekly users') + dd").first.inner_text()
        assert users.split()[0] == str(len(people))
    assert maya.evaluate("window.stayed")


def upload(maya, file) -> None:
    """Upload in another tab."""
    with maya.context.new_page() as tab:
        tab.goto(maya.url)
        tab.get_by_role("link", name="Data and target users").click()
        tab.get_by_role("link", name="Upload usage").click()
        tab.get_by_label("CSV file").set_input_files(file)
        tab.get_by_role("button", name="Upload").click()
        tab.get_by_text("rows came in").wait_for()


def share(maya) -> str:
    """Create a link and return its address."""
    maya.get_by_role("link", name="Sharing", exact=True).click()
    maya.get_by_role("link", name="New link").first.click()
    maya.get_by_label("For whom").fill("Steering group")
    maya.get_by_label("Whoever has the link").check()
    maya.get_by_role("button", name="Create link").click()
    return maya.get_by_label("Copy it now").input_value()


def assert_shows_only_what_is_shared(page) -> None:
    text, source = text_of(page), page.content()
    assert [line for line in [HEADLINE, *SHARED] if line not in text] == []
    assert [line for line in INTERNAL if line in source] == []


def see_it_in_the_portfolio(ruth) -> None:
    row = ruth.get_by_role("row").filter(has_text="Customs copilot")
    assert HEADLINE in row.inner_text()
    assert "Outage triage" in text_of(ruth)
    row.get_by_role("link", name="Harbourline").click()
    assert HEADLINE in text_of(ruth)


def revoke(maya) -> None:
    maya.get_by_role("link", name="Done").click()
    maya.get_by_role("button", name="Revoke").click()
    maya.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    maya.get_by_text("no longer works").wait_for()
