"""Everybody follows every link they can reach: no dead end, and every language says what it should."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import polib
import pytest
from django.conf import settings
from django.urls import resolve
from playwright.sync_api import APIRequestContext

from tests.flows.pages import PEOPLE

CATALOGUE = Path(settings.BASE_DIR) / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
pytestmark = pytest.mark.browser

# Of one kind of page (a route with the same query keys) so many are opened, and more with --all. Not all of them: filters
# of lists combine into more pages than there are minutes.
MOST_ALIKE, MOST_ALIKE_OF_ALL = 2, 40
# A line of the demo's value cases has the name that its kind has too.
DEMO_SAYS = {"Model and cloud"}
ASIDE = {"script", "style", "svg", "template", "textarea", "select"}


@dataclass
class Seen(HTMLParser):
    """What one page links to, which anchors it has, and the text a person reads."""

    links: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    language: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.aside = 0
        self.quoting: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.anchors.add(given.get("id") or "")
        if tag == "html":
            self.language = given.get("lang") or ""
        elif "lang" in given or tag in self.quoting:  # a part in a language of its own, such as what a customer will read
            self.quoting.append(tag)
        if tag == "a" and "href" in given:
            self.links.add(given["href"] or "")
        self.aside += tag in ASIDE

    def handle_endtag(self, tag: str) -> None:
        self.aside -= tag in ASIDE
        if tag in self.quoting:
            self.quoting.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.aside and not self.quoting and data.strip():
            self.texts.append(" ".join(data.split()))


@dataclass
class Crawl:
    """One person's walk. `faults` says where a link leads nowhere."""

    web: APIRequestContext
    most_alike: int
    pages: dict[str, Seen] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    alike: dict[str, int] = field(default_factory=dict)

    def walk(self, start: str) -> Crawl:
        waiting = deque([(start, "the start")])
        met = {start}
        while waiting:
            path, origin = waiting.popleft()
            for link in self.open(path, origin):
                if link not in met and self.is_new_enough(link):
                    met.add(link)
                    waiting.append((link, path))
        return self

    def open(self, path: str, origin: str) -> list[str]:
        """Open one page and return the pages of the portal it links to."""
        answer = self.web.get(path)
        if answer.status != 200:
            self.faults.append(f"{answer.status} {path}, linked from {origin}")
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            return []
        seen = Seen()
        seen.feed(answer.text())
        self.pages[path] = seen
        self.faults += [f"{path} has a dead link {link!r}" for link in seen.links if is_dead(link, seen)]
        return [inside for link in sorted(seen.links) if (inside := own_path(path, link))]

    def is_new_enough(self, path: str) -> bool:
        kind = kind_of(path)
        self.alike[kind] = self.alike.get(kind, 0) + 1
        return self.alike[kind] <= self.most_alike


def is_dead(link: str, seen: Seen) -> bool:
    return link in ("", "#") or (link.startswith("#") and link[1:] not in seen.anchors)


def own_path(page: str, link: str) -> str | None:
    """The link as a path of the portal; None for other sites, addresses of mail, and places on the page."""
    target = urlsplit(urljoin(f"http://portal{page}", link))
    if target.scheme != "http" or target.netloc != "portal" or link.startswith("#"):
        return None
    return target.path + (f"?{target.query}" if target.query else "")


def kind_of(path: str) -> str:
    """The route with the names of its query; Django's admin filters by so many that it counts by route."""
    parts = urlsplit(path)
    if parts.path.startswith("/admin/"):
        return resolve(parts.path).route
    keys = sorted(re.findall(r"(?:^|&)([^=&]+)", parts.query))
    return f"{resolve(parts.path).route}?{'&'.join(keys)}"


@pytest.mark.parametrize("role", PEOPLE)
def test_no_link_leads_nowhere(profile_of, pytestconfig, role):
    most_alike = MOST_ALIKE_OF_ALL if pytestconfig.getoption("--all") else MOST_ALIKE
    crawl = Crawl(profile_of(PEOPLE[role]).request, most_alike).walk("/")
    assert crawl.faults == []
    assert len(crawl.pages) > (2 if role == "contact" else 60)


def test_a_dead_link_is_seen():
    page = Seen()
    page.feed('<a href="#">a</a><a href="#there">b</a><a href="#gone">c</a><a href="/x/">d</a><h2 id="there">e</h2>')
    assert {link for link in page.links if is_dead(link, page)} == {"#", "#gone"}


def test_a_part_in_another_language_is_not_read_and_what_follows_is():
    page = Seen()
    page.feed('<html lang="zh-Hans"><section lang="en"><section>In English</section> too</section><p>接着</p>')
    assert (page.language, page.texts) == ("zh-Hans", ["接着"])


@pytest.mark.parametrize("role", ["fde", "manager", "contact"])
def test_a_chinese_page_has_no_english_sentence_of_ours(chromium, demo, role):
    ours = translated_sentences() - DEMO_SAYS
    if not ours:
        pytest.skip("the catalogue holds no translations yet")
    profile = demo.profile(chromium, PEOPLE[role])
    profile.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "zh-hans", "url": demo.address}])
    crawl = Crawl(profile.request, most_alike=2).walk("/")
    profile.close()
    chinese = {path: page for path, page in crawl.pages.items() if page.language.lower() == "zh-hans"}
    # Only previews speak the customer's language.
    assert {path for path in crawl.pages if path not in chinese and "/sharing/" not in path} == set()
    # A mail of the demo is in the language of whom it went to.
    spoken = {path: page for path, page in chinese.items() if not path.startswith("/mailbox/")}
    assert {(kind_of(path), text) for path, page in spoken.items() for text in page.texts if text in ours} == set()


def translated_sentences() -> set[str]:
    """English texts of the portal that have a translation: three words and more, and nothing to fill in."""
    entries = polib.pofile(str(CATALOGUE)).translated_entries() if CATALOGUE.exists() else []
    texts = {entry.msgid for entry in entries if entry.msgid != entry.msgstr}
    return {text for text in texts if len(re.findall(r"[A-Za-z]{2,}", text)) >= 3 and "%" not in text and "{" not in text}
