"""How grave a risk is, and the facts that raise its alert."""

from dataclasses import dataclass
from enum import StrEnum

# Of likelihood x impact, each 1 to 5. Our choice: 3 x 5 and 4 x 4 are high, 2 x 4 is medium.
HIGH_FROM, MEDIUM_FROM = 15, 8


class Level(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def level_of(likelihood: int, impact: int) -> Level:
    """Return the level of a risk graded 1 to 5 both ways."""
    weight = likelihood * impact
    if weight >= HIGH_FROM:
        return Level.HIGH
    return Level.MEDIUM if weight >= MEDIUM_FROM else Level.LOW


class Trigger(StrEnum):
    """A fact the product knows, whose arrival says that a risk is coming true."""

    WEEKLY_USERS = "weekly_users"
    MILESTONE_SLIP = "milestone_slip"
    FEED_STOPPED = "feed_stopped"
    NO_UPDATE = "no_update"

    @property
    def has_threshold(self) -> bool:
        return self != Trigger.FEED_STOPPED


@dataclass(frozen=True, slots=True)
class TriggerFacts:
    """What triggers look at, as of one local day. None is not known and raises nothing.

    `worst_slip` is that of the open milestones, in days; `update_age` counts days since the last
    published update, or since the start before the first one.
    """

    weekly_users: int | None = None
    worst_slip: int | None = None
    feed_stopped: bool = False
    update_age: int | None = None


def raised_by(trigger: str, threshold: int | None, facts: TriggerFacts) -> int | None:
    """Return the figure that raises the alert (1 for a stopped feed), or None while it is quiet."""
    limit = threshold or 0
    if trigger == Trigger.WEEKLY_USERS:
        return facts.weekly_users if facts.weekly_users is not None and facts.weekly_users < limit else None
    if trigger == Trigger.FEED_STOPPED:
        return 1 if facts.feed_stopped else None
    days = {Trigger.MILESTONE_SLIP: facts.worst_slip, Trigger.NO_UPDATE: facts.update_age}.get(trigger)
    return days if days is not None and days > limit else None
