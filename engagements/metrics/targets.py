"""Who is meant to use it, and how many of them do: for one deliverable or several together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyroaring import BitMap

from engagements.metrics.adoption import AdoptionRate, Days, active_within, ramped_target, ratio
from engagements.metrics.rounding import round_half_up


@dataclass(frozen=True, slots=True)
class Target:
    """People meant to use it: one actor by ordinal, or a number of licences.

    Both days count; no `ends_on` means for good, no `full_on` that all are expected from the start.
    """

    starts_on: date
    ends_on: date | None = None
    full_on: date | None = None
    ordinal: int | None = None
    licences: int = 0

    def in_force(self, day: date) -> bool:
        """Whether the target applies on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def expected(self, day: date) -> Decimal:
        """How many of these people should use it on `day`, along the ramp."""
        count = 1 if self.ordinal is not None else self.licences
        return ramped_target(count, self.starts_on, self.full_on or self.starts_on, day)


@dataclass(frozen=True, slots=True)
class Part:
    """One deliverable: who was active on each day, and who is meant to be."""

    days: Days
    targets: Sequence[Target] = ()

    def in_force(self, day: date) -> list[Target]:
        """The named targets of `day` if there are any, else the licences."""
        valid = [target for target in self.targets if target.in_force(day)]
        return [target for target in valid if target.ordinal is not None] or valid


@dataclass(frozen=True, slots=True)
class Adoption:
    """The rate and what its denominator rests on: "named", "licences" or None without a target."""

    rate: AdoptionRate
    basis: str | None


def adoption(parts: Sequence[Part], span: Sequence[date]) -> Adoption:
    """Return how many of the people meant to use any of the parts did within `span`, days in order.

    The targets are those of the last day. Named lists are united, so a person on two lists counts
    once; licence counts are added, so where the same people hold several licences the rate is a
    lower bound. Users of a deliverable without targets are beyond the target.
    """
    named, licensed, everyone, licences = BitMap(), BitMap(), BitMap(), 0
    for part in parts:
        active, targets = active_within(part.days, span), part.in_force(span[-1])
        everyone |= active
        named |= BitMap(target.ordinal for target in targets if target.ordinal is not None)
        seats = sum(target.licences for target in targets)
        licences += seats
        licensed |= active if seats else BitMap()
    if not named and not licences:
        return Adoption(AdoptionRate(len(everyone), None, None), None)
    return Adoption(_rate(everyone, named, licensed, licences), "licences" if licences else "named")


def _rate(everyone: BitMap, named: BitMap, licensed: BitMap, licences: int) -> AdoptionRate:
    counted = (everyone & named) | licensed
    denominator = len(named) + licences
    return AdoptionRate(
        numerator=len(counted),
        denominator=denominator,
        rate=ratio(len(counted), denominator),
        beyond_target=len(everyone - counted),
        more_users_than_licences=len(licensed) > licences,
    )


def target_on(parts: Sequence[Part], day: date) -> int | None:
    """Return how many people should be using it on `day` along the ramps, None without a target.

    Of a week its last day decides. Somebody on two lists counts once, with the earlier ramp.
    """
    targets = [target for part in parts for target in part.in_force(day)]
    if not targets:
        return None
    people: dict[int, Decimal] = {}
    for target in targets:
        if target.ordinal is not None:
            people[target.ordinal] = max(people.get(target.ordinal, Decimal(0)), target.expected(day))
    licences = sum((target.expected(day) for target in targets if target.ordinal is None), Decimal(0))
    return int(round_half_up(sum(people.values(), licences)))


def last_change(parts: Sequence[Part], day: date) -> date | None:
    """Return the last day up to `day` on which somebody joined or left the targets."""
    targets = [target for part in parts for target in part.targets]
    changes = [target.starts_on for target in targets] + [target.ends_on for target in targets if target.ends_on]
    return max((change for change in changes if change <= day), default=None)
