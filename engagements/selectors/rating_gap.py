"""Where the author's ratings and the computed health differ. Internal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, takewhile
from operator import attrgetter

from engagements.metrics.overrides import reports_rosier
from engagements.metrics.periods import local_day
from engagements.models.engagement import Engagement
from engagements.models.weekly_update import Rating, WeeklyUpdate
from engagements.selectors.health import component_band, latest_health

# The component of health that judges the same thing as a rating.
COMPONENT_OF = {"schedule": "schedule", "adoption": "adoption", "value": "outcomes", "relationship": "relationship"}
REPORT_FIELDS = ("derived_health", *(f"{name}_rating" for name in COMPONENT_OF))
# Two make an alarm; more are counted to say since when.
MOST_ROSIER_WEEKS = 12
OPPOSITES = ({Rating.ON_TRACK, Rating.AT_RISK},)


def computed_ratings(engagement: Engagement) -> dict[str, str]:
    """For each rating the band of its component in the newest health; "unknown" where nothing is known."""
    health = latest_health(engagement)
    bands = {part["key"]: component_band(part) for part in health.components} if health else {}
    return {name: str(bands.get(component, "unknown")) for name, component in COMPONENT_OF.items()}


def two_bands_apart(ratings: Mapping[str, str], computed: Mapping[str, str]) -> list[str]:
    """The names of the ratings that say on track where the facts say at risk, or the other way round."""
    return [name for name, rating in ratings.items() if {rating, computed.get(name)} in OPPOSITES]


@dataclass(frozen=True, slots=True)
class Report:
    """A revision of a week: from which local day it held and to the close of which day, and whether it was rosier than computed."""

    week: tuple[int, int]
    revision: int
    on: date
    until: date | None
    is_rosier: bool


def reports_of(engagement: Engagement) -> list[Report]:
    """Every revision of every week that was published, the newest week first. One statement."""
    rows = WeeklyUpdate.objects.filter(engagement=engagement, published_at__isnull=False)
    columns = ("iso_year", "iso_week", "revision", "published_at", "archived_at", *REPORT_FIELDS)
    return [_report(row, engagement) for row in rows.only(*columns).order_by("-iso_year", "-iso_week", "-revision")]


def _report(row: WeeklyUpdate, engagement: Engagement) -> Report:
    until = row.archived_at and local_day(row.archived_at, engagement.zone)
    return Report((row.iso_year, row.iso_week), row.revision, local_day(row.published_at, engagement.zone), until, reported_rosier(row))


def rosier_weeks(reports: Iterable[Report], day: date) -> int:
    """How many weeks in a row, up to the newest one published by the close of `day`, reported better than was computed
    at their publishing. Of a week the revision counts that held then."""
    known = [report for report in reports if report.on <= day and (report.until is None or day < report.until)]
    newest = [next(revisions) for __, revisions in groupby(known, key=attrgetter("week"))]
    return sum(1 for __ in takewhile(attrgetter("is_rosier"), newest[:MOST_ROSIER_WEEKS]))


def reported_rosier(update: WeeklyUpdate) -> bool:
    frozen = update.derived_health or {}
    return reports_rosier(update.ratings.values(), frozen.get("band", "unknown"))
