"""Whatever happened, a drafted line says what this engagement's rows hold, and a shared one only what is shared."""

import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.models import DeliverableChange, MetricSnapshot
from engagements.selectors.drafting import facts_of
from engagements.selectors.weekly_update import Week
from tests.factories.concerns import BlockerFactory, IncidentFactory, ReleaseFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory, MilestoneFactory
from tests.factories.log import DecisionFactory, TrainingFactory
from tests.factories.work import WorkItemFactory

pytestmark = pytest.mark.django_db

WEEK = Week(2026, 47)
WORD = re.compile(r"\bz[a-j]+z\b")
numbers = count()


def new_word():
    """A name without digits, so that every digit of a sentence is a figure."""
    return "z" + "".join("abcdefghij"[int(digit)] for digit in str(next(numbers))) + "z"


def noon(day):
    return datetime.combine(day, time(12), UTC)


# Each makes one happening and returns (name, is it shared, the figures its sentence must hold).


def reached(engagement, day, amount, shared):
    row = MilestoneFactory(
        engagement=engagement, title=new_word(), actual_on=day, baseline_on=day - timedelta(days=amount), is_shared=shared
    )
    return row.title, shared, [day.day] + ([amount] if amount else [])


def accepted(engagement, day, amount, shared):
    row = DeliverableFactory(engagement=engagement, name=new_word(), state="accepted", is_shared=shared)
    DeliverableChange.objects.create(deliverable=row, was="submitted", state="accepted", changed_at=noon(day))
    return row.name, shared, []


def trained(engagement, day, amount, shared):
    row = TrainingFactory(engagement=engagement, text=new_word(), noted_on=day, people=amount or None)
    return row.text, False, [day.day] + ([amount] if amount else [])


def decided(engagement, day, amount, shared):
    return DecisionFactory(engagement=engagement, text=new_word(), noted_on=day).text, False, []


def cleared(engagement, day, amount, shared):
    ours, theirs = new_word(), new_word() if shared else ""
    BlockerFactory(
        engagement=engagement, text=ours, shared_wording=theirs, state="cleared", cleared_on=day,
        opened_on=day - timedelta(days=amount),
    )
    return theirs or ours, shared, [amount]


def released(engagement, day, amount, shared):
    deliverable = DeliverableFactory(engagement=engagement, name=new_word(), is_shared=shared)
    ReleaseFactory(deliverable=deliverable, name=new_word(), released_on=day)
    return deliverable.name, False, [day.day]


def failed(engagement, day, amount, shared):
    deliverable = DeliverableFactory(engagement=engagement, name=new_word(), is_shared=shared)
    start = noon(day)
    IncidentFactory(deliverable=deliverable, title=new_word(), started_at=start, restored_at=start + timedelta(minutes=amount))
    return deliverable.name, False, [amount]


def merged(engagement, day, amount, shared):
    row = WorkItemFactory(engagement=engagement, title=new_word(), repository=new_word(), happened_at=noon(day))
    return row.title, False, [1]


KINDS = (reached, accepted, trained, decided, cleared, released, failed, merged)
HAPPENING = st.tuples(st.booleans(), st.sampled_from(KINDS), st.integers(-9, 16), st.integers(0, 40), st.booleans())
USE = st.one_of(st.none(), st.tuples(st.integers(0, 9999), st.integers(0, 9999), st.one_of(st.none(), st.integers(1, 9999))))


def measure(engagement, use):
    """Two whole weeks of use, and the figures a line about them must hold."""
    if use is None:
        return None
    before, now, target = use
    weeks = [
        {"start": start, "wau": people, "target": target, "partial": False}
        for start, people in (("2026-11-02", before), ("2026-11-09", now))
    ]
    MetricSnapshot.objects.create(
        engagement=engagement, day=date(2026, 11, 20), definition_version=1, watermark=1, computed_at=noon(date(2026, 11, 20)),
        values={}, series={"weeks": weeks},
    )
    figures = [now] + ([target] if target is not None else []) + [9, abs(now - before)]
    return None if before == now else Counter(figures)


def figures_in(text):
    return Counter(int(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*", text))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(HAPPENING, max_size=8), use=USE, their_use=USE)
def test_every_drafted_sentence_holds_the_figures_of_its_own_rows_and_nothing_of_others(db, history, use, their_use):
    with transaction.atomic():
        engagement, stranger = EngagementFactory(), EngagementFactory()
        measure(stranger, their_use)
        measured, expected, foreign = measure(engagement, use), {}, set()
        for is_mine, happen, offset, amount, shared in history:
            day = WEEK.monday + timedelta(days=offset)
            name, is_shared, figures = happen(engagement if is_mine else stranger, day, amount, shared)
            if is_mine and 0 <= offset <= 6:
                expected[name] = is_shared, Counter(figures)
            else:
                foreign.add(name)
        lines = [fact.line("en") for fact in facts_of(engagement, WEEK).values()]
        about_use = [line for line in lines if line.fact.startswith("people-")]
        told = {}
        for line in lines:
            words = set(WORD.findall(line.text))
            assert not words & foreign
            named = words & set(expected)
            assert len(named) == (line not in about_use)
            told |= {name: (line.is_shared, figures_in(line.text)) for name in named}
        assert told == expected
        assert [figures_in(line.text) for line in about_use] == ([measured] if measured else [])
        transaction.set_rollback(True)
