"""Bands of a health score, and how a band is left without flapping."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from engagements.metrics.rounding import round_half_up

# A band is left at once when the score is this far beyond the bound.
MARGIN = 3


class Band(StrEnum):
    """How an engagement stands; unknown when too little is known to judge."""

    ON_TRACK = "on_track"
    WATCH = "watch"
    AT_RISK = "at_risk"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Bands:
    """Lowest rounded score of the two upper bands, 0 to 100; below `watch` is at risk."""

    on_track: int = 70
    watch: int = 45

    def limits(self, band: Band) -> tuple[int, int]:
        """Return the lowest score of `band` and the lowest score above it."""
        return {
            Band.ON_TRACK: (self.on_track, 101),
            Band.WATCH: (self.watch, self.on_track),
            Band.AT_RISK: (0, self.watch),
        }[band]


DEFAULT_BANDS = Bands()


class ClosingScore(NamedTuple):
    """What one day closed with: `score` 0 to 100, None when the coverage was too low."""

    day: date
    score: Decimal | None
    hard_rule: bool = False


def rounded(score: Decimal) -> int:
    """Return the score as a whole number, half up: the figure that is shown and banded."""
    return int(round_half_up(score))


def band_of(score: Decimal | None, bands: Bands = DEFAULT_BANDS) -> Band:
    """Return the band of one score on its own, without memory of earlier days."""
    if score is None:
        return Band.UNKNOWN
    points = rounded(score)
    if points >= bands.on_track:
        return Band.ON_TRACK
    return Band.WATCH if points >= bands.watch else Band.AT_RISK


@dataclass(frozen=True, slots=True)
class Memory:
    """What one day leaves to the next: the band, and on which side it waits to be left (-1, 0 or 1)."""

    band: Band = Band.UNKNOWN
    side: int = 0

    def after(self, closing: ClosingScore, bands: Bands) -> "Memory":
        """Return the memory after the next closing day, judged with that day's `bands`."""
        if closing.hard_rule:
            return Memory(Band.AT_RISK)
        if closing.score is None or self.band is Band.UNKNOWN:
            return Memory(band_of(closing.score, bands))
        return Memory(*_step(self.band, self.side, closing.score, bands))


def memory_of(band: str, closing: ClosingScore, bands: Bands) -> Memory:
    """Return the memory a stored day left: its `band` and score tell all of it.

    A band that was kept although the score lies beyond its bound waits to be left on that side.
    """
    found = Band(band)
    if closing.hard_rule or closing.score is None or found is Band.UNKNOWN:
        return Memory(found)
    return Memory(found, _beyond(rounded(closing.score), *bands.limits(found))[0])


def replay_bands(scores: Iterable[tuple[date, Decimal | None, bool]], bands: Bands = DEFAULT_BANDS) -> list[Band]:
    """Return the band after each of the daily closing `scores`, oldest first.

    A band is left when the score is 3 points beyond its bound, or beyond it on two days
    in a row. A hard rule puts the day at risk at once; a day without a score is unknown.
    Always replayed from the scores, so running twice changes nothing.
    """
    return replay_from(Memory(), [(ClosingScore(*score), bands) for score in scores])


def replay_from(memory: Memory, closings: Iterable[tuple[ClosingScore, Bands]]) -> list[Band]:
    """Return the band after each closing day, oldest first, going on from the `memory` of the day before.

    Each day is judged with the bands of its own time.
    """
    result = []
    for closing, bands in closings:
        memory = memory.after(closing, bands)
        result.append(memory.band)
    return result


def _step(current: Band, pending: int, score: Decimal, bands: Bands) -> tuple[Band, int]:
    """Return the band after `score` and on which side it waits to be left (-1, 0 or 1)."""
    side, distance = _beyond(rounded(score), *bands.limits(current))
    if side and (distance >= MARGIN or side == pending):
        return band_of(score, bands), 0
    return current, side


def _beyond(points: int, low: int, above: int) -> tuple[int, int]:
    """Return the side on which `points` left the band, and how far beyond the bound."""
    if points < low:
        return -1, low - points
    return (1, points - above) if points >= above else (0, 0)
