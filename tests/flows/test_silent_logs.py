"""A marker is typed into every form there is; the logs of web and worker never repeat it."""

import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from engagements.models import Engagement, Recompute, StakeholderNote
from engagements.services.recomputes import WAITING
from tests.conftest import end_group, wait_for_heartbeat, worker_command
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory, MilestoneFactory, NoteFactory
from tests.factories.people import AdministratorFactory
from tests.factories.usage import UsageSourceFactory
from tests.factories.value import ValueCaseFactory
from tests.flows.test_survival import wait_until
from tests.flows.web import start_web
from tests.servers import free_port

pytestmark = pytest.mark.django_db(transaction=True)

MARKER = "zebramarker"
MOST_PAGES = 150
TYPED = {"email": f"{MARKER}@example.org", "number": "1", "url": f"https://{MARKER}.example.org/", "week": "2026-W10"}
NOT_TYPED = {"hidden", "submit", "button", "checkbox", "radio", "file", "date"}
LEFT_OUT = {"account_logout", "set_language", "accounts:theme"}


@dataclass
class Form:
    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    types: int = 0


class Page(HTMLParser):
    """The links of a page, and its forms filled with the marker."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "a":
            self.links.append(values.get("href", ""))
        elif tag == "form":
            self.forms.append(Form(values.get("method", "get").lower(), values.get("action", "")))
        elif self.forms and (name := values.get("name")):
            self.fill(self.forms[-1], tag, name, values)
        if tag == "option" and self.forms and self.select and values.get("value"):
            self.forms[-1].fields.setdefault(self.select, values["value"])

    def fill(self, form: Form, tag: str, name: str, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        self.select = name if tag == "select" else self.select
        if tag == "textarea" or (tag == "input" and kind not in NOT_TYPED):
            fits = int(values.get("maxlength") or 1000) >= len(MARKER)
            form.fields[name] = TYPED.get(kind, MARKER) if fits else values.get("value", "")
            form.types += 1
        elif kind == "date":
            form.fields[name] = str(timezone.now().date())
        elif kind in {"hidden", "radio", "checkbox"}:
            form.fields.setdefault(name, values.get("value", "on"))


class Visitor:
    """Somebody signed in who follows every link once and sends every form once."""

    def __init__(self, port: int, cookies: str, start: list[str]) -> None:
        self.base, self.cookies = f"http://127.0.0.1:{port}", cookies
        self.seen: set[str] = set()
        self.sent: set[str] = set()
        self.waiting = [*start, "/", "/accounts/password/change/", "/accounts/password/reset/", "/accounts/login/"]

    def walk(self) -> None:
        while self.waiting and len(self.seen) < MOST_PAGES:
            path = self.waiting.pop(0)
            route = route_of(path)
            if route is None or route in self.seen:
                continue
            self.seen.add(route)
            page = Page(self.ask("GET", path))
            self.waiting += [urllib.parse.urljoin(path, link).partition("#")[0] for link in page.links]
            for form in page.forms:
                self.send(form, path)

    def send(self, form: Form, path: str) -> None:
        action = urllib.parse.urljoin(path, form.action or path)
        route = route_of(action)
        if not form.types or route is None or f"{form.method} {route}" in self.sent | LEFT_OUT:
            return
        self.sent.add(f"{form.method} {route}")
        typed = urllib.parse.urlencode(form.fields)
        if form.method == "post":
            self.ask("POST", action, typed.encode())
        else:
            self.ask("GET", f"{action.partition('?')[0]}?{typed}")

    def ask(self, method: str, path: str, body: bytes | None = None) -> str:
        headers = {"Host": "localhost", "Cookie": self.cookies}
        request = urllib.request.Request(self.base + path, body, headers, method=method)
        try:
            with urllib.request.build_opener(NoRedirect).open(request, timeout=30) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as answer:
            assert answer.code < 500, f"{method} {path}"
            if "Location" in answer.headers:
                self.waiting.append(answer.headers["Location"])
            return ""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def route_of(path: str) -> str | None:
    """The name of a page of ours, None for other addresses and for Django's own administration."""
    if not path.startswith("/") or path.startswith(("/admin/", "/static/")):
        return None
    try:
        name = resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return None
    return None if name in LEFT_OUT else name


@pytest.fixture
def record() -> Engagement:
    """One of each, so that every page has something to show."""
    engagement = EngagementFactory()
    deliverable = DeliverableFactory(engagement=engagement)
    MilestoneFactory(engagement=engagement)
    NoteFactory(customer=engagement.customer, engagement=engagement)
    StakeholderFactory(customer=engagement.customer)
    ValueCaseFactory(engagement=engagement)
    UsageSourceFactory(deliverable=deliverable)
    return engagement


@pytest.fixture
def logs(process_environment, tmp_path) -> Iterator[tuple[int, Path, Path]]:
    """A web server (its port) and a worker that write everything they have to say to two files."""
    environment = process_environment | {"TEST_LOG_LEVEL": "INFO"}
    web, worker, port = tmp_path / "web.log", tmp_path / "worker.log", free_port()
    with worker.open("wb") as lines:
        processes = [subprocess.Popen(worker_command(), env=environment, stdout=lines, stderr=lines, start_new_session=True)]
    wait_for_heartbeat(processes[0])
    processes.append(start_web(port, environment, web))
    yield port, web, worker
    for process in processes:
        end_group(process)


def cookies_of(client: Client) -> str:
    client.get("/settings/profile/")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def events(log: Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def test_no_log_repeats_what_was_typed(record, logs):
    port, web, worker = logs
    client = Client()
    client.force_login(AdministratorFactory(name="Somebody"))
    visitor = Visitor(port, cookies_of(client), [f"/engagements/{record.slug}/", f"/customers/{record.customer.slug}/"])

    visitor.walk()
    wait_until(lambda: not Recompute.objects.filter(WAITING).exists(), "the last computation")

    posted = {sent for sent in visitor.sent if sent.startswith("post")}
    assert len(posted) > 15, sorted(visitor.sent)
    assert StakeholderNote.objects.filter(text__contains=MARKER).exists()
    assert MARKER not in (web.read_text() + worker.read_text()).lower()
    assert {line["method"] for line in events(web) if line["event"] == "request"} >= {"GET", "POST"}
    assert any(line["event"] == "task" and line["task"].endswith("run_recompute") for line in events(worker))
