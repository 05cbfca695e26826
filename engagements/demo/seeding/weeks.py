"""Writes what was said week by week: updates with their lines and asks, and notes about people.

The services would date all of it today, so the rows are written as the services would have left them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from customers.models import Stakeholder
from engagements.demo.clock import FRI, Clock, instant
from engagements.demo.facts import FactBook, Facts, weeks_of_use
from engagements.demo.plans import EngagementPlan, NotePlan
from engagements.demo.script import WeekPlan, read_script
from engagements.intake.rows import UsageLine
from engagements.metrics.rounding import round_half_up
from engagements.models import Ask, Engagement, InternalLine, SharedLine, StakeholderNote, WeeklyUpdate
from engagements.selectors.value_flow import case_flow
from fde_portal.accounts.models import AuditEvent, User


def create_weeks(
    plan: EngagementPlan, *, engagement: Engagement, use: Sequence[UsageLine], staff: Mapping[str, User], clock: Clock
) -> None:
    facts = FactBook(
        clock, engagement.customer.language, plan.milestones, weeks_of_use(use, clock), _fixed_facts(plan, engagement)
    )
    people = {person.name: person for person in engagement.customer.stakeholders.all()}
    script = read_script(plan.slug)
    last = -1 if plan.waits_at_weekends and clock.is_weekend else 0
    for week, said in enumerate(script, start=1 - len(script) - plan.silent_weeks):
        if week <= last:
            _create_update(said, week, engagement, facts, people)
    for note in plan.notes:
        _create_note(note, engagement, facts, people, staff)


def _fixed_facts(plan: EngagementPlan, engagement: Engagement) -> Facts:
    facts: Facts = {"licences": sum(part.target.people for part in plan.deliverables if part.target)}
    case = engagement.value_cases.first()
    years = case_flow(case).payback_years if case else None
    if years is not None:
        facts["payback_months"] = round_half_up(years * 12)
    return facts


def _create_update(
    said: WeekPlan, week: int, engagement: Engagement, book: FactBook, people: Mapping[str, Stakeholder]
) -> None:
    facts, friday = book.at(week), book.clock.date((week, FRI))
    year, number, __ = friday.isocalendar()
    # Nobody publishes at the same minute each week.
    minute = Random(f"{engagement.slug} {week}").randrange(120)
    update = WeeklyUpdate.objects.create(
        engagement=engagement,
        iso_year=year,
        iso_week=number,
        state=WeeklyUpdate.State.PUBLISHED,
        headline=said.headline.format_map(facts),
        author=engagement.lead,
        published_by=engagement.lead,
        published_at=instant(friday, 14, engagement.zone) + timedelta(minutes=minute),
        **{f"{name}_rating": rating for name, rating in said.ratings.items()},
    )
    for table, lines in ((SharedLine, said.shared), (InternalLine, said.internal)):
        table.objects.bulk_create(
            table(update=update, kind=kind, text=text.format_map(facts), position=position)
            for position, (kind, text) in enumerate(lines)
        )
    _write_asks(said, update, people, facts, friday)
    _record_publishing(update)


def _write_asks(
    said: WeekPlan, update: WeeklyUpdate, people: Mapping[str, Stakeholder], facts: Facts, friday: date
) -> None:
    if said.closes_asks:
        update.engagement.asks.open().update(state=Ask.State.DONE, closed_on=friday - timedelta(days=1))
    for ask in said.asks:
        Ask.objects.create(
            engagement=update.engagement,
            raised_in=update,
            text=ask.text.format_map(facts),
            stakeholder=people[ask.person],
            due_on=friday + timedelta(days=ask.days),
            consequence=ask.consequence.format_map(facts),
        )


def _record_publishing(update: WeeklyUpdate) -> None:
    AuditEvent.objects.create(
        at=update.published_at,
        actor=update.published_by,
        actor_label=str(update.published_by),
        verb="publish",
        subject_type=update._meta.model_name,
        subject_id=update.pk,
        subject_label=str(update),
        customer_id=update.engagement.customer_id,
        engagement_id=update.engagement_id,
        details={"revision": update.revision},
    )


def _create_note(
    plan: NotePlan, engagement: Engagement, book: FactBook, people: Mapping[str, Stakeholder], staff: Mapping[str, User]
) -> None:
    note = StakeholderNote.objects.create(
        customer=engagement.customer,
        engagement=engagement,
        kind=plan.kind,
        happened_on=book.clock.date(plan.day),
        text=plan.text.format_map(book.at(plan.day[0])),
        stance_observed=plan.stance,
        author=staff.get(plan.author, engagement.lead),
    )
    note.stakeholders.set(people[name] for name in plan.people)
