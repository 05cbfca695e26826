"""What was delivered as usage: the rows that count, and what the pages about data show."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from engagements.models import Actor, Engagement, TargetPopulation, UsageBatch, UsageRow, UsageSource
from engagements.selectors.usage_facts import Delivery, Feed
from fde_portal.accounts.models import User


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


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as the list shows it. `state` is a band: unknown before the first delivery."""

    source: UsageSource
    state: str


def sources_of(engagement: Engagement, user: User) -> QuerySet[UsageSource]:
    """Return the engagement's sources that the user sees, archived ones too, with what they delivered."""
    accepted = Q(batches__state=UsageBatch.State.ACCEPTED)
    return (
        UsageSource.objects.visible_to(user)
        .filter(deliverable__engagement=engagement)
        .select_related("deliverable__engagement")
        .annotate(
            first_day=Min("batches__first_day", filter=accepted),
            last_day=Max("batches__last_day", filter=accepted),
            last_received=Max("batches__received_at", filter=accepted),
        )
        .order_by("deliverable__name", "name")
    )


def source_line(source: UsageSource, today: date) -> SourceLine:
    """Judge a row of `sources_of` as of the engagement's local day."""
    if source.last_day is None:
        return SourceLine(source, "unknown")
    covered = Delivery(source.first_day, source.last_day, source.last_received)
    stopped = Feed(source.cadence_days, [covered]).has_stopped(today)
    return SourceLine(source, "watch" if stopped else "on_track")


def batches_of(engagement: Engagement, user: User) -> QuerySet[UsageBatch]:
    """Return the engagement's batches that the user sees, the last received first."""
    batches = UsageBatch.objects.visible_to(user).filter(source__deliverable__engagement=engagement)
    return batches.select_related("source__deliverable", "received_by").order_by("-received_at", "-pk")


def targets_of(engagement: Engagement, user: User) -> QuerySet[TargetPopulation]:
    """Return who is meant to use the engagement's deliverables, as far as the user sees it, archived ones too."""
    targets = TargetPopulation.objects.visible_to(user).filter(deliverable__engagement=engagement)
    return targets.select_related("deliverable", "actor").order_by("deliverable__name", "starts_on", "pk")
