"""What was delivered as usage: the rows that count, and what the pages about data show."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import F
from django.db.models.functions import Coalesce

from engagements.models import Actor, UsageBatch, UsageRow


class CountedRow(NamedTuple):
    """A row of usage that no later batch of its source restated. `ordinal` is None for staff and robots."""

    day: date
    feature: str
    release: str
    ordinal: int | None
    sums: tuple[int, ...]  # in the order of SUMS


SUMS = ("events", "seconds_saved", "accepted", "edited", "rejected", "failed")


def counted_rows(deliverable_id: int, days: Collection[date]) -> Iterable[CountedRow]:
    """Return the rows of these local days that count: of several accepted batches of a source, the highest
    sequence gives the row of a key (day, actor, feature, release). Different sources add up.

    An alias is the person behind it, in number and in kind.
    """
    rows = (
        UsageRow.objects.filter(deliverable=deliverable_id, day__in=days, batch__state=UsageBatch.State.ACCEPTED)
        .annotate(
            ordinal=Coalesce("actor__alias_of__ordinal", "actor__ordinal"),
            kind=Coalesce("actor__alias_of__kind", "actor__kind"),
            source=F("batch__source_id"),
        )
        .order_by("batch__sequence")
        .values_list("source", "actor_id", "day", "feature", "release", "ordinal", "kind", *SUMS)
    )
    newest: dict[tuple, CountedRow] = {}
    for source, actor, day, feature, release, ordinal, kind, *sums in rows.iterator(chunk_size=2000):
        counted = ordinal if kind == Actor.Kind.PERSON else None
        newest[source, actor, day, feature, release] = CountedRow(day, feature, release, counted, tuple(sums))
    return newest.values()
