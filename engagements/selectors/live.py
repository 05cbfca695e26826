"""How far the worker is with an engagement."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import F

from engagements.models import Engagement

PROGRESS = {"computed": F("recompute__have"), "wanted": F("recompute__want")}


class Progress(NamedTuple):
    """`computed` counts up with every finished computation; `is_pending` while a newer change waits."""

    computed: int
    is_pending: bool


def progress_of(engagement: Engagement) -> Progress:
    """Of an engagement that was read with the columns of `PROGRESS`."""
    if engagement.computed is None:
        return Progress(0, False)
    return Progress(engagement.computed, engagement.computed < engagement.wanted)
