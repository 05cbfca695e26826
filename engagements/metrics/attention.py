"""The order in which a manager should look at engagements, and the reason to show.

At risk before watch before the rest; within a band by fall over 14 days, then overdue
milestones, customer silence, staleness, value at stake.
"""

from dataclasses import dataclass
from decimal import Decimal

from engagements.metrics.bands import MARGIN, Band
from engagements.metrics.health_facts import Reason

FALL_WINDOW_DAYS = 14
DEFAULT_SILENCE_DAYS = 14

_RANKS = {Band.AT_RISK: 0, Band.WATCH: 1}
_REST = 2

AttentionKey = tuple[int, Decimal, int, int, int, Decimal]


@dataclass(frozen=True, slots=True)
class AttentionFacts:
    """What the order rests on. None stands for unknown and never raises an engagement.

    `fall` is the score of 14 days ago minus the score now, in points; silence and
    staleness are days since the customer's last sign and since the last update. Silence is
    a reason from the day after `silence_limit` days.
    """

    band: str
    hard_rules: tuple[Reason, ...] = ()
    fall: Decimal | None = None
    overdue_milestones: int = 0
    silence_days: int | None = None
    silence_limit: int = DEFAULT_SILENCE_DAYS
    staleness_days: int | None = None
    cadence_days: int = 7
    value_at_stake: Decimal | None = None


def attention_key(facts: AttentionFacts) -> AttentionKey:
    """Return the sort key: the smallest needs attention first."""
    return (
        _RANKS.get(Band(facts.band), _REST),
        -max(facts.fall or Decimal(0), Decimal(0)),
        -facts.overdue_milestones,
        -(facts.silence_days or 0),
        -(facts.staleness_days or 0),
        -(facts.value_at_stake or Decimal(0)),
    )


def attention_reason(facts: AttentionFacts) -> Reason | None:
    """Return the first reason that applies in the order of the key, or None for all quiet.

    A fall counts from 3 points, the margin that moves a band; a hard rule speaks first.
    """
    measured = (
        ("attention.fell", facts.fall, MARGIN),
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
