"""Messages with a way back: the page shows the text with a button that posts to an address of ours."""

from django.contrib import messages
from django.http import HttpRequest

UNDO_PREFIX = "undo:"


def success_with_undo(request: HttpRequest, text: str, undo_url: str) -> None:
    """Say that something was done and offer to undo it. `undo_url` is a path of this portal that takes POST."""
    messages.success(request, text, extra_tags=UNDO_PREFIX + undo_url)


def undo_path(extra_tags: str | None) -> str:
    """The path to undo at, or "": an address that leaves this portal is never offered."""
    if not extra_tags or not extra_tags.startswith(UNDO_PREFIX):
        return ""
    path = extra_tags.removeprefix(UNDO_PREFIX)
    leaves = not path.startswith("/") or path.startswith(("//", "/\\"))
    return "" if leaves else path
