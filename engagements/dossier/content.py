"""The dossier as frozen dataclasses and as canonical JSON. A field that is not named here cannot be in it.

Left out on purpose: dissent, reasons of a hold or a stop, links, who answered a criterion, notes of releases, what owners of
assets must know, and every record of the log that is not marked for it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

from engagements.metrics.quality import Outcomes

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class DossierCriterion:
    """`answer` is pass, fail, unknown or waived; `waived_because` is "" for all others."""

    text: str
    is_hard: bool
    key: str
    answer: str
    evidence: str
    answered_on: date | None
    waived_because: str


@dataclass(frozen=True, slots=True)
class DossierCondition:
    text: str
    due: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class DossierGate:
    """A decided round: `outcome` is go, conditions, hold or stop; `sign_off` open, signed or declined."""

    phase: str
    round: int
    outcome: str
    decided_on: date
    ours: str
    theirs: str
    sign_off: str
    criteria: tuple[DossierCriterion, ...]
    conditions: tuple[DossierCondition, ...]


@dataclass(frozen=True, slots=True)
class DossierDecision:
    text: str
    decided_by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class DossierSource:
    """A system of the customer that the work reads or writes."""

    system: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class DossierRelease:
    deliverable: str
    name: str
    released_on: date


@dataclass(frozen=True, slots=True)
class DossierQuality:
    """Cases of one release by what became of them, since it first answered."""

    deliverable: str
    release: str
    cases: int
    accepted: int
    edited: int
    rejected: int
    failed: int

    @property
    def outcomes(self) -> Outcomes:
        return Outcomes(self.cases, self.accepted, self.edited, self.rejected, self.failed)


@dataclass(frozen=True, slots=True)
class DossierIncident:
    """`severity` is minor, major or critical; instants are UTC."""

    deliverable: str
    title: str
    severity: str
    started_at: datetime
    detected_at: datetime | None
    restored_at: datetime | None
    cause: str
    fix: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything of one engagement as of `made_on`, its local day. `compliance` are the questions about safety as they stand now."""

    vendor: str
    customer: str
    engagement: str
    phase: str
    made_on: date
    compliance: tuple[DossierCriterion, ...]
    gates: tuple[DossierGate, ...]
    decisions: tuple[DossierDecision, ...]
    sources: tuple[DossierSource, ...]
    releases: tuple[DossierRelease, ...]
    quality: tuple[DossierQuality, ...]
    incidents: tuple[DossierIncident, ...]


def dossier_json(dossier: Dossier) -> str:
    """The one spelling of a dossier: sorted keys, characters as they are, days and instants in ISO 8601."""
    body = {"schema": SCHEMA} | asdict(dossier)
    return json.dumps(body, sort_keys=True, indent=1, ensure_ascii=False, default=lambda value: value.isoformat())
