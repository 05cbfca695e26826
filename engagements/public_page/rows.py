"""The lines of the shared page, each said in the active language: asks, deliverables, gates, figures, dates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from engagements.public_page import wording
from engagements.public_page.answers import GivenAnswer, Item, ItemKey, Topic, asked_about, settles
from engagements.public_page.content import (
    SharedAsk,
    SharedBlocker,
    SharedContent,
    SharedDeliverable,
    SharedGate,
    SharedMilestone,
    SharedOutcome,
    SharedRealised,
)
from fde_portal.core import formats

# The answers laid over a page, by the item they are about.
Given = Mapping[ItemKey, list[GivenAnswer]]
NOTHING_GIVEN: Given = {}


@dataclass(frozen=True, slots=True)
class AskRow:
    """`answers` says in sentences who answered what; `overdue` for how long it is owed, "" while there is time."""

    id: int
    text: str
    terms: str
    consequence: str
    answers: tuple[str, ...] = ()
    is_settled: bool = False
    overdue: str = ""
    topic: str = Topic.ASK


@dataclass(frozen=True, slots=True)
class DeliverableRow:
    """Something to accept, against `criteria`; `answers` say in sentences who judged it how."""

    id: int
    text: str
    terms: str
    criteria: tuple[str, ...]
    answers: tuple[str, ...] = ()
    is_settled: bool = False
    topic: str = Topic.DELIVERABLE


@dataclass(frozen=True, slots=True)
class GateRow:
    """A decision to sign off; `answers` say in sentences who signed or declined it."""

    id: int
    text: str
    terms: str
    answers: tuple[str, ...] = ()
    is_settled: bool = False
    topic: str = Topic.GATE


# What is asked of readers. Once `is_settled` nothing more is needed, and it stands under what was answered.
AskedRow = AskRow | DeliverableRow | GateRow
Row = TypeVar("Row", AskRow, DeliverableRow, GateRow)


@dataclass(frozen=True, slots=True)
class BlockerRow:
    """`clock` says who is waited for, how long, and what it moves; `is_theirs` when that is the customer."""

    text: str
    clock: str
    is_theirs: bool


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """`state` is done, late or plan; `planned` is the promised day where it no longer holds, else ""."""

    id: int
    title: str
    summary: str
    day: str
    planned: str
    statement: str
    state: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """`id` is the observation one can confirm or dispute, 0 for none; `state` is confirmed, open, disputed or ""."""

    id: int
    outcome: str
    sentence: str
    answers: tuple[str, ...]
    state: str

    @property
    def verdict(self) -> str:
        """What became of the figure where nobody's answer on the page says so, "" while it is open."""
        return wording.verdict_word(self.state)


@dataclass(frozen=True, slots=True)
class PulseQuestion:
    """The last milestone reached, about which readers are asked how it goes."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Moved:
    band: str
    text: str


def moved(milestones: tuple[SharedMilestone, ...]) -> Moved | None:
    """Whether dates ahead still hold. None when nothing is ahead."""
    ahead = [milestone for milestone in milestones if not milestone.is_done]
    if not ahead:
        return None
    late = sum(milestone.days_late > 0 for milestone in ahead)
    return Moved("watch" if late else "good", wording.dates_moved(late))


def said_of(answers: Collection[GivenAnswer]) -> tuple[str, ...]:
    return tuple(wording.answer_sentence(answer) for answer in answers)


def ask_row(ask: SharedAsk, today: date, given: Given = NOTHING_GIVEN) -> AskRow:
    answers = given.get((Topic.ASK, ask.id), [])
    terms, late = wording.ask_terms(ask.person, ask.due), wording.overdue(ask.due, today)
    return AskRow(ask.id, ask.text, terms, ask.consequence, said_of(answers), is_settled_by(answers), late)


def deliverable_row(row: SharedDeliverable, given: Given = NOTHING_GIVEN) -> DeliverableRow:
    verdicts = [one for one in given.get((Topic.DELIVERABLE, row.id), []) if is_about(row, one)]
    terms = wording.submitted_on(row.submitted)
    return DeliverableRow(row.id, row.name, terms, row.criteria, said_of(verdicts), is_settled_by(verdicts))


def is_about(row: SharedDeliverable, verdict: GivenAnswer) -> bool:
    """Whether a verdict is about what was handed over last.

    One from before the edition is about an earlier state: it would not wait there had it not been handed over again since,
    maybe on the same day. One that we took back led to nothing; what became of it since is told by the days.
    """
    if verdict.annulled:
        return row.submitted is None or verdict.on >= row.submitted
    return not verdict.is_earlier


def gate_row(row: SharedGate, given: Given = NOTHING_GIVEN) -> GateRow:
    verdicts = given.get((Topic.GATE, row.id), [])
    return GateRow(row.id, row.text, wording.gate_terms(row.outcome, row.decided), said_of(verdicts), is_settled_by(verdicts))


def asked_rows(content: SharedContent, today: date, given: Given) -> list[AskedRow]:
    """Everything asked of readers, answered or not, in the order of the page."""
    return [
        *(ask_row(ask, today, given) for ask in content.asks),
        *(deliverable_row(row, given) for row in content.deliverables),
        *(gate_row(row, given) for row in content.gates),
    ]


def waiting(asked: Collection[AskedRow], kind: type[Row]) -> tuple[Row, ...]:
    """Those of one kind that still need something."""
    return tuple(row for row in asked if isinstance(row, kind) and not row.is_settled)


def standing(answers: Collection[GivenAnswer]) -> list[GivenAnswer]:
    """Those that count: what we took back does not."""
    return [answer for answer in answers if not answer.annulled]


def is_settled_by(answers: Collection[GivenAnswer]) -> bool:
    """Whether something asked needs nothing more: of the answers that count, the newest that says more than "seen" decides."""
    verdicts = [answer for answer in standing(answers) if answer.kind != "acknowledge"]
    return bool(verdicts) and settles(verdicts[-1].kind, is_earlier=verdicts[-1].is_earlier)


def outcome_row(outcome: SharedOutcome, as_of: date, given: Given = NOTHING_GIVEN) -> OutcomeRow:
    answers = given.get((Topic.OBSERVATION, outcome.observation), [])
    return judged_row(outcome.observation, outcome.name, wording.outcome_sentence(outcome, as_of), answers, outcome.state)


def realised_row(row: SharedRealised, as_of: date, given: Given = NOTHING_GIVEN) -> OutcomeRow:
    return judged_row(row.id, row.line, wording.realised_sentence(row, as_of), given.get((Topic.REALISED, row.id), []), row.state)


def judged_row(item: int, name: str, sentence: str, answers: list[GivenAnswer], published: str) -> OutcomeRow:
    """A figure with what readers said about it; the newest verdict holds, without one that of the day of publishing."""
    counted = standing(answers)
    newest = counted[-1].kind if counted else published.replace("provisional", "")
    state = "confirmed" if newest.startswith("confirm") else "disputed" if newest else "open"
    return OutcomeRow(item, name, sentence, said_of(answers), state)


def amounts_of(realised: Collection[SharedRealised], rows: Collection[OutcomeRow]) -> str:
    """The benefits behind the verdicts, a sentence for each currency; "" without a benefit."""
    states = {row.id: row.state for row in rows}
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for row in realised:
        if row.is_benefit:
            sums[row.currency][states[row.id]] += row.amount
    said = [wording.amounts(currency, by["confirmed"], by["open"], by["disputed"]) for currency, by in sorted(sums.items())]
    return formats.sentences(*said)


def verdicts_of(rows: Collection[OutcomeRow]) -> str:
    """What is confirmed, open and disputed, each apart; "" without a figure to judge."""
    counts = [sum(row.state == state for row in rows) for state in ("confirmed", "open", "disputed")]
    return wording.verdicts(*counts) if any(counts) else ""


def pulse_question(milestones: tuple[SharedMilestone, ...], as_of: date) -> PulseQuestion | None:
    asked = [PulseQuestion(row.id, row.title) for row in asked_about(milestones, as_of)]
    return asked[0] if asked else None


def blocker_row(blocker: SharedBlocker, content: SharedContent) -> BlockerRow:
    """The clock stands at the day of publishing, like everything else on the page."""
    return BlockerRow(blocker.text, wording.blocker_clock(blocker, content.vendor, content.published_on), blocker.side == "customer")


def terms_of(content: SharedContent, item: Item) -> str:
    """What the page says beside an item, for where it stands alone: its figure, day or decision; "" where its name says it all."""
    day = content.published_on
    said: dict[str, Iterable[tuple[int, str]]] = {
        Topic.ASK: ((row.id, wording.ask_terms(row.person, row.due)) for row in content.asks),
        Topic.DELIVERABLE: ((row.id, wording.submitted_on(row.submitted)) for row in content.deliverables),
        Topic.GATE: ((row.id, wording.gate_terms(row.outcome, row.decided)) for row in content.gates),
        Topic.REALISED: ((row.id, wording.realised_sentence(row, day)) for row in content.realised),
        Topic.OBSERVATION: ((row.observation, wording.outcome_sentence(row, day)) for row in content.outcomes),
    }
    return dict(said.get(item.topic, ())).get(item.id, "")


def milestone_row(milestone: SharedMilestone, as_of: date) -> MilestoneRow:
    has_moved = milestone.days_late != 0 and not milestone.is_done
    return MilestoneRow(
        id=milestone.id,
        title=milestone.title,
        summary=milestone.summary,
        day=wording.near_day(milestone.expected, as_of),
        planned=wording.near_day(milestone.baseline, as_of) if has_moved else "",
        statement=wording.milestone_statement(milestone, as_of),
        state=milestone_state(milestone, as_of),
    )


def milestone_state(milestone: SharedMilestone, as_of: date) -> str:
    if milestone.is_done:
        return "done"
    return "late" if milestone.days_late > 0 or milestone.expected < as_of else "plan"
