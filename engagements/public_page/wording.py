"""Sentences of the shared page. They are short, and small numbers are words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy

from engagements.public_page.answers import GivenAnswer
from engagements.public_page.content import (
    SharedAdoption,
    SharedBlocker,
    SharedMilestone,
    SharedOutcome,
    SharedRealised,
)
from fde_portal.core import formats

SMALL_NUMBERS = {
    1: pgettext_lazy("number before a noun", "one"),
    2: pgettext_lazy("number before a noun", "two"),
    3: pgettext_lazy("number before a noun", "three"),
    4: pgettext_lazy("number before a noun", "four"),
    5: pgettext_lazy("number before a noun", "five"),
    6: pgettext_lazy("number before a noun", "six"),
    7: pgettext_lazy("number before a noun", "seven"),
    8: pgettext_lazy("number before a noun", "eight"),
    9: pgettext_lazy("number before a noun", "nine"),
}
DAYS_UNTIL_WEEKS_SUFFICE = 28
MONDAY = 0


def spoken(value: int) -> str:
    """`2` as "two"; from ten on figures."""
    return str(SMALL_NUMBERS.get(value) or formats.number(value))


def span(days: int) -> str:
    """A length of time without sign: "five days", "two weeks". Exact up to four weeks, then to the week."""
    days = abs(days)
    if days % 7 and days < DAYS_UNTIL_WEEKS_SUFFICE:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": spoken(days)}
    weeks = round(days / 7)
    return ngettext("%(count)s week", "%(count)s weeks", weeks) % {"count": spoken(weeks)}


def unbroken(headline: str) -> str:
    """With hyphens that do not break: "go-live" stays on one line of a large head."""
    return headline.replace("-", "\N{NON-BREAKING HYPHEN}")


def near_day(day: date, as_of: date) -> str:
    """ "27 November"; with the year when it lies more than ten months away."""
    return formats.day(day, "full" if abs((day - as_of).days) > 300 else "words")


def milestone_statement(milestone: SharedMilestone, as_of: date) -> str:
    """ "Done, one week late", "Expected two weeks late", "Not done, three days late so far"."""
    late = milestone.days_late
    if milestone.is_done:
        return _statement(late, gettext("Done on time"), gettext("Done, %(span)s late"), gettext("Done, %(span)s early"))
    if milestone.expected < as_of:
        overdue = (as_of - milestone.baseline).days
        return gettext("Not done, %(span)s late so far") % {"span": span(overdue)} if overdue > 0 else gettext("Due now")
    return _statement(
        late, gettext("Expected on time"), gettext("Expected %(span)s late"), gettext("Expected %(span)s early")
    )


def _statement(late: int, on_time: str, later: str, earlier: str) -> str:
    if late == 0:
        return on_time
    return (later if late > 0 else earlier) % {"span": span(late)}


def dates_moved(count: int) -> str:
    if count == 0:
        return gettext("All dates hold")
    text = ngettext("%(count)s date has moved", "%(count)s dates have moved", count) % {"count": spoken(count)}
    return capfirst(text)


def ask_terms(person: str, due: date | None) -> str:
    """Who and by when: "Pieter Bakker, by Tuesday 24 November"."""
    day = formats.day(due, "long") if due else ""
    if person and day:
        return gettext("%(person)s, by %(day)s") % {"person": person, "day": day}
    if day:
        return capfirst(pgettext("deadline", "by %(day)s") % {"day": day})
    return person


def overdue(due: date | None, today: date) -> str:
    """ "Nine days overdue"; "" while there is time."""
    if due is None or due >= today:
        return ""
    return capfirst(gettext("%(span)s overdue") % {"span": span((today - due).days)})


def submitted_on(day: date | None) -> str:
    return gettext("Handed over on %(day)s") % {"day": formats.day(day, "words")} if day else ""


def gate_terms(outcome: str, day: date) -> str:
    """What was decided on which day: "Decided on 27 November: go." """
    decided = {
        "go": gettext("Decided on %(day)s: go."),
        "conditions": gettext("Decided on %(day)s: go, with conditions."),
        "hold": gettext("Decided on %(day)s: hold."),
        "stop": gettext("Decided on %(day)s: stop."),
    }[outcome]
    return decided % {"day": formats.day(day, "words")}


def answerer(answer: GivenAnswer) -> str:
    """The name; where nobody vouches for it with the start of the address: "Pieter Bakker (p…@harbourline.example)"."""
    if not answer.address:
        return answer.name
    return gettext("%(person)s (%(address)s)") % {"person": answer.name, "address": answer.address}


def answer_sentence(answer: GivenAnswer) -> str:
    """Who said what on which day: "Pieter Bakker, 24 November: Grace Mensah, by Friday 27 November."

    Of one we took back only that: its words were not those of the person it names.
    """
    words = {"person": answerer(answer), "day": formats.day(answer.on, "words")}
    if answer.annulled:
        told = gettext("An answer of %(day)s in the name of %(person)s does not count: we took it back on %(annulled)s.")
        return told % (words | {"annulled": formats.day(answer.annulled, "words")})
    said = {
        "acknowledge": gettext("%(person)s has seen it, %(day)s."),
        "answer": gettext("%(person)s answered, %(day)s."),
        "accept": gettext("%(person)s accepted it, %(day)s."),
        "reject": gettext("%(person)s did not accept it, %(day)s."),
        "sign": gettext("%(person)s signed it off, %(day)s."),
        "decline": gettext("%(person)s declined to sign it off, %(day)s."),
        "confirm": gettext("%(person)s confirmed it, %(day)s."),
        "dispute": gettext("%(person)s disputed it, %(day)s."),
        "confirm_value": gettext("%(person)s confirmed it, %(day)s."),
        "dispute_value": gettext("%(person)s disputed it, %(day)s."),
    }[answer.kind] % words
    terms = ask_terms(answer.who_will, answer.by_on)
    return formats.sentences(said, gettext("%(waits)s.") % {"waits": terms} if terms else "", answer.text)


def realised_sentence(row: SharedRealised, as_of: date) -> str:
    """ "€41,200 brought from 1 September to 30 November." """
    words = {"amount": formats.money(row.amount, row.currency), "begin": near_day(row.begin, as_of), "end": near_day(row.end, as_of)}
    return (gettext("%(amount)s brought from %(begin)s to %(end)s.") if row.is_benefit else gettext("%(amount)s spent from %(begin)s to %(end)s.")) % words


def outcome_sentence(outcome: SharedOutcome, as_of: date) -> str:
    """ "8.4 minutes, measured until 28 November. It was 14 minutes, the goal is 6 minutes by 22 January." """
    seen = {"value": formats.in_unit(outcome.value, outcome.unit), "day": near_day(outcome.until or as_of, as_of)}
    told = gettext("%(value)s, measured until %(day)s.") % seen
    if outcome.baseline is None or outcome.target is None or outcome.due is None:
        return told
    words = {
        "baseline": formats.in_unit(outcome.baseline, outcome.unit),
        "target": formats.in_unit(outcome.target, outcome.unit),
        "due": near_day(outcome.due, as_of),
    }
    return formats.sentences(told, gettext("It was %(baseline)s, the goal is %(target)s by %(due)s.") % words)


def verdict_word(state: str) -> str:
    return {"confirmed": gettext("Confirmed."), "disputed": gettext("Disputed.")}.get(state, "")


def verdicts(confirmed: int, open_: int, disputed: int) -> str:
    """How many figures are confirmed, wait for a verdict, and are disputed: always all three."""
    words = {"confirmed": formats.number(confirmed), "open": formats.number(open_), "disputed": formats.number(disputed)}
    return gettext("%(confirmed)s confirmed, %(open)s open, %(disputed)s disputed.") % words


def amounts(currency: str, confirmed: Decimal, open_: Decimal, disputed: Decimal) -> str:
    """ "Benefits: €6,100 confirmed, €1,500 open, €5,200 disputed.": always all three, never added up."""
    words = {"confirmed": confirmed, "open": open_, "disputed": disputed}
    return gettext("Benefits: %(confirmed)s confirmed, %(open)s open, %(disputed)s disputed.") % {
        state: formats.money(Decimal(amount), currency) for state, amount in words.items()
    }


def blocker_clock(blocker: SharedBlocker, vendor: str, as_of: date) -> str:
    """ "Waiting on you for nine days, it moves Go-live to 14 May." """
    words = {"span": span(max((as_of - blocker.since).days, 0)), "vendor": vendor}
    begun_today = blocker.since >= as_of
    waits = {
        "customer": gettext("Waiting on you since today") if begun_today else gettext("Waiting on you for %(span)s"),
        "us": gettext("Waiting on %(vendor)s since today") if begun_today else gettext("Waiting on %(vendor)s for %(span)s"),
        "third_party": gettext("Waiting on a third party since today")
        if begun_today
        else gettext("Waiting on a third party for %(span)s"),
    }[blocker.side] % words
    if blocker.planned is None or blocker.expected is None:
        return gettext("%(waits)s.") % {"waits": waits}
    day = near_day(blocker.expected, as_of)
    has_moved = blocker.expected > blocker.planned
    text = gettext("%(waits)s, it moves %(milestone)s to %(day)s.") if has_moved else gettext("%(waits)s. %(milestone)s on %(day)s rests on it.")
    return text % {"waits": waits, "milestone": blocker.milestone, "day": day}


def people_label(week: date | None, as_of: date) -> str:
    """What the figure of people counts, by its window: the week that began on `week`, else the seven days before publishing."""
    if week is None:
        return gettext("People in the last seven days")
    return gettext("People in the week of %(day)s") % {"day": near_day(week, as_of)}


def people_caption(adoption: SharedAdoption, as_of: date) -> str:
    """People in the newest complete week against the plan for it; in the last seven days only before there is one."""
    week = adoption.newest
    if week is None or week.people is None:
        return seven_days_caption(adoption.people, adoption.target)
    words = {"people": formats.number(week.people), "target": formats.number(week.target), "day": near_day(week.start, as_of)}
    if week.target is None:
        return ngettext(
            "%(people)s person used it in the week of %(day)s.", "%(people)s people used it in the week of %(day)s.", week.people
        ) % words
    return ngettext(
        "%(people)s person used it in the week of %(day)s, against a plan of %(target)s.",
        "%(people)s people used it in the week of %(day)s, against a plan of %(target)s.",
        week.people,
    ) % words


def seven_days_caption(people: int | None, target: int | None) -> str:
    if people is None:
        return ""
    words = {"people": formats.number(people), "target": formats.number(target)}
    if target is None:
        return ngettext(
            "%(people)s person used it in the last seven days.", "%(people)s people used it in the last seven days.", people
        ) % words
    return ngettext(
        "%(people)s person used it in the last seven days, against a plan of %(target)s.",
        "%(people)s people used it in the last seven days, against a plan of %(target)s.",
        people,
    ) % words


def weeks_caption(last: date) -> str:
    """Which weeks a chart counts, by the first day of its `last`: "Each point is a whole week, Monday to Sunday. …"."""
    words = {"first": WEEKDAYS[last.weekday()], "last": WEEKDAYS[(last.weekday() - 1) % 7]}
    told = gettext("Each point is a whole week, %(first)s to %(last)s.") % words
    if last.weekday() == MONDAY:
        return told
    return formats.sentences(told, gettext("These weeks are counted from the day the work began, the update above is of a calendar week."))


def payback_caption(paid_back_on: date | None, years: int) -> str:
    if paid_back_on is None:
        return ngettext(
            "On these figures the work does not pay for itself within %(years)s year.",
            "On these figures the work does not pay for itself within %(years)s years.",
            years,
        ) % {"years": spoken(years)}
    month = formats.day(paid_back_on, "whole_month")
    return gettext("The line crosses zero when the work has paid for itself: expected in %(month)s.") % {"month": month}


def total_after(total: str, years: int) -> str:
    words = {"total": total, "years": spoken(years)}
    return ngettext("%(total)s after %(years)s year", "%(total)s after %(years)s years", years) % words


def taken_back(days: Sequence[date]) -> str:
    """The tombstone of a part of the page: "One item was taken back on 21 November 2026." """
    words = {"count": capfirst(spoken(len(days))), "day": formats.day(max(days), "full")}
    return ngettext("%(count)s item was taken back on %(day)s.", "%(count)s items were taken back, last on %(day)s.", len(days)) % words
