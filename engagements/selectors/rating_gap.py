"""Where the author's ratings and the computed health are two bands apart. Internal."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from engagements.metrics.bands import band_of
from engagements.models.engagement import Engagement
from engagements.models.weekly_update import Rating
from engagements.selectors.health import latest_health

# The component of health that judges the same thing as a rating.
COMPONENT_OF = {"schedule": "schedule", "adoption": "adoption", "value": "outcomes", "relationship": "relationship"}
OPPOSITES = ({Rating.ON_TRACK, Rating.AT_RISK},)


def computed_ratings(engagement: Engagement) -> dict[str, str]:
    """For each rating the band of its component in the newest health; "unknown" where nothing is known."""
    health = latest_health(engagement)
    scores = {part["key"]: part["score"] for part in health.components} if health else {}
    return {name: _band(scores.get(component)) for name, component in COMPONENT_OF.items()}


def _band(score: object) -> str:
    return str(band_of(None if score is None else Decimal(str(score))))


def two_bands_apart(ratings: Mapping[str, str], computed: Mapping[str, str]) -> list[str]:
    """The names of the ratings that say on track where the facts say at risk, or the other way round."""
    return [name for name, rating in ratings.items() if {rating, computed.get(name)} in OPPOSITES]
