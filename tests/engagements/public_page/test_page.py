"""What the shared page says in words."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from engagements.public_page.answers import GivenAnswer, Topic
from engagements.public_page.content import (
    SharedAdoption,
    SharedAsk,
    SharedBlocker,
    SharedDeliverable,
    SharedGate,
    SharedMilestone,
    SharedValue,
    SharedWeek,
    WeekOfUse,
)
from engagements.public_page.page import shared_page
from engagements.public_page.wording import ask_terms, milestone_statement, people_caption, span, weeks_caption
from tests.engagements.public_page.test_content import CONTENT

AS_OF = date(2026, 11, 20)
PROMISED = date(2026, 12, 1)
EVERYTHING = ("asks", "lines", "milestones", "adoption", "value")


def milestone(days_late, *, is_done=False, baseline=PROMISED):
    return SharedMilestone(1, "Go-live", "", baseline, baseline + timedelta(days=days_late), is_done)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "one day"), (5, "five days"), (7, "one week"), (-14, "two weeks"), (10, "10 days"), (27, "27 days"),
        (30, "four weeks"), (77, "11 weeks"),
    ],
)
def test_a_length_of_time_is_told_exactly_up_to_four_weeks(days, words):
    assert span(days) == words


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (milestone(0, is_done=True), "Done on time"),
        (milestone(7, is_done=True), "Done, one week late"),
        (milestone(-3, is_done=True), "Done, three days early"),
        (milestone(0), "Expected on time"),
        (milestone(14), "Expected two weeks late"),
        (milestone(-1), "Expected one day early"),
        (milestone(0, baseline=date(2026, 11, 18)), "Not done, two days late so far"),
    ],
)
def test_a_milestone_is_told_in_a_sentence(row, sentence):
    assert milestone_statement(row, AS_OF) == sentence


@pytest.mark.parametrize(
    ("late", "words"),
    [((14, 7, 3), "Three dates have moved"), ((14, 0), "One date has moved"), ((0, -3), "All dates hold")],
)
def test_the_head_says_how_many_dates_ahead_have_moved(late, words):
    content = replace(CONTENT, milestones=(milestone(21, is_done=True), *(milestone(days) for days in late)))
    assert shared_page(content, EVERYTHING).moved.text == words


def test_nothing_is_said_of_dates_when_none_is_ahead():
    assert shared_page(replace(CONTENT, milestones=(milestone(21, is_done=True),)), EVERYTHING).moved is None


@pytest.mark.parametrize(
    ("person", "due", "terms"),
    [
        ("Pieter Bakker", date(2026, 11, 24), "Pieter Bakker, by Tuesday 24 November"),
        ("", date(2026, 11, 24), "By Tuesday 24 November"),
        ("Pieter Bakker", None, "Pieter Bakker"),
        ("", None, ""),
    ],
)
def test_an_ask_names_person_and_day(person, due, terms):
    assert ask_terms(person, due) == terms


def test_one_person_is_not_people():
    assert people_caption(SharedAdoption(1, None, ()), AS_OF) == "1 person used it in the last seven days."
    assert people_caption(SharedAdoption(121, 180, ()), AS_OF) == "121 people used it in the last seven days, against a plan of 180."
    assert people_caption(SharedAdoption(None, 180, ()), AS_OF) == ""
    week = WeekOfUse(date(2026, 11, 9), 1, None)
    assert people_caption(SharedAdoption(121, 180, (week,)), AS_OF) == "1 person used it in the week of 9 November."


def test_figure_sentence_and_chart_count_people_in_the_same_week():
    """The last seven days and the last whole week are two numbers: the page tells one."""
    weeks = (WeekOfUse(date(2026, 11, 2), 70, 110), WeekOfUse(date(2026, 11, 9), 81, 127), WeekOfUse(date(2026, 11, 16), None, 130))
    page = shared_page(replace(CONTENT, adoption=SharedAdoption(96, 136, weeks)), EVERYTHING)
    [fact] = [fact for fact in page.facts if fact.label.startswith("People")]
    assert (fact.label, fact.figure, fact.note) == ("People in the week of 9 November", "81", "plan 127")
    assert page.adoption.finding == "81 people used it in the week of 9 November, against a plan of 127."
    assert page.adoption.series[0].end_label == "81"
    assert "96" not in str(page)


def test_which_weeks_are_counted_is_said_where_they_are_not_those_of_the_calendar():
    assert weeks_caption(date(2026, 11, 16)) == "Each point is a whole week, Monday to Sunday."
    assert weeks_caption(date(2026, 11, 18)) == (
        "Each point is a whole week, Wednesday to Tuesday. "
        "These weeks are counted from the day the work began, the update above is of a calendar week."
    )


REVIEWER = SharedAsk(1, "Name a reviewer", "Pieter Bakker", date(2026, 11, 17), "")
SUPPLIER = SharedAsk(2, "Two hours with the supplier", "", None, "")


def asks_of(*answers, today=None):
    page = shared_page(replace(CONTENT, asks=(REVIEWER, SUPPLIER)), EVERYTHING, {(Topic.ASK, 1): list(answers)}, today=today)
    return [row.id for row in page.asks], [(row.id, *row.answers) for row in page.answered]


def test_an_answered_ask_stands_under_what_was_answered_with_who_and_when():
    assert asks_of() == ([1, 2], [])
    assert asks_of(GivenAnswer("answer", "Pieter Bakker", AS_OF)) == ([2], [(1, "Pieter Bakker answered, 20 November.")])


@pytest.mark.parametrize(
    "answer",
    [
        GivenAnswer("acknowledge", "Pieter Bakker", AS_OF),
        GivenAnswer("answer", "Pieter Bakker", AS_OF, is_earlier=True),
        GivenAnswer("answer", "Pieter Bakker", AS_OF, annulled=AS_OF),
    ],
)
def test_an_ask_stays_open_that_was_only_seen_or_asked_again_or_whose_answer_we_took_back(answer):
    assert asks_of(answer) == ([1, 2], [])


def test_of_an_answer_we_took_back_the_page_says_only_that():
    forged = GivenAnswer("accept", "Pieter Bakker", AS_OF, "All good", address="x…@example.org", annulled=date(2026, 11, 23))
    row = SharedDeliverable(5, "Audit log", None, ())
    page = shared_page(replace(CONTENT, deliverables=(row,)), ("deliverables",), {(Topic.DELIVERABLE, 5): [forged]})
    assert page.deliverables[0].answers == (
        "An answer of 20 November in the name of Pieter Bakker (x…@example.org) does not count: we took it back on 23 November.",
    )
    assert page.answered == ()


@pytest.mark.parametrize(
    ("given", "waits"),
    [
        ([], True),
        ([("decline", True)], True),
        ([("sign", True), ("decline", True)], True),
        ([("decline", False)], False),
        ([("sign", True)], False),
        ([("decline", True), ("sign", False)], False),
        ([("sign", True), ("decline", False)], False),
    ],
)
def test_a_declined_gate_waits_again_with_the_next_edition_and_a_signed_one_does_not(given, waits):
    """Each of `given` is a verdict and whether it is from before the edition; the newest holds."""
    row = SharedGate(6, "Begin the pilot", "go", AS_OF)
    answers = [GivenAnswer(kind, "Pieter Bakker", AS_OF, "Because", is_earlier=is_earlier) for kind, is_earlier in given]
    page = shared_page(replace(CONTENT, gates=(row,)), ("deliverables",), {(Topic.GATE, 6): answers})
    [shown] = page.gates if waits else page.answered
    assert (shown.id, len(shown.answers)) == (6, len(given))
    assert len(page.gates) + len(page.answered) == 1


def test_what_was_rejected_and_handed_over_again_on_one_day_waits_without_the_verdict_on_its_earlier_state():
    row = SharedDeliverable(5, "Audit log", AS_OF, ())
    before = GivenAnswer("reject", "Pieter Bakker", AS_OF, "Too slow", is_earlier=True)
    after = GivenAnswer("accept", "Grace Mensah", AS_OF)
    content = replace(CONTENT, deliverables=(row,))
    page = shared_page(content, ("deliverables",), {(Topic.DELIVERABLE, 5): [before]})
    assert ([(one.id, one.answers) for one in page.deliverables], page.answered) == ([(5, ())], ())
    page = shared_page(content, ("deliverables",), {(Topic.DELIVERABLE, 5): [before, after]})
    assert page.deliverables == ()
    assert [one.answers for one in page.answered] == [("Grace Mensah accepted it, 20 November.",)]


@pytest.mark.parametrize(("today", "words"), [(date(2026, 11, 17), ""), (date(2026, 11, 18), "One day overdue"), (date(2026, 12, 1), "Two weeks overdue")])
def test_an_overdue_ask_says_so_on_the_day_it_is_read(today, words):
    page = shared_page(replace(CONTENT, asks=(REVIEWER, SUPPLIER)), EVERYTHING, today=today)
    assert [row.overdue for row in page.asks] == [words, ""]


def test_a_page_without_a_section_says_nothing_of_it():
    page = shared_page(CONTENT, ())
    assert (page.says_asks, shared_page(CONTENT, ["asks"]).says_asks) == (False, True)
    assert (page.asks, page.progress, page.next, page.milestones) == ((), (), (), ())
    assert (page.adoption, page.value, page.moved, page.facts) == (None, None, None, ())


def test_a_page_without_an_update_is_headed_by_the_engagement():
    page = shared_page(replace(CONTENT, week=SharedWeek()), EVERYTHING)
    assert (page.headline, page.monday) == ("质检助手", None)


def test_a_headline_does_not_break_at_its_hyphens():
    page = shared_page(replace(CONTENT, week=SharedWeek(None, "Go-live moved")), EVERYTHING)
    assert page.headline == "Go\N{NON-BREAKING HYPHEN}live moved"


def test_weeks_that_were_not_measured_stay_gaps():
    weeks = tuple(WeekOfUse(date(2026, 11, 2) + timedelta(days=7 * n), people, None) for n, people in enumerate((5, None, 7)))
    chart = shared_page(replace(CONTENT, adoption=SharedAdoption(7, None, weeks)), EVERYTHING).adoption
    assert [series.values for series in chart.series] == [(5, None, 7)]
    assert chart.table.rows[1] == ("9 Nov", ("–",))


def test_payback_is_named_by_its_month():
    value = SharedValue("EUR", True, date(2026, 6, 1), (Decimal(-100), Decimal(100)), Decimal("0.5"))
    page = shared_page(replace(CONTENT, value=value), EVERYTHING)
    assert page.value.caption == (
        "The line crosses zero when the work has paid for itself: expected in December 2026."
    )
    assert [(fact.label, fact.figure) for fact in page.facts][-1] == ("Pays for itself", "December 2026")


def test_value_without_any_cost_is_not_called_value_after_costs():
    value = SharedValue("EUR", False, date(2026, 6, 1), (Decimal(0), Decimal(100)), Decimal(0))
    page = shared_page(replace(CONTENT, value=value), EVERYTHING)
    assert (page.value.title, page.value.payback) == ("Value before costs", None)
    assert "Pays for itself" not in [fact.label for fact in page.facts]


def test_value_that_never_pays_back_says_so():
    value = SharedValue("EUR", True, date(2026, 6, 1), (Decimal(-100), Decimal(-50)), None)
    page = shared_page(replace(CONTENT, value=value), EVERYTHING)
    assert page.value.caption == "On these figures the work does not pay for itself within one year."


@pytest.mark.parametrize(
    ("blockers", "sections", "waits"),
    [
        ((SharedBlocker(1, "No reviewer", "customer", AS_OF),), {"asks", "blockers"}, True),
        ((SharedBlocker(1, "No reviewer", "us", AS_OF),), {"asks", "blockers"}, False),
        ((SharedBlocker(1, "No reviewer", "customer", AS_OF),), {"asks"}, False),
    ],
)
def test_without_asks_a_blocker_that_waits_on_the_customer_is_no_nothing(blockers, sections, waits):
    page = shared_page(replace(CONTENT, asks=(), blockers=blockers), sections)
    body = render_to_string("public/_content.html", {"page": page, "can_answer": False})
    assert ("Nothing at the moment" in body) is not waits
    assert ("No open questions. What waits on you stands below." in body) is waits


def test_without_asks_something_to_accept_is_no_nothing_until_it_is_judged():
    content = replace(CONTENT, asks=(), blockers=(), gates=(), deliverables=(SharedDeliverable(3, "Copilot", AS_OF, ()),))
    accepted = {(Topic.DELIVERABLE, 3): [GivenAnswer("accept", "Pieter", AS_OF)]}
    assert shared_page(content, {"asks", "deliverables"}).waits_below
    assert not shared_page(content, {"asks", "deliverables"}, accepted).waits_below
