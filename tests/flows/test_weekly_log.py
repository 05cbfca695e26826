"""One week written at the keyboard, previewed, published, and read by the customer."""

import pytest
from django.urls import reverse
from django.utils import timezone

from engagements.models import WeeklyUpdate
from engagements.selectors.weekly_update import Week
from engagements.services.shares import create_share
from tests.factories.engagements import EngagementFactory, WeeklyUpdateFactory
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def engagement():
    engagement = EngagementFactory(customer__name="Harbourline")
    before = Week.of(timezone.now().date()).previous
    update = WeeklyUpdateFactory(
        engagement=engagement, iso_year=before.year, iso_week=before.number, state="published", published_at=timezone.now()
    )
    update.shared_lines.create(kind="next", text="Train the night shift")
    return engagement


@pytest.fixture
def signed_in(page, engagement):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(engagement.lead.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/my-week/")
    page.goto("/weekly-log/")
    return page


def test_a_week_is_written_with_the_keyboard_previewed_and_published(signed_in, engagement):
    page = signed_in
    page.get_by_label("Headline").fill("All shifts are live")
    page.get_by_text("Done", exact=True).first.click()
    progress = page.get_by_role("group", name="Progress")
    progress.get_by_role("textbox").first.fill("Trained 19 clerks")
    page.keyboard.press("Enter")
    page.keyboard.type("Their IT is slow")
    progress.get_by_role("checkbox", name="Only us").last.check(force=True)
    paper = page.locator("#preview .paper")
    paper.get_by_text("Trained 19 clerks").wait_for()
    paper.get_by_text("All shifts are live").wait_for()
    assert "Their IT is slow" not in paper.inner_text()
    assert "Train the night shift" in paper.inner_text()
    page.get_by_label("Headline").focus()
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Check in").wait_for()  # the last one of the sitting
    update = WeeklyUpdate.objects.get(revision=1, headline="All shifts are live")
    assert [line.text for line in update.shared_progress] == ["Train the night shift", "Trained 19 clerks"]
    assert update.internal_lines.get().text == "Their IT is slow"
    secret = create_share(engagement=engagement, name="Board", by=engagement.lead, language="en")[1]
    page.goto(reverse("shared_page", args=[secret]))
    assert page.get_by_role("heading", level=1).inner_text() == "All shifts are live"


def test_text_survives_on_the_device_until_it_is_saved(signed_in):
    page = signed_in
    page.get_by_label("Headline").fill("Half a thought")
    notes = page.get_by_role("group", name="Notes to the team")
    notes.get_by_role("textbox").first.fill("First")
    page.keyboard.press("Enter")
    page.keyboard.type("Second")
    page.wait_for_timeout(600)
    page.reload()
    assert page.get_by_label("Headline").input_value() == "Half a thought"
    assert [box.input_value() for box in notes.get_by_role("textbox").all()][:2] == ["First", "Second"]


def test_without_scripts_three_spare_rows_serve(chromium, live_server, engagement, client):
    client.force_login(engagement.lead)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto("/weekly-log/")
    assert page.get_by_role("group", name="Progress").get_by_role("textbox", name="Line").count() == 3
    page.get_by_label("Headline").fill("Without scripts")
    page.get_by_role("group", name="Progress").get_by_role("textbox", name="Line").nth(1).fill("Second row")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("Correct this week").wait_for()
    context.close()
    assert WeeklyUpdate.objects.get(headline="Without scripts").shared_progress[0].text == "Second row"
