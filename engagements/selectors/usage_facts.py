"""Everything the figures of one engagement rest on, read once: bitmaps, sums, targets, deliveries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import F
from django.db.models.functions import Coalesce
from pyroaring import BitMap

from engagements.metrics.firsts import Activation, ActivationRule, activation
from engagements.metrics.quality import Outcomes, summed
from engagements.metrics.series import united, until
from engagements.metrics.targets import Part, Target
from engagements.models import ActivityDay, Actor, Engagement, TargetPopulation, UsageBatch, UsageSource

SHORTEST_SILENCE = 3


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one accepted batch covered: local days, both included."""

    first_day: date
    last_day: date
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A source in use and its deliveries."""

    cadence_days: int
    deliveries: Sequence[Delivery]

    def has_stopped(self, day: date) -> bool:
        """Whether it delivered before and has covered none of the last days as of `day`.

        Which days: two cadences, but at least three, so that a weekend is no silence. It goes by the
        days covered, not by when a file arrived: late data changes what is known about a closed day.
        """
        covered = [min(delivery.last_day, day) for delivery in self.deliveries if delivery.first_day <= day]
        return bool(covered) and (day - max(covered)).days > max(2 * self.cadence_days, SHORTEST_SILENCE)


@dataclass(frozen=True, slots=True)
class DeliverableUsage:
    """One deliverable's bitmaps, sums and outcomes by local day, its targets and its feeds."""

    deliverable_id: int
    days: dict[date, BitMap] = field(default_factory=dict)
    events: dict[date, int] = field(default_factory=dict)
    seconds_saved: dict[date, int] = field(default_factory=dict)
    outcomes: dict[date, Outcomes] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)
    activation_rule: ActivationRule | None = None  # comes with the targets: None without any


@dataclass(frozen=True, slots=True)
class Usage:
    """One subject, a deliverable or the whole engagement, as of a day: `days` ends with that day."""

    as_of: date
    days: dict[date, BitMap]
    parts: list[Part]
    members: Sequence[DeliverableUsage]

    @classmethod
    def of(cls, members: Iterable[DeliverableUsage], as_of: date) -> Usage:
        members = list(members)
        parts = [Part(until(member.days, as_of), member.targets) for member in members]
        return cls(as_of, united([part.days for part in parts]), parts, members)

    @property
    def first_day(self) -> date | None:
        """The first day of which anything is known."""
        return min(self.days, default=None)

    @property
    def feed_stopped(self) -> bool:
        return any(feed.has_stopped(self.as_of) for member in self.members for feed in member.feeds)

    @property
    def covered_until(self) -> date:
        """The last day up to the as-of day that any delivery covers; the as-of day itself without one."""
        return max((min(one.last_day, self.as_of) for one in self._deliveries), default=self.as_of)

    @property
    def data_until(self) -> datetime | None:
        """When the last delivery arrived that the figures contain."""
        return max((one.received_at for one in self._deliveries), default=None)

    @property
    def _deliveries(self) -> Iterator[Delivery]:
        """Those that told of days up to the as-of day."""
        deliveries = (one for member in self.members for feed in member.feeds for one in feed.deliveries)
        return (one for one in deliveries if one.first_day <= self.as_of)

    def events(self, first: date, last: date) -> int:
        """Events of counted people from `first` to `last`, both included."""
        return sum(_total(member.events, first, last) for member in self.members)

    def seconds_saved(self, first: date, last: date) -> int:
        """Seconds saved by counted people from `first` to `last`, both included."""
        return sum(_total(member.seconds_saved, first, last) for member in self.members)

    def outcomes(self, first: date, last: date) -> Outcomes:
        """What became of the cases from `first` to `last`, both included."""
        return summed(found for member in self.members for day, found in member.outcomes.items() if first <= day <= last)

    @property
    def provisioned(self) -> dict[int, date]:
        """Actor ordinal -> the first day on which the actor was meant to use it, up to the as-of day: of named targets only."""
        found: dict[int, date] = {}
        for target in (target for part in self.parts for target in part.targets):
            if target.ordinal is not None and target.starts_on <= self.as_of:
                found[target.ordinal] = min(target.starts_on, found.get(target.ordinal, target.starts_on))
        return found

    @property
    def activation(self) -> Activation | None:
        """Who of the named people reached the rule of the deliverable; None without any, and for several deliverables,
        of which each has its own rule.
        """
        rule = self.members[0].activation_rule if len(self.members) == 1 else None
        provisioned = self.provisioned
        if rule is None or not provisioned:
            return None
        return activation(provisioned, self.days, within=rule.within, as_of=self.as_of, least_days=rule.active_days)

    @property
    def first_delivered_on(self) -> date | None:
        """The first day with a case that was accepted, as it was or edited."""
        days = (day for member in self.members for day, found in member.outcomes.items() if found.delivered and day <= self.as_of)
        return min(days, default=None)


def _total(sums: dict[date, int], first: date, last: date) -> int:
    return sum(amount for day, amount in sums.items() if first <= day <= last)


def engagement_usage(engagement: Engagement) -> list[DeliverableUsage]:
    """Return the whole history of each deliverable of the engagement that has a usage source.

    Archived deliverables are left out; an archived source no longer counts as a feed, but what it
    delivered does.
    """
    return engagement_usages([engagement.pk]).get(engagement.pk, [])


def engagement_usages(engagement_ids: Collection[int]) -> dict[int, list[DeliverableUsage]]:
    """Return engagement id -> what `engagement_usage` says of it, of those with a usage source, in five statements."""
    measured = UsageSource.objects.filter(
        deliverable__engagement__in=engagement_ids, deliverable__archived_at__isnull=True
    )
    engagement_of = dict(measured.values_list("deliverable_id", "deliverable__engagement_id"))
    found: dict[int, list[DeliverableUsage]] = defaultdict(list)
    for usage in usage_of(engagement_of):
        found[engagement_of[usage.deliverable_id]].append(usage)
    return found


def usage_of(deliverable_ids: Collection[int]) -> list[DeliverableUsage]:
    """Return the whole history of these deliverables in four statements, in the order of their ids."""
    found = {pk: DeliverableUsage(pk) for pk in sorted(deliverable_ids)}
    _read_activity(found)
    _read_targets(found)
    _read_feeds(found)
    return list(found.values())


def _read_activity(found: dict[int, DeliverableUsage]) -> None:
    rows = ActivityDay.objects.filter(deliverable__in=found, dimension=ActivityDay.Dimension.ALL)
    columns = ("deliverable_id", "day", "actors", "seconds_saved", "events", "accepted", "edited", "rejected", "failed")
    for pk, day, actors, seconds, *cases in rows.values_list(*columns):
        usage = found[pk]
        usage.days[day] = BitMap.deserialize(bytes(actors))
        usage.outcomes[day] = Outcomes(*cases)
        usage.events[day], usage.seconds_saved[day] = cases[0], seconds


def _read_targets(found: dict[int, DeliverableUsage]) -> None:
    """Licences and named people; an alias stands for the person behind it, staff and robots for nobody.

    With them comes the rule by which named people are activated.
    """
    rows = TargetPopulation.objects.current().filter(deliverable__in=found).annotate(
        ordinal=Coalesce("actor__alias_of__ordinal", "actor__ordinal"),
        kind=Coalesce("actor__alias_of__kind", "actor__kind"),
        count=Coalesce(F("licences"), 0),
    )
    rule = ("deliverable__activation_within", "deliverable__activation_days")
    columns = ("deliverable_id", *rule, "kind", "starts_on", "ends_on", "full_adoption_on", "ordinal", "count")
    rules = {}
    for pk, within, active_days, kind, *target in rows.values_list(*columns):
        rules[pk] = ActivationRule(within, active_days)
        if kind in (None, Actor.Kind.PERSON):
            found[pk].targets.append(Target(*target))
    for pk, of_deliverable in rules.items():
        found[pk] = replace(found[pk], activation_rule=of_deliverable)


def _read_feeds(found: dict[int, DeliverableUsage]) -> None:
    deliveries = defaultdict(list)
    batches = UsageBatch.objects.filter(source__deliverable__in=found, state=UsageBatch.State.ACCEPTED)
    for source_id, *delivery in batches.values_list("source_id", "first_day", "last_day", "received_at"):
        deliveries[source_id].append(Delivery(*delivery))
    sources = UsageSource.objects.current().filter(deliverable__in=found)
    for pk, deliverable_id, cadence in sources.values_list("pk", "deliverable_id", "cadence_days"):
        found[deliverable_id].feeds.append(Feed(cadence, deliveries[pk]))


def as_of_day(members: Iterable[DeliverableUsage], today: date) -> date:
    """Return the day figures are made for: `today` once usage for it has arrived, otherwise yesterday.

    `today` is the engagement's local day. A feed that arrives at night is thus not shown a window of
    six days and a silent one; where several feeds arrive at different hours, the first one decides.
    """
    arrived = any(today in member.days for member in members)
    return today if arrived else today - timedelta(days=1)
