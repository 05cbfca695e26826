"""Search, playbooks and files, from creation to archive, in a browser."""

from pathlib import Path

import pytest

from engagements.models import Attachment, Engagement, Playbook
from fde_portal.core.search.index import reindex
from tests.factories.engagements import EngagementFactory, NoteFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.flows.browser import person, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def engagement() -> Engagement:
    maya = UserFactory(name="Maya Okafor", email="maya@example.org")
    return EngagementFactory(name="Customs copilot", customer__name="华岭银行 Hualing", lead=maya)


def test_the_palette_finds_jumps_and_begins_without_a_mouse(chromium, live_server, engagement):
    NoteFactory(customer=engagement.customer, engagement=engagement, text="华岭银行 wants a pilot")
    reindex()
    with person(chromium, live_server.url, "maya@example.org") as maya:
        maya.keyboard.press("Control+k")
        field = maya.get_by_role("combobox", name="Search and go to")
        field.fill("银行 pilot")
        maya.get_by_role("option", name="Meeting").wait_for()
        field.fill("customs")
        with maya.expect_navigation(url="**/engagements/*/"):
            maya.keyboard.press("Enter")  # at once: it waits for the answer to these words
        maya.keyboard.press("Control+k")
        maya.get_by_role("combobox", name="Search and go to").fill("new eng")
        with maya.expect_navigation(url="**/engagements/new/"):
            maya.keyboard.press("Enter")
        maya.keyboard.press("Control+k")
        maya.keyboard.press("Escape")
        assert not maya.locator("#palette").is_visible()


def test_a_playbook_from_creation_to_archive(chromium, live_server, engagement):
    ManagerFactory(email="ruth@example.org")
    with person(chromium, live_server.url, "ruth@example.org") as ruth:
        ruth.goto("/playbooks/")
        ruth.get_by_role("link", name="New playbook").click()
        ruth.get_by_label("Name").fill("Short pilot")
        ruth.get_by_label("Days after the start").first.fill("7")
        ruth.get_by_label("Milestone", exact=True).fill("Kick-off")
        ruth.get_by_label("What must hold").fill("Baseline measured")
        ruth.get_by_role("button", name="Save").click()
        ruth.get_by_role("link", name="Short pilot").wait_for()

        ruth.goto("/engagements/new/")
        ruth.locator("[name=customer]").select_option(label="华岭银行 Hualing")
        ruth.get_by_label("Name of the engagement").fill("Second try")
        ruth.locator("[name=lead]").select_option(label="Maya Okafor")
        ruth.locator("[name=playbook]").select_option(label="Short pilot")
        ruth.get_by_role("button", name="Save").click()
        ruth.get_by_role("link", name="Gates", exact=True).click()
        asked = ruth.get_by_role("listitem").filter(has_text="Baseline measured")
        asked.locator("summary").click()
        asked.locator("label", has_text="Passed").click()
        asked.locator("[name=evidence]").fill("Timed on two desks")
        asked.get_by_role("button", name="Save the answer").click()
        asked.get_by_text("Timed on two desks").first.wait_for()
        ruth.get_by_role("button", name="Undo").click()
        asked.get_by_text("Unknown", exact=True).first.wait_for()

        ruth.goto("/playbooks/")
        row = ruth.get_by_role("listitem").filter(has_text="Short pilot")
        row.get_by_role("button", name="Archive").click()
        ruth.get_by_role("button", name="Undo").wait_for()
    assert Playbook.objects.get(name="Short pilot").is_archived


def test_a_file_is_attached_refused_and_removed(chromium, live_server, engagement, settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path / "media"
    note = NoteFactory(customer=engagement.customer, engagement=engagement)
    minutes, tool = tmp_path / "minutes.txt", tmp_path / "tool.exe"
    minutes.write_text("We agreed.")
    tool.write_text("MZ")
    with person(chromium, live_server.url, "maya@example.org") as maya:
        maya.goto(f"/notes/{note.pk}/")
        maya.locator("input[type=file]").set_input_files(tool)
        maya.get_by_role("button", name="Attach").click()
        maya.get_by_text("tool.exe: files of this type are not taken.").wait_for()
        maya.locator("input[type=file]").set_input_files(minutes)
        maya.get_by_role("button", name="Attach").click()
        with maya.expect_download() as download:
            maya.get_by_role("link", name="minutes.txt").click()
        assert download.value.path().read_text() == "We agreed."
        maya.get_by_role("button", name="Remove minutes.txt").click()
        maya.get_by_role("button", name="Undo").wait_for()
        assert "minutes.txt" not in text_of(maya).split("Files", 1)[1]
    assert Attachment.objects.get().removed_at is not None
