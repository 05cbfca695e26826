"""The shared page as its template needs it, in the active language."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engagements.public_page import wording
from engagements.public_page.answers import GivenAnswer, ItemKey, Topic, asked_about
from engagements.public_page.content import (
    SharedAdoption,
    SharedAsk,
    SharedBlocker,
    SharedContent,
    SharedDeliverable,
    SharedGate,
    SharedMilestone,
    SharedOutcome,
    SharedRealised,
    SharedValue,
    SharedWeek,
)
from engagements.public_page.figures import DAYS_PER_YEAR, Fact, after_years, chosen_facts, paid_back_on
from engagements.public_page.tombstones import NOTHING_WITHDRAWN, Withdrawn, gone_by_section, remaining
from fde_portal.core import formats
from fde_portal.core.charts import CumulativeValue, LineChart, Series

# Parts of the page that no grant leaves out.
ALWAYS_SHOWN = {"headline"}


@dataclass(frozen=True, slots=True)
class AskRow:
    """`answers` says in sentences who answered what; `is_settled` when nothing more is needed."""

    id: int
    text: str
    terms: str
    consequence: str
    answers: tuple[str, ...] = ()
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class DeliverableRow:
    """Something to accept, against `criteria`; `verdicts` say in sentences who judged it how."""

    id: int
    name: str
    terms: str
    criteria: tuple[str, ...]
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateRow:
    """A decision to sign off; `verdicts` say in sentences who signed or declined it."""

    id: int
    text: str
    terms: str
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockerRow:
    """`clock` says who is waited for, how long, and what it moves."""

    text: str
    clock: str


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


@dataclass(frozen=True, slots=True)
class PulseQuestion:
    """The last milestone reached, about which readers are asked how it goes."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Moved:
    band: str
    text: str


@dataclass(frozen=True, slots=True)
class SharedPage:
    """One edition, cut down to the sections of a grant. Missing parts are None or empty."""

    engagement: str
    customer: str
    vendor: str
    vendor_mark: str
    vendor_logo: str
    contact_name: str
    contact_email: str
    zone: ZoneInfo
    published_on: date
    headline: str
    monday: date | None
    moved: Moved | None
    facts: tuple[Fact, ...]
    gone: Mapping[str, str]
    asks: tuple[AskRow, ...]
    deliverables: tuple[DeliverableRow, ...]
    gates: tuple[GateRow, ...]
    blockers: tuple[BlockerRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    verdicts: str
    realised: tuple[OutcomeRow, ...]
    realised_verdicts: str
    progress: tuple[str, ...]
    next: tuple[str, ...]
    milestones: tuple[MilestoneRow, ...]
    pulse: PulseQuestion | None
    adoption: LineChart | None
    value: CumulativeValue | None


Given = Mapping[ItemKey, list[GivenAnswer]]
NOTHING_GIVEN: Given = {}


def shared_page(
    content: SharedContent, sections: Collection[str], given: Given = NOTHING_GIVEN, withdrawn: Withdrawn = NOTHING_WITHDRAWN
) -> SharedPage:
    """Tell `content` in the active language. `sections` are names of `Section`; others are left out.

    `given` are the answers laid over it, by the item they are about; `withdrawn` what was taken back since.
    """
    gone = gone_by_section(content, withdrawn)
    content = remaining(content, withdrawn)
    milestones = content.milestones if "milestones" in sections else ()
    adoption = content.adoption if "adoption" in sections else None
    value = content.value if "value" in sections else None
    outcomes = content.outcomes if "outcomes" in sections else ()
    rows = tuple(outcome_row(outcome, content.published_on, given) for outcome in outcomes)
    ledger = tuple(realised_row(row, content.published_on, given) for row in content.realised) if "value" in sections else ()
    week = content.week if "lines" in sections else SharedWeek(content.week.monday, content.week.headline)
    return SharedPage(
        engagement=content.engagement,
        customer=content.customer,
        vendor=content.vendor,
        vendor_mark=content.vendor_mark,
        vendor_logo=content.vendor_logo,
        contact_name=content.contact_name,
        contact_email=content.contact_email,
        zone=ZoneInfo(content.time_zone),
        published_on=content.published_on,
        headline=wording.unbroken(week.headline or content.engagement),
        monday=week.monday,
        moved=moved(milestones),
        facts=chosen_facts(content, sections),
        gone={name: wording.taken_back(days) for name, days in gone.items() if name in sections or name in ALWAYS_SHOWN},
        asks=tuple(ask_row(ask, given) for ask in content.asks) if "asks" in sections else (),
        deliverables=tuple(deliverable_row(row, given) for row in content.deliverables) if "deliverables" in sections else (),
        gates=tuple(gate_row(row, given) for row in content.gates) if "deliverables" in sections else (),
        blockers=tuple(blocker_row(row, content) for row in content.blockers) if "blockers" in sections else (),
        outcomes=rows,
        verdicts=verdicts_of(rows),
        realised=ledger,
        realised_verdicts=verdicts_of(ledger),
        progress=week.progress,
        next=week.next,
        milestones=tuple(milestone_row(milestone, content.published_on) for milestone in milestones),
        pulse=pulse_question(milestones, content.published_on),
        adoption=adoption and adoption_chart(adoption),
        value=value and value_chart(value, content.published_on),
    )


def moved(milestones: tuple[SharedMilestone, ...]) -> Moved | None:
    """Whether dates ahead still hold. None when nothing is ahead."""
    ahead = [milestone for milestone in milestones if not milestone.is_done]
    if not ahead:
        return None
    late = sum(milestone.days_late > 0 for milestone in ahead)
    return Moved("watch" if late else "good", wording.dates_moved(late))


def ask_row(ask: SharedAsk, given: Given = NOTHING_GIVEN) -> AskRow:
    answers = given.get((Topic.ASK, ask.id), [])
    terms, said = wording.ask_terms(ask.person, ask.due), tuple(wording.answer_sentence(answer) for answer in answers)
    return AskRow(ask.id, ask.text, terms, ask.consequence, said, any(answer.kind == "answer" for answer in answers))


def deliverable_row(row: SharedDeliverable, given: Given = NOTHING_GIVEN) -> DeliverableRow:
    # A verdict from before it was handed over again is about an earlier state of it.
    verdicts = given.get((Topic.DELIVERABLE, row.id), [])
    said = tuple(wording.answer_sentence(one) for one in verdicts if row.submitted is None or one.on >= row.submitted)
    return DeliverableRow(row.id, row.name, wording.submitted_on(row.submitted), row.criteria, said)


def gate_row(row: SharedGate, given: Given = NOTHING_GIVEN) -> GateRow:
    verdicts = tuple(wording.answer_sentence(one) for one in given.get((Topic.GATE, row.id), []))
    return GateRow(row.id, row.text, wording.gate_terms(row.outcome, row.decided), verdicts)


def outcome_row(outcome: SharedOutcome, as_of: date, given: Given = NOTHING_GIVEN) -> OutcomeRow:
    answers = given.get((Topic.OBSERVATION, outcome.observation), [])
    return judged_row(outcome.observation, outcome.name, wording.outcome_sentence(outcome, as_of), answers, outcome.state)


def realised_row(row: SharedRealised, as_of: date, given: Given = NOTHING_GIVEN) -> OutcomeRow:
    return judged_row(row.id, row.line, wording.realised_sentence(row, as_of), given.get((Topic.REALISED, row.id), []), row.state)


def judged_row(item: int, name: str, sentence: str, answers: list[GivenAnswer], published: str) -> OutcomeRow:
    """A figure with what readers said about it; the newest verdict holds, without one that of the day of publishing."""
    newest = answers[-1].kind if answers else published.replace("provisional", "")
    state = "confirmed" if newest.startswith("confirm") else "disputed" if newest else "open"
    return OutcomeRow(item, name, sentence, tuple(wording.answer_sentence(answer) for answer in answers), state)


def verdicts_of(rows: Collection[OutcomeRow]) -> str:
    """What is confirmed, open and disputed, each apart; "" without a figure to judge."""
    counts = [sum(row.state == state for row in rows) for state in ("confirmed", "open", "disputed")]
    return wording.verdicts(*counts) if any(counts) else ""


def pulse_question(milestones: tuple[SharedMilestone, ...], as_of: date) -> PulseQuestion | None:
    asked = [PulseQuestion(row.id, row.title) for row in asked_about(milestones, as_of)]
    return asked[0] if asked else None


def blocker_row(blocker: SharedBlocker, content: SharedContent) -> BlockerRow:
    """The clock stands at the day of publishing, like everything else on the page."""
    return BlockerRow(blocker.text, wording.blocker_clock(blocker, content.vendor, content.published_on))


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


def adoption_chart(adoption: SharedAdoption) -> LineChart:
    people = tuple(week.people for week in adoption.weeks)
    targets = tuple(week.target for week in adoption.weeks)
    series = [Series(pgettext("figure", "People"), people, "actual", end_label=_last(people))]
    if any(target is not None for target in targets):
        end = _("Plan %(target)s") % {"target": _last(targets)}
        series.append(Series(_("Plan"), targets, "target", end_label=end))
    caption = wording.people_caption(adoption.people, adoption.target)
    return LineChart(
        id="people",
        title=_("People using it each week"),
        finding=caption or _("People using it each week"),
        caption=caption,
        label_heading=_("Week of"),
        labels=tuple(formats.day(week.start) for week in adoption.weeks),
        series=tuple(series),
        write=formats.number,
        height=170,
    )


def _last(values: tuple[int | None, ...]) -> str:
    measured = [value for value in values if value is not None]
    return formats.number(measured[-1]) if measured else ""


def value_chart(value: SharedValue, as_of: date) -> CumulativeValue:
    years = value.years
    back = paid_back_on(value)
    today = (as_of - value.starts_on).days / DAYS_PER_YEAR
    caption = wording.payback_caption(back, years) if value.counts_costs else _("Benefits added up. Costs are not counted here.")
    return CumulativeValue(
        id="value",
        title=_("Value after costs") if value.counts_costs else _("Value before costs"),
        finding=caption,
        caption=caption,
        labels=tuple(formats.day(after_years(value.starts_on, at / value.periods), "month_year") for at in range(len(value.cumulative))),
        expected=value.cumulative,
        names=(_("End of"), _("Actual"), _("Expected"), _("Low"), _("High")),
        today=today * value.periods if 0 <= today <= years else None,
        today_label=_("Today"),
        payback=None if back is None else float(value.payback_years or 0) * value.periods,
        payback_label="" if back is None else _("Payback, %(month)s") % {"month": formats.day(back, "month_year")},
        end_label=_("Expected"),
        write=formats.short_money_in(value.currency),
        height=170,
    )
