"""The figures at the top of the page: those that exist, and the up to three that are shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.public_page import wording
from engagements.public_page.content import SharedAdoption, SharedContent, SharedMilestone, SharedOutcome, SharedValue
from fde_portal.core import formats

MOST = 3
DAYS_PER_YEAR = 365.25
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    figure: str
    note: str


def chosen_facts(content: SharedContent, sections: Collection[str]) -> tuple[Fact, ...]:
    """The figures we chose, as far as they exist and the sections show them; without a choice the first three."""
    facts = dict(existing_facts(content, sections))
    names = content.figures or tuple(facts)
    return tuple(facts[name] for name in names if name in facts)[:MOST]


def existing_facts(content: SharedContent, sections: Collection[str]) -> Iterator[tuple[str, Fact]]:
    """Each figure there is by its name, which stays the same from edition to edition."""
    for outcome in content.outcomes if "outcomes" in sections else ():
        yield f"outcome:{outcome.id}", outcome_fact(outcome)
    if content.adoption and "adoption" in sections and (fact := people_fact(content.adoption, content.published_on)):
        yield "people", fact
    if content.milestones and "milestones" in sections:
        yield "milestones", milestones_fact(content.milestones)
    if content.value and "value" in sections and (day := paid_back_on(content.value)):
        yield "payback", payback_fact(content.value, day)


def outcome_fact(outcome: SharedOutcome) -> Fact:
    """ "6.1%", "from 11%, goal 4%"."""
    notes = [] if outcome.baseline is None else [_("from %(baseline)s") % {"baseline": amount(outcome.baseline, outcome.unit)}]
    if outcome.target is not None:
        notes.append(_("goal %(target)s") % {"target": amount(outcome.target, outcome.unit)})
    return Fact(outcome.name, amount(outcome.value, outcome.unit), formats.listed(notes))


def amount(value: Decimal, unit: str) -> str:
    places = 1 if value != value.to_integral_value() else 0
    if unit == PERCENT:
        return formats.percent(value / 100, places)
    return f"{formats.number(value, places)} {unit}".strip()


def people_fact(adoption: SharedAdoption, as_of: date) -> Fact | None:
    """People in the newest complete week, as in the chart below; the last seven days only before there is one."""
    week = adoption.newest
    people, target = (week.people, week.target) if week else (adoption.people, adoption.target)
    if people is None:
        return None
    plan = "" if target is None else _("plan %(target)s") % {"target": formats.number(target)}
    return Fact(wording.people_label(week.start if week else None, as_of), formats.number(people), plan)


def milestones_fact(milestones: tuple[SharedMilestone, ...]) -> Fact:
    done = sum(milestone.is_done for milestone in milestones)
    return Fact(_("Milestones reached"), formats.number(done), _("of %(count)s") % {"count": len(milestones)})


def payback_fact(value: SharedValue, day: date) -> Fact:
    total = formats.short_money(value.cumulative[-1], value.currency)
    return Fact(_("Pays for itself"), formats.day(day, "whole_month"), wording.total_after(total, value.years))


def paid_back_on(value: SharedValue) -> date | None:
    """The day the running total is back at zero, or None when not within the horizon or no cost is counted."""
    if value.payback_years is None or not value.counts_costs:
        return None
    return after_years(value.starts_on, float(value.payback_years))


def after_years(start: date, years: float) -> date:
    return start + timedelta(days=round(years * DAYS_PER_YEAR))
