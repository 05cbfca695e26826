"""How far the worker is with an engagement."""

from __future__ import annotations

from typing import NamedTuple

from engagements.models import Engagement, Recompute


class Progress(NamedTuple):
    """`computed` counts up with every finished computation; `is_pending` while a newer change waits."""

    computed: int
    is_pending: bool


def progress_of(engagement: Engagement) -> Progress:
    """Of an engagement that was read along with its `recompute`."""
    row: Recompute | None = getattr(engagement, "recompute", None)
    return Progress(row.have, row.have < row.want) if row else Progress(0, False)
