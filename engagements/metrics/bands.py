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


def replay_bands(scores: Iterable[tuple[date, Decimal | None, bool]], bands: Bands = DEFAULT_BANDS) -> list[Band]:
    """Return the band after each of the daily closing `scores`, oldest first.

    A band is left when the score is 3 points beyond its bound, or beyond it on two days
    in a row. A hard rule puts the day at risk at once; a day without a score is unknown.
    Always replayed from the scores, so running twice changes nothing.
    """
    result: list[Band] = []
    current, pending = Band.UNKNOWN, 0
    for _, score, hard_rule in scores:
        if hard_rule:
            current, pending = Band.AT_RISK, 0
        elif score is None or current is Band.UNKNOWN:
            current, pending = band_of(score, bands), 0
        else:
            current, pending = _step(current, pending, score, bands)
        result.append(current)
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
