"""How far the worker is with an engagement."""

from __future__ import annotations

from typing import NamedTuple

from engagements.models import Engagement, Recompute


class Progress(NamedTuple):
    """`computed` counts up with every finished computation; `is_pending` while a newer change waits."""

    computed: int
    is_pending: bool


def progress_of(engagement: Engagement) -> Progress:
    row = Recompute.objects.filter(engagement=engagement).values_list("have", "want").first()
    return Progress(row[0], row[0] < row[1]) if row else Progress(0, False)
