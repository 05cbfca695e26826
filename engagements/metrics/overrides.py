"""A manager's own band beside the computed one: how long it lasts, and what ends it early."""

from collections.abc import Iterable
from datetime import date, timedelta

from engagements.metrics.bands import Band

LONGEST = timedelta(days=30)
# Not judged is no better than on track: whatever is computed after that is news.
_SEVERITY = {Band.UNKNOWN: 0, Band.ON_TRACK: 0, Band.WATCH: 1, Band.AT_RISK: 2}

EXPIRED, WORSE = "expired", "worse"


def severity(band: str) -> int:
    """Return 0 for on track and not judged, 1 for watch, 2 for at risk."""
    return _SEVERITY[Band(band)]


def is_worse(band: str, than: str) -> bool:
    return severity(band) > severity(than)


def override_end(
    *, until: date, computed: str, closings: Iterable[tuple[date, str]], today: date
) -> tuple[date, str] | None:
    """Return when and why an override ended, None while it lasts.

    `until` is its last day, `computed` the band that was computed when it was set, `closings` day and computed
    band of every closing day since, oldest first. It ends on the first day with a worse band, else after `until`.
    """
    for day, band in closings:
        if day <= until and is_worse(band, computed):
            return day, WORSE
    return (until + timedelta(days=1), EXPIRED) if today > until else None


def reports_rosier(reported: Iterable[str], computed: str) -> bool:
    """Whether somebody's ratings of a week, the worst of them taken, are better than what was computed.

    Without a rating, or without a computed judgement, there is nothing to compare.
    """
    given = [severity(band) for band in reported if band]
    return bool(given) and computed != Band.UNKNOWN and max(given) < severity(computed)
