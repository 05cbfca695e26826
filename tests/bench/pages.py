"""The pages that are measured, with a filled database behind them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.bench.data import Bench, fill
from tests.bench.notes import fill_notes

Page = tuple[str, str, dict[str, str], int]


def prepare(*, notes: int = 0) -> list[Page]:
    """Migrate, fill, and count each page's statements with one request. With `notes` search is measured too."""
    call_command("migrate", verbosity=0)
    bench = fill(timezone.now())
    pages = _pages(bench)
    if notes:
        pages += _searches(bench, note_id=fill_notes(notes))
    connection.cursor().execute("ANALYZE")
    return [(name, path, headers, statements(path, headers)) for name, path, headers in pages]


def _pages(bench: Bench) -> list[tuple[str, str, dict[str, str]]]:
    manager, fde = cookie(bench.manager_session), cookie(bench.fde_session)
    return [
        ("portfolio, 100 rows", "/portfolio/", manager),
        ("engagement", f"/engagements/{bench.slug}/", fde),
        ("my week", "/my-week/", fde),
        ("shared page", f"/s/{bench.secret}/", {}),
        ("API, 100 engagements", "/api/v1/engagements/", manager),
    ]


def _searches(bench: Bench, *, note_id: int) -> list[tuple[str, str, dict[str, str]]]:
    people = {"manager": cookie(bench.manager_session), "FDE": cookie(bench.fde_session)}
    words = {"common": "pilot", "rare": "bade", "Chinese": "银行", "mixed": "银行 pilot", "several": "model review budg"}
    searches = [
        (f"search, {kind} ({who})", f"/search/palette/?{urlencode({'q': text})}", cookie)
        for who, cookie in people.items()
        for kind, text in words.items()
    ]
    return [("one note", f"/notes/{note_id}/", people["manager"]), *searches]


def cookie(session: str) -> dict[str, str]:
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}


def statements(path: str, headers: dict[str, str]) -> int:
    client = Client(headers={"host": "127.0.0.1", **headers})
    client.get(path)  # warms what a process keeps
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(captured)
