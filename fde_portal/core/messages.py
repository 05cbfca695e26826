"""Messages with a way back: the page shows the text with a button that posts to an address of ours.

A message is gone with the next page, the way back is kept for ten minutes: see the page `just_done`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import strip_tags

UNDO_PREFIX = "undo:"
UNDO_FOR = timedelta(minutes=10)
KEPT = "ways_back"
MOST_KEPT = 20


@dataclass(frozen=True, slots=True)
class WayBack:
    """Something done a moment ago, and the address that takes it back (POST)."""

    text: str
    path: str
    at: datetime


def success_with_undo(request: HttpRequest, text: str, undo_url: str) -> None:
    """Say that something was done and offer to undo it. `undo_url` is a path of this portal that takes POST."""
    messages.success(request, text, extra_tags=UNDO_PREFIX + undo_url)
    kept = [row for row in request.session.get(KEPT, []) if row["path"] != undo_url]
    new = {"text": strip_tags(str(text)), "path": undo_url, "at": timezone.now().isoformat()}
    request.session[KEPT] = [new, *kept][:MOST_KEPT]


def ways_back(request: HttpRequest, *, now: datetime) -> list[WayBack]:
    """What this session did in the last ten minutes and can still take back, newest first."""
    rows = [WayBack(row["text"], row["path"], datetime.fromisoformat(row["at"])) for row in request.session.get(KEPT, [])]
    return [row for row in rows if now - row.at <= UNDO_FOR and undo_path(UNDO_PREFIX + row.path)]


def forget_way_back(request: HttpRequest) -> None:
    """Take the address of this request off the list: it is being taken back now."""
    kept = request.session.get(KEPT, [])
    rest = [row for row in kept if row["path"] != request.get_full_path()]
    if len(rest) != len(kept):
        request.session[KEPT] = rest


def undo_path(extra_tags: str | None) -> str:
    """The path to undo at, or "": an address that leaves this portal is never offered."""
    if not extra_tags or not extra_tags.startswith(UNDO_PREFIX):
        return ""
    path = extra_tags.removeprefix(UNDO_PREFIX)
    leaves = not path.startswith("/") or path.startswith(("//", "/\\"))
    return "" if leaves else path
