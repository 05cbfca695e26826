"""Whether a warning was right: what happened to those that were warned of, against the rest.

Definitions of ours (health model 1). A warning is true or false, None where nothing was judged. Bad is what happened
within eight weeks after. Shares have Wilson intervals at 95 %; below ten on either side there is no finding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from engagements.metrics.adoption import wilson
from engagements.metrics.health_facts import MilestoneFact

HORIZON_WEEKS = 8
FEWEST = 10
# A slip of a week is noise of planning; three in ten users gone is not.
SLIPPED_DAYS = 7
LOST_SHARE = 0.3
FEWEST_USERS = 5


@dataclass(frozen=True, slots=True)
class Share:
    """`bad` of `count`, as a share from 0 to 1 with its interval; None for both of none."""

    bad: int
    count: int

    @property
    def share(self) -> float | None:
        return self.bad / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.bad, self.count)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Those warned of against the rest. `unjudged` had no warning either way."""

    warned: Share
    rest: Share
    unjudged: int

    @property
    def too_few(self) -> bool:
        return min(self.warned.count, self.rest.count) < FEWEST

    @property
    def tells_apart(self) -> bool:
        """Whether bad ends were clearly more frequent among those warned of: the intervals do not touch."""
        warned, rest = self.warned.interval, self.rest.interval
        return not self.too_few and warned is not None and rest is not None and warned[0] > rest[1]


def contrast(observations: Iterable[tuple[bool | None, bool]]) -> Contrast:
    """Count pairs of a warning and whether it ended badly."""
    pairs = list(observations)
    sides = {flag: [bad for warned, bad in pairs if warned is flag] for flag in (True, False, None)}
    return Contrast(Share(sum(sides[True]), len(sides[True])), Share(sum(sides[False]), len(sides[False])), len(sides[None]))


def auc(observations: Iterable[tuple[float | None, bool]]) -> float | None:
    """Return the chance that something that ended badly had the higher risk than something that did not, ties half.

    The area under the ROC curve by Mann and Whitney; 0.5 is a coin. None without one of either kind; unknown
    risks are left out.
    """
    known = sorted((risk, bad) for risk, bad in observations if risk is not None)
    bad_count = sum(bad for __, bad in known)
    if not bad_count or bad_count == len(known):
        return None
    ranks = _mean_ranks([risk for risk, __ in known])
    above = sum(rank for rank, (__, bad) in zip(ranks, known, strict=True) if bad)
    return (above - bad_count * (bad_count + 1) / 2) / (bad_count * (len(known) - bad_count))


def _mean_ranks(ordered: Sequence[float]) -> list[float]:
    """The rank from 1 of each of the ordered values; equal ones share the mean of theirs."""
    places: dict[float, list[int]] = {}
    for rank, value in enumerate(ordered, start=1):
        places.setdefault(value, []).append(rank)
    return [sum(places[value]) / len(places[value]) for value in ordered]


def lead_time(warnings: Sequence[bool | None], event: int) -> int | None:
    """Return for how many weeks without a break a warning stood before the event, None where none stood the week before.

    `warnings` are one a week, `event` the place of the week in which it happened. A week that was not judged
    neither breaks a run nor begins one.
    """
    first = None
    for week in range(event - 1, -1, -1):
        if warnings[week] is False:
            break
        if warnings[week]:
            first = week
    stood = event > 0 and first is not None
    return event - first if stood and first is not None else None


def typical_lead(leads: Iterable[int | None]) -> float | None:
    """The median lead of the events that were warned of, in weeks; None without one."""
    known = [lead for lead in leads if lead is not None]
    return median(known) if known else None


def due_days(milestones: Iterable[MilestoneFact], day: date) -> dict[int, date]:
    """By milestone the day on which it came, or is expected as of `day`. A date that has passed counts as the day itself."""
    return {fact.ref: fact.actual or max(fact.expected or fact.baseline, day) for fact in milestones if fact.ref is not None}


def was_put_off(then: Mapping[int, date], later: Mapping[int, date]) -> bool:
    """Whether a milestone that was open came, or is expected, at least a week later than was expected then.

    Both are `due_days`, `then` of those that were open. The promise does not matter: a new one would hide the slip.
    """
    return any((later[ref] - due).days >= SLIPPED_DAYS for ref, due in then.items() if ref in later)


def apart(weeks: Iterable[date]) -> list[date]:
    """Of closing days those to be counted together, from the newest back: no two look at the same eight weeks after."""
    chosen: list[date] = []
    for week in sorted(weeks, reverse=True):
        if not chosen or (chosen[-1] - week).days >= 7 * HORIZON_WEEKS:
            chosen.append(week)
    return chosen


def lost_users(then: int | None, later: Iterable[int | None]) -> bool:
    """Whether three in ten weekly users, of five or more, were gone in a later week. Unknown use is no loss."""
    if then is None or then < FEWEST_USERS:
        return False
    return any(users is not None and users <= then * (1 - LOST_SHARE) for users in later)
