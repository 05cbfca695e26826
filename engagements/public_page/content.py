"""What an edition holds, as frozen dataclasses and as canonical JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

SCHEMA = 1

# Complete weeks of use an edition shows at most.
WEEKS_OF_USE = 16
# Editions kept as they were read, about 50 kB each.
MOST_READ = 256


@dataclass(frozen=True, slots=True)
class SharedAsk:
    """`id` stays the same from edition to edition, so that answers can be laid over it."""

    id: int
    text: str
    person: str
    due: date | None
    consequence: str


@dataclass(frozen=True, slots=True)
class SharedDeliverable:
    """Something handed over that waits to be accepted; `criteria` is what was agreed it must meet."""

    id: int
    name: str
    submitted: date | None
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedGate:
    """A decision at the end of a phase that the customer is asked to sign off: `text` is the wording written for them.

    `outcome` is go, conditions, hold or stop, `decided` the day of the decision. What it rested on is not here.
    """

    id: int
    text: str
    outcome: str
    decided: date


@dataclass(frozen=True, slots=True)
class SharedBlocker:
    """`text` is the wording written for the customer. `side` is us, customer or third_party.

    `milestone` is what rests on it, with its promised day and the one expected now; "" and None without a shared one.
    """

    id: int
    text: str
    side: str
    since: date
    milestone: str = ""
    planned: date | None = None
    expected: date | None = None


@dataclass(frozen=True, slots=True)
class SharedMilestone:
    """`expected` is the day that counts: reached, else forecast, else promised (`baseline`)."""

    id: int
    title: str
    summary: str
    baseline: date
    expected: date
    is_done: bool

    @property
    def days_late(self) -> int:
        """Days after the promised day; negative when before it."""
        return (self.expected - self.baseline).days


@dataclass(frozen=True, slots=True)
class WeekOfUse:
    """People active in the week that begins on `start`; None where nothing was measured or planned."""

    start: date
    people: int | None
    target: int | None


@dataclass(frozen=True, slots=True)
class SharedAdoption:
    """People using it in the last 7 days against the plan for this week, and the complete weeks before."""

    people: int | None
    target: int | None
    weeks: tuple[WeekOfUse, ...]

    @property
    def newest(self) -> WeekOfUse | None:
        """The newest complete week that was measured: the one window in which the page counts people. None before the first."""
        return next((week for week in reversed(self.weeks) if week.people is not None), None)


@dataclass(frozen=True, slots=True)
class SharedValue:
    """Running totals at time 0 and at the end of each period, `periods` a year, in `currency`; `counts_costs` says of what."""

    currency: str
    counts_costs: bool
    starts_on: date
    cumulative: tuple[Decimal, ...]
    payback_years: Decimal | None
    periods: int = 1

    @property
    def years(self) -> int:
        return (len(self.cumulative) - 1) // self.periods


@dataclass(frozen=True, slots=True)
class SharedOutcome:
    """A figure both sides agreed to move: where it began, where it stands, where it is to get by `due`.

    `observation` is what `value` was seen in, `until` its last day; readers confirm or dispute that one. It is 0
    in older editions. `verifier` is who checks it.
    """

    id: int
    name: str
    unit: str
    value: Decimal
    baseline: Decimal | None
    target: Decimal | None
    observation: int = 0
    until: date | None = None
    due: date | None = None
    verifier: str = ""
    state: str = "provisional"


@dataclass(frozen=True, slots=True)
class SharedRealised:
    """What a line of the value case brought from `begin` to `end`, as we count it; readers confirm or dispute it."""

    id: int
    line: str
    is_benefit: bool
    amount: Decimal
    currency: str
    begin: date
    end: date
    state: str = "provisional"


@dataclass(frozen=True, slots=True)
class SharedWeek:
    """What one weekly update says to the customer. `monday` is None when no week was published yet."""

    monday: date | None = None
    headline: str = ""
    progress: tuple[str, ...] = ()
    next: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedContent:
    """All of one edition. `published_on` is the local day of the engagement."""

    engagement: str
    customer: str
    vendor: str
    vendor_mark: str
    contact_name: str
    contact_email: str
    time_zone: str
    published_on: date
    week: SharedWeek
    asks: tuple[SharedAsk, ...]
    milestones: tuple[SharedMilestone, ...]
    adoption: SharedAdoption | None
    value: SharedValue | None
    blockers: tuple[SharedBlocker, ...] = ()
    deliverables: tuple[SharedDeliverable, ...] = ()
    gates: tuple[SharedGate, ...] = ()
    outcomes: tuple[SharedOutcome, ...] = ()
    realised: tuple[SharedRealised, ...] = ()
    # The names of the figures at the top, chosen by us; empty: the first three there are.
    figures: tuple[str, ...] = ()
    # The name of our picture, "" for none: then the mark stands there.
    vendor_logo: str = ""


def canonical_json(content: SharedContent) -> str:
    """The one spelling of a content: sorted keys, no spaces, characters as they are."""
    body = {"schema": SCHEMA} | asdict(content)
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def hash_of(text: str) -> str:
    """SHA-256 of the canonical JSON as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=MOST_READ)
def content_from(text: str) -> SharedContent:
    """Read what `canonical_json` wrote. Raises ValueError for a schema this program does not know.

    Contents are frozen, and equal texts say the same: a page that is opened often reads its edition once.
    """
    body = json.loads(text)
    if body.pop("schema") != SCHEMA:
        raise ValueError("This edition was written by a newer version of the portal.")
    body["published_on"] = date.fromisoformat(body["published_on"])
    body["week"] = _week(body["week"])
    body["asks"] = tuple(_ask(ask) for ask in body["asks"])
    body["blockers"] = tuple(_blocker(blocker) for blocker in body.get("blockers", ()))  # older editions have none
    body["deliverables"] = tuple(_deliverable(row) for row in body.get("deliverables", ()))
    body["gates"] = tuple(_gate(row) for row in body.get("gates", ()))
    body["outcomes"] = tuple(_outcome(row) for row in body.get("outcomes", ()))
    body["figures"] = tuple(body.get("figures", ()))
    body["realised"] = tuple(_realised(row) for row in body.get("realised", ()))
    body["milestones"] = tuple(_milestone(milestone) for milestone in body["milestones"])
    body["adoption"] = body["adoption"] and _adoption(body["adoption"])
    body["value"] = body["value"] and _value(body["value"])
    return SharedContent(**body)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _week(body: dict[str, Any]) -> SharedWeek:
    return SharedWeek(_day(body["monday"]), body["headline"], tuple(body["progress"]), tuple(body["next"]))


def _ask(body: dict[str, Any]) -> SharedAsk:
    return SharedAsk(**body | {"due": _day(body["due"])})


def _blocker(body: dict[str, Any]) -> SharedBlocker:
    days = {name: _day(body[name]) for name in ("since", "planned", "expected")}
    return SharedBlocker(**body | days)


def _deliverable(body: dict[str, Any]) -> SharedDeliverable:
    return SharedDeliverable(**body | {"submitted": _day(body["submitted"]), "criteria": tuple(body["criteria"])})


def _gate(body: dict[str, Any]) -> SharedGate:
    return SharedGate(**body | {"decided": date.fromisoformat(body["decided"])})


def _realised(body: dict[str, Any]) -> SharedRealised:
    days = {name: date.fromisoformat(body[name]) for name in ("begin", "end")}
    return SharedRealised(**body | days | {"amount": Decimal(body["amount"])})


def _outcome(body: dict[str, Any]) -> SharedOutcome:
    amounts = {name: Decimal(body[name]) if body[name] is not None else None for name in ("value", "baseline", "target")}
    days = {name: _day(body.get(name)) for name in ("until", "due")}
    return SharedOutcome(**body | amounts | days)


def _milestone(body: dict[str, Any]) -> SharedMilestone:
    days = {name: date.fromisoformat(body[name]) for name in ("baseline", "expected")}
    return SharedMilestone(**body | days)


def _adoption(body: dict[str, Any]) -> SharedAdoption:
    weeks = tuple(WeekOfUse(**week | {"start": date.fromisoformat(week["start"])}) for week in body["weeks"])
    return SharedAdoption(**body | {"weeks": weeks})


def _value(body: dict[str, Any]) -> SharedValue:
    return SharedValue(
        currency=body["currency"],
        counts_costs=body["counts_costs"],
        starts_on=date.fromisoformat(body["starts_on"]),
        cumulative=tuple(Decimal(amount) for amount in body["cumulative"]),
        payback_years=Decimal(body["payback_years"]) if body["payback_years"] is not None else None,
        periods=body.get("periods", 1),  # older editions count by year
    )
