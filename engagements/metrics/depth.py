"""Breadth and depth: how much of the product people use, and on how many days."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import quantiles

from pyroaring import BitMap

from engagements.metrics.adoption import Days, active_within, ratio


@dataclass(frozen=True, slots=True)
class Breadth:
    """Declared features used at least once in a window / features declared; per actor as a histogram.

    `by_actor` maps k to the active actors that used exactly k of the declared features.
    """

    used: tuple[str, ...]
    declared: int
    share: Decimal | None
    by_actor: Mapping[int, int]


def breadth(features: Mapping[str, Days], declared: Collection[str], span: Sequence[date]) -> Breadth:
    """Return the breadth over `span`. Features merely seen would always give 100 %, so only declared ones count."""
    active = {name: active_within(features.get(name, {}), span) for name in sorted(declared)}
    used = tuple(name for name, actors in active.items() if actors)
    counts = Counter(actor for actors in active.values() for actor in actors)
    return Breadth(used, len(active), ratio(len(used), len(active)), dict(sorted(Counter(counts.values()).items())))


@dataclass(frozen=True, slots=True)
class Depth:
    """Active days per active actor: quartiles, and the share of all active days that the busiest actor has.

    None when nobody was active. Totals would be dominated by a few actors and by automation.
    """

    actors: int
    lower: Decimal | None = None
    middle: Decimal | None = None
    upper: Decimal | None = None
    top_share: Decimal | None = None


def depth(days: Days, span: Iterable[date]) -> Depth:
    """Return the depth over `span`; quartiles by the inclusive method, so that they are days somebody had or between."""
    counts = sorted(Counter(actor for day in span for actor in days.get(day, BitMap())).values())
    if not counts:
        return Depth(0)
    lower, middle, upper = quantiles(map(Decimal, counts), n=4, method="inclusive") if len(counts) > 1 else [Decimal(counts[0])] * 3
    return Depth(len(counts), lower, middle, upper, ratio(counts[-1], sum(counts)))
