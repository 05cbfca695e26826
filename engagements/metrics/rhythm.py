"""How often a feed delivers, and whether it has been silent for longer than that. Only for feeds of several deliveries a day.

Slower ones are judged by the days that their data cover: a file of yesterday may come at any hour.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low

HOUR = timedelta(hours=1)
# Before that many hours with a delivery nothing is called usual.
FEWEST = 6
LONGEST_USUAL = 12
PAUSES = 3


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing has come since `since`, where usually something comes every `hours` hours."""

    since: datetime
    hours: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a feed last delivered and how often it usually does; a pause that lasts beyond `until` is unusual."""

    last: datetime
    hours: int
    until: datetime

    def silence(self, now: datetime) -> Silence | None:
        """The silence as of `now`; None while it is usual. What arrives later is another rhythm."""
        return Silence(self.last, self.hours) if now > self.until else None


def rhythm(arrivals: Collection[datetime]) -> Rhythm | None:
    """Return the rhythm of a feed whose deliveries of the last weeks arrived at these instants; None for one without.

    A pause is unusual when it lasts three of the median pauses and longer than any pause among the arrivals, so
    that nights and weekends are no silence. Deliveries within one hour are one.
    """
    hours = sorted({arrival.replace(minute=0, second=0, microsecond=0) for arrival in arrivals})
    if len(hours) < FEWEST:
        return None
    pauses = [(later - earlier) // HOUR for earlier, later in pairwise(hours)]
    usual = median_low(pauses)
    if usual > LONGEST_USUAL:
        return None
    return Rhythm(max(arrivals), usual, hours[-1] + max(PAUSES * usual, max(pauses)) * HOUR + HOUR)
