"""Lines that help and tell nothing: one shape for all, ids, routes; no secrets, no typed words."""

import io
import json
import logging
import sys
from collections.abc import Callable

import pytest
import structlog
from django.db import DataError, IntegrityError

from fde_portal.celery import app, begin_task, end_task, pass_on_request
from fde_portal.core.logs import LineFormatter, blot
from tests.factories.people import ManagerFactory

MARKER = "marker-zebra"


@pytest.fixture(autouse=True)
def no_context():
    structlog.contextvars.clear_contextvars()
    yield
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def lines() -> Callable[[], list[dict]]:
    """A function that returns what was logged so far, through the formatter of production."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    handler.setFormatter(LineFormatter())
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def requests(lines) -> list[dict]:
    return [line for line in lines() if line["event"] == "request"]


@pytest.mark.parametrize(
    ("text", "blotted"),
    [
        ("Not Found: /s/abcDEF-_123/", "Not Found: /s/…/"),
        ('"GET /s/abc?x=1 HTTP/1.1" 404', '"GET /s/…?x=1 HTTP/1.1" 404'),
        ("/zh-hans/s/abc/print", "/zh-hans/s/…/print"),
        ("http://h/accounts/password/reset/key/1-abc/", "http://h/accounts/password/reset/key/…/"),
        ("/invitations/abc/", "/invitations/…/"),
        ("/s/one/ and /s/two/", "/s/…/ and /s/…/"),
        ("/settings/abc/ /customers/abc/", "/settings/abc/ /customers/abc/"),
    ],
)
def test_secret_parts_of_addresses_are_blotted(text, blotted):
    assert blot(text) == blotted


def record_with(fault: Exception, message: str = "failed", *args) -> logging.LogRecord:
    try:
        raise fault
    except type(fault):
        return logging.LogRecord("engagements", logging.ERROR, __file__, 1, message, args, sys.exc_info())


def test_an_exception_is_told_by_kind_and_place_and_not_in_its_words():
    try:
        raise DataError(f"DETAIL: Failing row contains ({MARKER})")
    except DataError as cause:
        fault = ValueError(f"bad: {MARKER}")
        fault.__cause__ = cause

    line = LineFormatter().format(record_with(fault))

    assert MARKER not in line
    kinds = [(one["kind"], one["words"]) for one in json.loads(line)["exception"]]
    assert kinds == [("ValueError", ""), ("DataError", "")]
    assert "test_logs.py" in json.loads(line)["exception"][0]["places"][0]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "[Errno 111] Connection refused"),
        (IntegrityError(f'violates "slug_unique"\nDETAIL: Key ({MARKER})'), 'violates "slug_unique"'),
    ],
)
def test_words_that_name_the_system_or_a_constraint_are_kept(fault, words):
    assert json.loads(LineFormatter().format(record_with(fault)))["exception"][0]["words"] == words


def test_readable_lines_blot_too():
    line = LineFormatter(readable=True).format(record_with(ValueError("why"), "Failed: %s", "/s/token/"))

    assert "Failed: /s/…/" in line
    assert "ValueError: why" in line


def test_every_handler_of_the_settings_writes_such_lines(settings):
    formatters = settings.LOGGING["formatters"]
    used = {handler["formatter"] for handler in settings.LOGGING["handlers"].values()}

    assert {formatters[name]["()"] for name in used} == {"fde_portal.core.logs.LineFormatter"}
    assert not any(formatters[name]["readable"] for name in used)


@pytest.mark.parametrize("name", ["django", "django.server", "django.request", "fde_portal"])
def test_no_logger_keeps_a_handler_of_its_own(name):
    assert logging.getLogger(name).handlers == []


# Requests


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_route_and_who_asked(client, lines):
    manager = ManagerFactory()
    client.force_login(manager)

    response = client.get("/customers/?q=" + MARKER, headers={"X-Request-ID": "from-the-proxy-1"})

    [line] = requests(lines)
    assert {name: line[name] for name in ("route", "method", "status", "person", "request_id", "level")} == {
        "route": "customers:list",
        "method": "GET",
        "status": 200,
        "person": manager.pk,
        "request_id": "from-the-proxy-1",
        "level": "info",
    }
    assert line["ms"] > 0
    assert response["X-Request-ID"] == "from-the-proxy-1"
    assert MARKER not in json.dumps(lines())


@pytest.mark.django_db
def test_an_open_page_and_an_unknown_one_tell_neither_person_nor_path(client, lines, django_assert_num_queries):
    client.force_login(ManagerFactory())

    with django_assert_num_queries(0):
        client.get("/healthz")
    client.get(f"/s/{MARKER}/")
    client.get(f"/nowhere/{MARKER}/")

    assert [(line["route"], line["status"]) for line in requests(lines)] == [("healthz", 200), ("shared_page", 404), ("unknown", 404)]
    assert requests(lines)[0]["person"] is None
    assert MARKER not in json.dumps(lines())


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space", 'quote"here!'])
def test_an_id_that_is_none_is_replaced(client, given):
    answered = client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]

    assert answered != given
    assert len(answered) == 32


# Tasks


@pytest.fixture
def task():
    task = app.tasks["core.tasks.beat_heartbeat"]
    task.push_request(request_id="request-1")
    yield task
    task.pop_request()


def test_a_task_is_one_line_with_its_ids_and_the_request_that_asked_for_it(task, lines):
    begin_task(task=task, task_id="t-1", args=(12,))
    end_task(task=task, state="SUCCESS")

    [line] = [line for line in lines() if line["event"] == "task"]
    assert (line["task"], line["task_id"], line["ids"]) == ("core.tasks.beat_heartbeat", "t-1", [12])
    assert (line["request_id"], line["state"]) == ("request-1", "SUCCESS")


def test_a_message_names_the_request_it_came_from():
    headers: dict = {}
    pass_on_request(headers=headers)
    assert headers == {}

    structlog.contextvars.bind_contextvars(request_id="request-1")
    pass_on_request(headers=headers)
    assert headers == {"request_id": "request-1"}


def test_celerys_own_line_about_a_failure_keeps_the_task_and_drops_the_words(lines):
    data = {"name": "engagements.tasks.sweep", "id": "t-1", "description": "raised unexpected", "exc": MARKER, "traceback": MARKER}
    logging.getLogger("celery.app.trace").error("Task %(name)s[%(id)s] %(description)s: %(exc)s\n%(traceback)s", data)

    [line] = lines()
    assert line["event"] == "task engagements.tasks.sweep raised unexpected"
    assert MARKER not in json.dumps(line)
