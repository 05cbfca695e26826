"""The order in which a manager should look at engagements, and the reason to show.

At risk before watch before the rest; within a band by fall over 14 days, then overdue
milestones, customer silence, staleness, weeks reported better than the facts, value at stake. What looks on track but went quiet,
because the customer is silent beyond the limit or no update came for two cadences, stands
with those on watch: a score cannot see what nobody reports. Only what exceeds its limit
counts: a week's small moves would otherwise bury a customer who is gone.
"""

from dataclasses import dataclass
from decimal import Decimal

from engagements.metrics.bands import MARGIN, Band
from engagements.metrics.health_facts import Reason

FALL_WINDOW_DAYS = 14
# Weeks running in which a self-report is better than the facts.
ROSIER_WEEKS = 2
# An update this many cadences old is not late but missing.
QUIET_CADENCES = 2
DEFAULT_SILENCE_DAYS = 14

_RANKS = {Band.AT_RISK: 0, Band.WATCH: 1}
_REST = 2

AttentionKey = tuple[int, Decimal, int, int, int, int, Decimal]


@dataclass(frozen=True, slots=True)
class AttentionFacts:
    """What the order rests on. None stands for unknown and never raises an engagement.

    `fall` is the score of 14 days ago minus the score now, in points; `told_fall` the same without what freshness
    did, None where it is the fall itself: that nobody reports is told as staleness, not as a fall. `shown_fall` is the
    fall between the two scores as pages show them, in whole points: the one a sentence tells. Silence and
    staleness are days since the customer's last sign and since the last update. Silence is
    a reason from the day after `silence_limit` days.
    """

    band: str
    hard_rules: tuple[Reason, ...] = ()
    fall: Decimal | None = None
    told_fall: Decimal | None = None
    shown_fall: int | None = None
    overdue_milestones: int = 0
    silence_days: int | None = None
    silence_limit: int = DEFAULT_SILENCE_DAYS
    staleness_days: int | None = None
    cadence_days: int = 7
    value_at_stake: Decimal | None = None
    rosier_weeks: int = 0

    @property
    def counted_fall(self) -> Decimal:
        """The fall from 3 points on, the margin that moves a band; less is noise."""
        return self.fall if self.fall is not None and self.fall >= MARGIN else Decimal(0)

    @property
    def fall_to_tell(self) -> Decimal | int:
        """The fall people read, so that it agrees with the scores beside it; 0 where too little fell but freshness."""
        if self.told_fall is not None and self.told_fall < MARGIN:
            return 0
        return self.shown_fall if self.counted_fall and self.shown_fall is not None else self.counted_fall

    @property
    def silence_over(self) -> int:
        """Days of silence beyond the limit."""
        return max((self.silence_days or 0) - self.silence_limit, 0)

    @property
    def stale_over(self) -> int:
        """Days beyond the one on which an update was due."""
        return max((self.staleness_days or 0) - self.cadence_days, 0)

    @property
    def went_quiet(self) -> bool:
        """Whether the customer is silent beyond the limit, or no update came for two cadences."""
        return bool(self.silence_over) or (self.staleness_days or 0) > QUIET_CADENCES * self.cadence_days

    @property
    def rank(self) -> int:
        """0 at risk, 1 on watch or quiet, 2 the rest."""
        return min(_RANKS.get(Band(self.band), _REST), _RANKS[Band.WATCH] if self.went_quiet else _REST)


def attention_key(facts: AttentionFacts) -> AttentionKey:
    """Return the sort key: the smallest needs attention first."""
    return (
        facts.rank,
        -facts.counted_fall,
        -facts.overdue_milestones,
        -facts.silence_over,
        -facts.stale_over,
        -facts.rosier_weeks,
        -(facts.value_at_stake or Decimal(0)),
    )


def attention_reason(facts: AttentionFacts) -> Reason | None:
    """Return the first reason that applies in the order of the key, or None for all quiet.

    A hard rule speaks first, then a self-report that was better than the facts two weeks running.
    """
    measured = (
        ("attention.rosier", facts.rosier_weeks, ROSIER_WEEKS),
        ("attention.fell", facts.fall_to_tell, MARGIN),
        ("attention.overdue", facts.overdue_milestones, 1),
        ("attention.silent", facts.silence_days, facts.silence_limit + 1),
        ("attention.stale", facts.staleness_days, facts.cadence_days + 1),
    )
    reasons = [
        Reason(code, {"count": count}) for code, count, least in measured if count is not None and count >= least
    ]
    if facts.band in _RANKS:
        reasons.append(Reason("attention.band", {"band": facts.band}))
    return next(iter((*facts.hard_rules, *reasons)), None)
