"""What the pages and acts at a gate read: its criteria, what keeps it shut, its history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models

from engagements.metrics.gates import blocking, progress, unsafe_keys
from engagements.models import Asset, CriterionKey, Engagement, Gate, GateCriterion, Phase, Status

# From here on, passing a gate leads into production or beyond.
SAFE_FROM = (Phase.PILOT, Phase.PRODUCTION, Phase.HANDOVER)
OVER = (Status.COMPLETED, Status.CANCELLED)
BEFORE_PRODUCTION = (Phase.DISCOVERY, Phase.PROTOTYPE, Phase.PILOT)


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What keeps a gate shut. `safety` are keys of questions that are not passed, wherever they are asked; `unsigned` says that
    the customer was asked to sign off the decision and has not."""

    criteria: Sequence[GateCriterion] = ()
    safety: Sequence[str] = ()
    ownerless: Sequence[Asset] = ()
    unsigned: bool = False

    def __bool__(self) -> bool:
        return bool(self.criteria or self.safety or self.ownerless or self.unsigned)

    @property
    def safety_names(self) -> list[str]:
        """Of the safety questions not among `criteria`, as they are asked at another gate or nowhere."""
        here = {criterion.key for criterion in self.criteria}
        return [str(CriterionKey(key).label) for key in self.safety if key not in here]


def obstacles(gate: Gate) -> Obstacles:
    """What keeps `gate` shut now, read from the database: hard criteria, safety before production, assets before the end."""
    criteria = list(gate.criteria.all())
    return Obstacles(
        criteria=blocking(criteria),
        safety=unsafe_keys(keyed_criteria(gate.engagement_id)) if gate.phase in SAFE_FROM else (),
        ownerless=ownerless_assets(gate.engagement_id) if gate.phase == Phase.HANDOVER else (),
        unsigned=gate.lacks_sign_off,
    )


def waits_for_sign_off(gate: Gate) -> bool:
    """Whether a go was decided that takes effect once the customer signs."""
    decided, engagement = gate.decided, gate.engagement
    opens = decided is not None and decided.opens and gate.is_current
    return opens and gate.lacks_sign_off and gate.phase == engagement.phase and engagement.status not in OVER


def keyed_criteria(engagement_id: int) -> models.QuerySet:
    """Criteria that ask about something the portal knows, safety or not, as they stand in the newest rounds."""
    return GateCriterion.objects.filter(gate__engagement=engagement_id, gate__is_current=True).exclude(key="")


def ownerless_assets(engagement_id: int) -> list[Asset]:
    return list(Asset.objects.ownerless().filter(engagement=engagement_id))


def owners_are_named(engagement_id: int) -> bool:
    """Whether there is a list of assets and each has an owner."""
    assets = Asset.objects.current().filter(engagement=engagement_id)
    return assets.exists() and not Asset.objects.ownerless().filter(engagement=engagement_id).exists()


@dataclass(frozen=True, slots=True)
class GateLine:
    """A gate as the list of an engagement's gates shows it."""

    gate: Gate
    place: str  # past, now or ahead
    criteria: Sequence[GateCriterion]

    @property
    def passed(self) -> int:
        return progress(self.criteria)[0]

    @property
    def blocking(self) -> int:
        return len(blocking(self.criteria))

    @property
    def share(self) -> float:
        """Passed of all, 0 to 1, for the bar."""
        return self.passed / len(self.criteria) if self.criteria else 0.0

    @property
    def waits(self) -> bool:
        return waits_for_sign_off(self.gate)

    @property
    def band(self) -> str:
        if self.waits:
            return "watch"
        if self.gate.decided:
            return {"go": "on_track", "conditions": "on_track", "hold": "watch", "stop": "at_risk"}[self.gate.decided.outcome]
        if any(criterion.answer == "fail" for criterion in blocking(self.criteria)):
            return "at_risk"
        return "unknown" if self.place == "ahead" else "watch"


def gate_lines(engagement: Engagement) -> list[GateLine]:
    """The newest round of each gate in the order of the phases. Two statements."""
    criteria = models.Prefetch("criteria", GateCriterion.objects.select_related("answered_by", "release__deliverable", "attachment", "decision"))
    gates = Gate.objects.current().filter(engagement=engagement).select_related("decision").prefetch_related(criteria)
    now = Phase.values.index(engagement.phase)
    found = sorted(gates, key=lambda gate: Phase.values.index(gate.phase))
    for gate in found:
        gate.engagement = engagement
    return [GateLine(gate, place_of(Phase.values.index(gate.phase), now), list(gate.criteria.all())) for gate in found]


def place_of(phase: int, now: int) -> str:
    return "now" if phase == now else "past" if phase < now else "ahead"


def earlier_rounds(gate: Gate) -> models.QuerySet:
    """Decided rounds of the same gate, newest first."""
    rounds = Gate.objects.filter(engagement=gate.engagement_id, phase=gate.phase).exclude(pk=gate.pk)
    return rounds.exclude(decision=None).select_related("decision").order_by("-round")


def failed_hard(engagements: models.QuerySet | Iterable[int]) -> models.QuerySet:
    """Hard criteria of the gates before production that are failed in their newest round, whatever the phase is now.

    `engagements` are rows or ids; health knows the phase of each day itself. What leaving production asks is not among
    them: it may fail for as long as it takes.
    """
    return GateCriterion.objects.filter(
        gate__engagement__in=engagements,
        gate__is_current=True,
        gate__phase__in=BEFORE_PRODUCTION,
        is_hard=True,
        answer=GateCriterion.Answer.FAIL,
    ).select_related("gate")
