"""Where the author's ratings and the computed health differ. Internal."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

from engagements.metrics.overrides import reports_rosier
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


def rosier_weeks(engagement: Engagement) -> int:
    """How many published weeks in a row, up to the newest, reported better than what was computed at their publishing."""
    updates = WeeklyUpdate.objects.filter(engagement=engagement).published().only(*REPORT_FIELDS)[:MOST_ROSIER_WEEKS]
    return sum(1 for __ in takewhile(reported_rosier, updates))


def reported_rosier(update: WeeklyUpdate) -> bool:
    frozen = update.derived_health or {}
    return reports_rosier(update.ratings.values(), frozen.get("band", "unknown"))
