"""What the scripts of the interface do, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shell(page, client, live_server, settings):
    """The page of script_pages, opened by Maya, who is an administrator too; no script may fail on it."""
    settings.ROOT_URLCONF = "tests.core.script_pages"
    maya = get_user_model().objects.create_user("maya@example.com", name="Maya Okafor", is_administrator=True)
    client.force_login(maya)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto("/page/")
    yield page
    assert faults == []


def lines(page) -> list[str]:
    return page.eval_on_selector_all("[data-line] textarea", "fields => fields.map(field => field.value)")


def drafts(page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))")


def write(page, text: str) -> None:
    page.get_by_label("Line 1").fill(text)
    while text not in page.evaluate("Object.values(localStorage).join()"):
        page.wait_for_timeout(50)


def test_the_content_policy_has_nothing_to_block(shell):
    blocked = []
    shell.on("console", lambda line: blocked.append(line.text) if "Content Security Policy" in line.text else None)
    shell.reload()
    shell.locator("summary.me").click()
    assert blocked == []


def test_enter_adds_a_line_and_an_empty_one_is_used_first(shell):
    shell.get_by_label("Line 1").press("Enter")
    assert lines(shell) == [""]
    write(shell, "Night shift trained")
    shell.keyboard.press("Enter")
    shell.keyboard.type("Audit log finished")
    assert lines(shell) == ["Night shift trained", "Audit log finished"]
    assert shell.locator("[name=line-TOTAL_FORMS]").input_value() == "2"


def test_typed_lines_survive_a_reload_and_can_be_discarded(shell):
    write(shell, "Night shift trained")
    shell.keyboard.press("Enter")
    shell.keyboard.type("Audit log finished")
    shell.reload()
    assert lines(shell) == ["Night shift trained", "Audit log finished"]
    shell.get_by_role("button", name="Discard it").click()
    assert lines(shell)[0] == ""
    assert drafts(shell) == []


def test_a_saved_form_leaves_no_draft_and_a_refused_one_keeps_it(shell):
    write(shell, "bad")
    shell.get_by_role("button", name="Publish").click()
    shell.wait_for_load_state()
    assert len(drafts(shell)) == 1
    write(shell, "good")
    shell.get_by_label("Line 1").press("Control+Enter")
    shell.get_by_text("Saved.").wait_for()
    assert drafts(shell) == []


def test_what_is_sent_while_offline_is_said_and_kept(shell):
    write(shell, "Night shift trained")
    shell.context.set_offline(True)
    shell.get_by_role("button", name="Publish").click()
    shell.get_by_role("alert").get_by_text("You are offline").wait_for()
    assert lines(shell) == ["Night shift trained"]
    assert len(drafts(shell)) == 1
    shell.context.set_offline(False)
    shell.get_by_role("button", name="Publish").click()
    shell.get_by_text("Saved.").wait_for()
    assert drafts(shell) == []


def test_a_dialog_closes_while_offline(shell):
    shell.get_by_role("button", name="Remove").click()
    shell.context.set_offline(True)
    shell.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    shell.get_by_role("dialog").wait_for(state="hidden")
    assert shell.get_by_text("You are offline").count() == 0


def test_nobody_sees_the_draft_of_another_person(shell):
    write(shell, "Pieter is stretched thin")
    shell.evaluate("key => localStorage.setItem(key.replace(/^draft:[^:]*/, 'draft:999'), localStorage[key])", drafts(shell)[0])
    shell.evaluate("localStorage.removeItem(Object.keys(localStorage).find(key => !key.startsWith('draft:999')))")
    shell.reload()
    assert lines(shell) == [""]


def test_harm_waits_for_a_yes(shell):
    shell.get_by_role("button", name="Remove").click()
    shell.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert shell.get_by_text("Saved.").count() == 0
    shell.get_by_role("button", name="Remove").click()
    shell.get_by_role("button", name="Delete", exact=True).click()
    shell.get_by_text("Saved.").wait_for()


def test_signing_out_asks_only_when_text_would_be_lost(shell):
    write(shell, "Pieter is stretched thin")
    shell.locator("summary.me").click()
    shell.get_by_role("button", name="Sign out", exact=True).click()
    shell.get_by_role("button", name="Sign out and erase").click()
    shell.wait_for_url(lambda url: "/page/" not in url)
    assert drafts(shell) == []


def test_single_keys_walk_the_list_until_they_are_turned_off(shell):
    shell.keyboard.press("j")
    shell.keyboard.press("j")
    assert shell.evaluate("document.activeElement.textContent") == "Two"
    shell.locator("summary.me").click()
    shell.get_by_label("Keyboard shortcuts").uncheck()
    shell.keyboard.press("Escape")
    shell.keyboard.press("/")
    assert shell.evaluate("document.activeElement.dataset.search") is None


def test_keys_of_a_page_press_what_it_marks_open_what_is_folded_and_send_from_a_field(shell):
    shell.keyboard.press("r")
    assert shell.evaluate("location.hash") == "#pressed"
    shell.keyboard.press("c")
    shell.keyboard.type("really")
    assert shell.get_by_label("Comment").input_value() == "really"
    shell.keyboard.press("Escape")
    shell.keyboard.press("c")
    shell.keyboard.press("Control+Enter")
    shell.get_by_text("Saved.").wait_for()


def test_a_search_sends_itself_and_leaves_empty_fields_out_of_the_address(shell):
    assert shell.get_by_role("button", name="Apply").count() == 0
    shell.keyboard.press("/")
    shell.keyboard.type("rail")
    shell.wait_for_url("**/page/?q=rail")
    shell.get_by_role("searchbox").fill("")
    shell.wait_for_url(lambda url: "q=" not in url)


def test_colours_change_at_once(shell):
    shell.locator("summary.me").click()
    shell.get_by_role("button", name="Dark").click()
    assert shell.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_shell_has_no_serious_fault_of_accessibility_and_fits(shell, scheme, width):
    shell.set_viewport_size({"width": width, "height": 800})
    shell.emulate_media(color_scheme=scheme)
    shell.locator("summary.me").click()
    found = Axe().run(shell).response["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")] == []
    assert shell.evaluate("document.documentElement.scrollWidth <= innerWidth")
