"""The weekly log saves itself: through a lost connection, an expired sign-in, a closed tab, and beside somebody else."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from engagements.models import DraftRevision, Edition, Engagement, InternalLine, SharedLine, WeeklyUpdate
from tests.factories.engagements import EngagementFactory
from tests.factories.people import PASSWORD, UserFactory
from tests.flows.browser import person, write_lines
from tests.flows.entrance import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def engagement():
    maya = UserFactory(name="Maya Okafor", email="maya@example.org")
    elin = UserFactory(name="Elin Berg", email="elin@example.org")
    started_on = timezone.localdate() - timedelta(weeks=2)
    return EngagementFactory(customer__name="Harbourline", lead=maya, backup=elin, started_on=started_on)


def open_the_log(page) -> None:
    """The week of the only engagement, also for its backup, whose turn it is not."""
    page.goto(f"/weekly-log/?engagement={Engagement.objects.get().slug}")
    page.get_by_label("Headline").wait_for()


def state_is(page, words: str) -> None:
    page.locator("[data-save-state]").get_by_text(words).wait_for()


def write(page, headline: str = "", progress: str = "", note: str = "") -> None:
    for group, text in (("Progress", progress), ("Notes to the team", note)):
        if text:
            write_lines(page, group, text)
    if headline:
        page.get_by_label("Headline").fill(headline)


def stored() -> set[str]:
    texts = {line.text for table in (SharedLine, InternalLine) for line in table.objects.all()}
    return texts | set(WeeklyUpdate.objects.values_list("headline", flat=True))


WAITING = "Object.keys(localStorage).filter(key => key.startsWith('draft:') && !JSON.parse(localStorage[key]).stored)"


def drafts(page) -> list[str]:
    return page.evaluate(WAITING)


def nothing_waits(page) -> None:
    while drafts(page):  # the content policy forbids wait_for_function
        page.wait_for_timeout(50)


def test_a_pause_in_typing_saves_and_publishes_nothing(chromium, live_server, engagement):
    with person(chromium, live_server.url, "maya@example.org") as maya:
        open_the_log(maya)
        write(maya, "Night shift trained", "Fourteen clerks", "Pieter is stretched thin")
        state_is(maya, "All changes saved, ")
        assert stored() == {"Night shift trained", "Fourteen clerks", "Pieter is stretched thin"}
        assert drafts(maya) == []
        assert WeeklyUpdate.objects.get().is_draft
        assert not Edition.objects.exists()
        write_lines(maya, "We need from", "Name a reviewer")
        state_is(maya, "All changes saved, ")
        asks = list(WeeklyUpdate.objects.get().asks.values_list("pk", "text"))
        write(maya, "Night shift is trained")
        state_is(maya, "All changes saved, ")
        assert list(WeeklyUpdate.objects.get().asks.values_list("pk", "text")) == asks


def test_three_fields_typed_offline_survive_an_expired_sign_in(chromium, live_server, engagement):
    with person(chromium, live_server.url, "maya@example.org") as maya:
        open_the_log(maya)
        maya.context.set_offline(True)
        write(maya, "Night shift trained", "Fourteen clerks", "Pieter is stretched thin")
        state_is(maya, "Offline, kept on this device")
        maya.get_by_role("button", name="Save draft").click()
        assert maya.get_by_label("Headline").input_value() == "Night shift trained"
        Session.objects.all().delete()
        maya.context.set_offline(False)
        state_is(maya, "Signed out. Your text is kept on this device.")
        assert stored() == set()

        maya.locator("[data-save-state]").get_by_role("link", name="Sign in").click()
        maya.get_by_label("E-mail").wait_for()
        maya.goto("/")
        sign_in(maya, "maya@example.org", PASSWORD)
        open_the_log(maya)
        nothing_waits(maya)
        assert maya.get_by_label("Headline").input_value() == "Night shift trained"
    assert stored() == {"Night shift trained", "Fourteen clerks", "Pieter is stretched thin"}


def test_a_tab_closed_in_the_middle_loses_no_word(chromium, live_server, engagement):
    with person(chromium, live_server.url, "maya@example.org") as maya:
        open_the_log(maya)
        maya.context.set_offline(True)
        write(maya, "Night shift trained", "Fourteen clerks", "Pieter is str")
        maya.close(run_before_unload=True)
        again = maya.context.new_page()
        maya.context.set_offline(False)
        # Any page brings what a closed one left behind.
        again.goto(f"{live_server.url}/my-week/")
        nothing_waits(again)
        assert stored() == {"Night shift trained", "Fourteen clerks", "Pieter is str"}
        open_the_log(again)
        assert again.get_by_label("Headline").input_value() == "Night shift trained"


def test_the_second_of_two_writers_sees_it_and_keeps_both_texts(chromium, live_server, engagement):
    with (
        person(chromium, live_server.url, "maya@example.org") as maya,
        person(chromium, live_server.url, "elin@example.org") as elin,
    ):
        open_the_log(maya)
        open_the_log(elin)
        write(elin, "What Elin wrote", "Elin trained the night shift")
        state_is(elin, "All changes saved, ")
        write(maya, "What Maya wrote", "Maya agreed a date")
        state_is(maya, "Changed by Elin Berg at ")
        assert stored() == {"What Elin wrote", "Elin trained the night shift"}

        maya.locator("[data-save-state]").get_by_role("button", name="Compare").click()
        sides = maya.locator(".sides")
        sides.get_by_text("What Elin wrote").wait_for()
        assert "What Maya wrote" in sides.inner_text()
        maya.get_by_role("button", name="Keep both").click()
        maya.get_by_text("Both texts are in the draft now. The other headline stands among the notes to the team.").wait_for()
    assert stored() == {"What Maya wrote", "What Elin wrote", "Maya agreed a date", "Elin trained the night shift"}


def test_what_gives_way_is_among_the_earlier_texts_and_can_be_put_back(chromium, live_server, engagement):
    with (
        person(chromium, live_server.url, "maya@example.org") as maya,
        person(chromium, live_server.url, "elin@example.org") as elin,
    ):
        open_the_log(maya)
        open_the_log(elin)
        write(elin, progress="Elin trained the night shift")
        state_is(elin, "All changes saved, ")
        write(maya, progress="Maya agreed a date")
        state_is(maya, "Changed by Elin Berg at ")
        maya.locator("[data-save-state]").get_by_role("button", name="Compare").click()
        maya.get_by_role("button", name="Keep mine").click()
        maya.get_by_text("Saved.").wait_for()
        assert stored() == {"", "Maya agreed a date"}
        assert [revision.author.name for revision in DraftRevision.objects.all()] == ["Elin Berg"]

        maya.get_by_role("link", name="Earlier texts").click()
        maya.get_by_text("Elin trained the night shift").wait_for()
        maya.get_by_role("button", name="Add to the draft").click()
        maya.get_by_text("The earlier text is in the draft again.").wait_for()
    assert stored() == {"", "Maya agreed a date", "Elin trained the night shift"}


def test_signing_out_sends_what_waits_and_asks_only_for_the_rest(chromium, live_server, engagement):
    with person(chromium, live_server.url, "maya@example.org") as maya:
        open_the_log(maya)
        maya.context.set_offline(True)
        write(maya, "Night shift trained")
        state_is(maya, "Offline, kept on this device")
        maya.goto("about:blank")
        maya.context.set_offline(False)
        maya.route("**/draft/", lambda route: route.abort())
        maya.goto(f"{live_server.url}/my-week/")
        maya.unroute("**/draft/")
        assert len(drafts(maya)) == 1

        maya.locator("summary.me").click()
        maya.get_by_role("button", name="Sign out", exact=True).click()
        maya.get_by_label("E-mail").wait_for()
        assert drafts(maya) == []
    assert stored() == {"Night shift trained"}
