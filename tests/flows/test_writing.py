"""Words typed into the weekly log are not lost, and nobody needs a mouse."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from engagements.models import SharedLine, WeeklyUpdate
from tests.factories.engagements import EngagementFactory
from tests.factories.people import PASSWORD, UserFactory
from tests.flows.browser import person, text_of, write_lines
from tests.flows.entrance import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def engagement():
    maya = UserFactory(name="Maya Okafor", email="maya@example.org")
    jonas = UserFactory(name="Jonas Lindqvist", email="jonas@example.org")
    started_on = timezone.localdate() - timedelta(weeks=2)
    return EngagementFactory(customer__name="Harbourline", lead=maya, backup=jonas, started_on=started_on)


def open_the_log(page) -> None:
    page.get_by_role("link", name="Weekly log").click()
    page.get_by_label("Headline").wait_for()


def lines_of(page) -> list[str]:
    fields = page.get_by_role("group", name="Progress").get_by_role("textbox", name="Line")
    return [text for text in fields.evaluate_all("fields => fields.map(field => field.value)") if text]


def test_words_typed_after_the_sign_in_expired_are_there_after_the_next_one(chromium, live_server, engagement):
    with person(chromium, live_server.url, "maya@example.org") as maya:
        open_the_log(maya)
        Session.objects.all().delete()
        maya.get_by_label("Headline").fill("Night shift trained")
        write_lines(maya, "Progress", "Fourteen clerks", "Two supervisors")
        maya.get_by_role("button", name="Save draft").click()
        maya.get_by_label("E-mail").wait_for()
        assert not WeeklyUpdate.objects.exists()

        sign_in(maya, "maya@example.org", PASSWORD)
        if not maya.get_by_label("Headline").is_visible():
            open_the_log(maya)
        assert maya.get_by_label("Headline").input_value() == "Night shift trained"
        assert lines_of(maya) == ["Fourteen clerks", "Two supervisors"]
        maya.get_by_role("button", name="Save draft").click()
        maya.get_by_text("Saved.").wait_for()
    assert WeeklyUpdate.objects.get().headline == "Night shift trained"
    assert SharedLine.objects.count() == 2


def test_the_second_of_two_writers_sees_both_texts_also_without_scripts(chromium, live_server, engagement):
    with (
        person(chromium, live_server.url, "maya@example.org", scripts=False) as maya,
        person(chromium, live_server.url, "jonas@example.org", scripts=False) as jonas,
    ):
        for page, headline in ((maya, "What Maya wrote"), (jonas, "What Jonas wrote")):
            page.goto(f"/weekly-log/?engagement={engagement.slug}")
            page.get_by_label("Headline").fill(headline)
        maya.get_by_role("button", name="Save draft").click()
        maya.get_by_text("Saved.").wait_for()

        jonas.get_by_role("button", name="Save draft").click()
        jonas.get_by_text("Somebody else saved this week").wait_for()
        assert "What Maya wrote" in text_of(jonas)
        assert jonas.get_by_label("Headline").input_value() == "What Jonas wrote"
        assert WeeklyUpdate.objects.get().headline == "What Maya wrote"

        jonas.get_by_role("button", name="Save draft").click()
        jonas.get_by_text("Saved.").wait_for()
    assert WeeklyUpdate.objects.get().headline == "What Jonas wrote"


def test_a_week_is_published_with_the_keyboard_alone(chromium, live_server, engagement):
    with person(chromium, live_server.url, "maya@example.org") as maya:
        press_until_at(maya, "Weekly log")
        maya.keyboard.press("Enter")
        maya.wait_for_url("**/weekly-log/*/*/")
        press_until_at(maya, "Headline")
        maya.keyboard.type("Night shift trained")
        press_until_at(maya, "Line")
        maya.keyboard.type("Fourteen clerks")
        maya.keyboard.press("Enter")
        maya.keyboard.type("Two supervisors")
        press_until_at(maya, "schedule")
        maya.keyboard.press("Space")
        maya.keyboard.press("Control+Enter")
        maya.get_by_text("Published: Harbourline").wait_for()
    update = WeeklyUpdate.objects.get()
    assert (update.headline, update.schedule_rating) == ("Night shift trained", "on_track")
    assert [line.text for line in SharedLine.objects.order_by("position")] == ["Fourteen clerks", "Two supervisors"]


def press_until_at(page, name: str, most: int = 60) -> None:
    """Press Tab until the focus is on what has this label, text or field name."""
    for _ in range(most):
        page.keyboard.press("Tab")
        names = page.evaluate(
            """() => {
                const at = document.activeElement;
                return [at.textContent, at.name, ...[...(at.labels ?? [])].map(label => label.textContent)].map(text => (text ?? "").trim());
            }"""
        )
        if any(found == name or found.startswith(f"{name} ") for found in names):
            return
    raise AssertionError(f"Tab does not lead to {name}")
