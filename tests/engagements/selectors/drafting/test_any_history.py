"""Whatever happened, a drafted line says what this engagement's rows hold, and a shared one only what is shared."""

import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.models import (
    ActivityDay,
    DeliverableChange,
    ForecastChange,
    MetricSnapshot,
    RealisedValue,
    WeeklyUpdate,
)
from engagements.selectors.drafting import facts_of
from engagements.selectors.weekly_update import Week
from tests.factories.concerns import BlockerFactory, IncidentFactory, ReleaseFactory
from tests.factories.engagements import (
    AskFactory,
    DeliverableFactory,
    EngagementFactory,
    MilestoneFactory,
    WeeklyUpdateFactory,
)
from tests.factories.log import DecisionFactory, TrainingFactory
from tests.factories.outcomes import ObservationFactory, OutcomeFactory
from tests.factories.value import ValueCaseFactory, ValueLineFactory
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


# Each makes one happening and returns (name, is it shared, the figures its sentence must hold, or None if it is no news).


def reached(engagement, day, amount, shared):
    row = MilestoneFactory(
        engagement=engagement, title=new_word(), actual_on=day, baseline_on=day - timedelta(days=amount), is_shared=shared
    )
    return row.title, shared, [day.day] + ([amount] if amount else [])


def moved(engagement, day, amount, shared):
    """Expected as many days later than promised; a date that moved to where it was is no news."""
    expected = date(2026, 12, 20)
    row = MilestoneFactory(
        engagement=engagement, title=new_word(), baseline_on=expected - timedelta(days=amount), forecast_on=expected, is_shared=shared
    )
    ForecastChange.objects.create(milestone=row, changed_on=day, forecast_on=expected)
    return row.title, shared, [20, amount] if amount else None


def due(engagement, day, amount, shared):
    row = MilestoneFactory(
        engagement=engagement, title=new_word(), baseline_on=day - timedelta(days=amount), forecast_on=day, is_shared=shared
    )
    return row.title, shared, [day.day]


def given_by_customer(engagement, day, amount, shared):
    """Only what a published update asked for is theirs to give: `shared` says whether one did."""
    published = WeeklyUpdate.objects.filter(engagement=engagement).first() or WeeklyUpdateFactory(
        engagement=engagement, iso_week=45, state="published", published_at=noon(date(2026, 11, 6)), published_by=engagement.lead
    )
    row = AskFactory(engagement=engagement, text=new_word(), raised_in=published if shared else None, state="done", closed_on=day)
    return row.text, True, [] if shared else None


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


def observed(engagement, day, amount, shared):
    """An agreed figure is 20 now; before, what was seen last or, with an even `amount`, the baseline. Standing still is no news."""
    before = 20 + amount
    agreement = OutcomeFactory(
        engagement=engagement, metric=new_word(), baseline=99 if amount % 2 else before, target=5, is_shared=shared
    )
    if amount % 2:
        ObservationFactory(agreement=agreement, numerator=before)
    period = {"period_from": date(2026, 10, 1), "period_to": date(2026, 10, 31)}
    ObservationFactory(agreement=agreement, numerator=20, recorded_on=day, **period)
    return agreement.metric, shared, [20, 31, before, 5] if amount else None


def judged(engagement, day, amount, shared):
    """A verdict on what a line of value brought: a dispute stays with us, and without a verdict there is no news."""
    state = ("provisional", "confirmed", "disputed")[amount % 3]
    line = ValueLineFactory(case=ValueCaseFactory(engagement=engagement, currency="EUR"), name=new_word(), is_shared=shared)
    verdict = {"decided_on": day, "decided_by": "Somebody", "comment": "Why"} if amount % 3 else {}
    RealisedValue.objects.create(
        line=line, amount=1000 * amount, state=state, period_from=date(2026, 10, 12), period_to=date(2026, 11, 8),
        recorded_on=date(2026, 11, 9), **verdict,
    )
    return line.name, shared and state == "confirmed", [1000 * amount, 12, 8] if verdict else None


KINDS = (
    reached, moved, due, accepted, trained, given_by_customer, decided, cleared, released, failed, merged, observed, judged,
)
# On which days from Monday on a happening is told: in the week, but what is due in the week after.
TOLD = {due: range(7, 14)}
# Most of it ours and in the week: else a source that tells too much is seldom seen.
MINE, DAYS = st.sampled_from((True, True, False)), st.one_of(st.integers(0, 6), st.integers(-9, 16))
HAPPENING = st.tuples(MINE, st.sampled_from(KINDS), DAYS, st.integers(0, 40), st.booleans())
USE = st.one_of(st.none(), st.tuples(st.integers(0, 9999), st.integers(0, 9999), st.one_of(st.none(), st.integers(1, 9999))))
# Accepted of a hundred answers before and now, and how many hundreds; a net present value before and now.
QUALITY = st.one_of(st.none(), st.tuples(st.integers(0, 100), st.integers(0, 100), st.integers(1, 20)))
VALUE = st.one_of(st.none(), st.tuples(st.integers(1, 9_999_999), st.integers(1, 9_999_999)))
FIGURES = st.tuples(USE, QUALITY, VALUE)
SUMS = dict.fromkeys(("seconds_saved", "rejected", "failed"), 0)


def measure(engagement, figures):
    """What was measured in two whole weeks; the figures that the lines about it must hold, by how their keys begin."""
    use, quality, value = figures
    old, new = value or (None, None)
    snapshot(engagement, date(2026, 11, 13), (), old)
    snapshot(engagement, date(2026, 11, 20), weeks_of(use), new)
    told = {"value": [new, old]} if value and old != new else {}
    if use and use[0] != use[1]:
        before, now, target = use
        told["people"] = [now, 9, abs(now - before)] + ([target] if target is not None else [])
    if quality:
        before, now, hundreds = quality
        judge(engagement, date(2026, 11, 8), before, hundreds)
        judge(engagement, date(2026, 11, 9), now, hundreds)
        if use and before != now:  # without weeks of use nobody knows which two to compare
            told["quality"] = [100 * hundreds, 9, now, before]
    return {name: Counter(numbers) for name, numbers in told.items()}


def snapshot(engagement, day, weeks, npv):
    value = {"case_id": engagement.pk, "npv": str(npv), "currency": "EUR"} if npv else None
    MetricSnapshot.objects.create(
        engagement=engagement, day=day, definition_version=1, watermark=1, computed_at=noon(day),
        values={"value": value}, series={"weeks": list(weeks)},
    )


def weeks_of(use):
    if use is None:
        return []
    before, now, target = use
    return [
        {"start": start, "wau": people, "target": target, "partial": False}
        for start, people in (("2026-11-02", before), ("2026-11-09", now))
    ]


def judge(engagement, day, percent, hundreds):
    deliverable = DeliverableFactory(engagement=engagement)
    kept, edited = percent * hundreds, (100 - percent) * hundreds
    ActivityDay.objects.create(
        deliverable=deliverable, day=day, actors=b"", events=100 * hundreds, accepted=kept, edited=edited, **SUMS
    )


def figures_in(text):
    return Counter(int(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*", text))


def live_through(history, engagement, stranger):
    """Let everything happen; by name what must be told of ours, and all names that must not be."""
    expected, foreign = {}, set()
    for is_mine, happen, offset, amount, shared in history:
        day = WEEK.monday + timedelta(days=offset)
        name, is_shared, figures = happen(engagement if is_mine else stranger, day, amount, shared)
        if is_mine and figures is not None and offset in TOLD.get(happen, range(7)):
            expected[name] = is_shared, Counter(figures)
        else:
            foreign.add(name)
    return expected, foreign


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(HAPPENING, max_size=12), figures=FIGURES, their_figures=FIGURES)
def test_every_drafted_sentence_holds_the_figures_of_its_own_rows_and_nothing_of_others(db, history, figures, their_figures):
    with transaction.atomic():
        engagement, stranger = EngagementFactory(), EngagementFactory()
        measure(stranger, their_figures)
        measured = measure(engagement, figures)
        expected, foreign = live_through(history, engagement, stranger)
        told, about_figures = {}, {}
        for line in [fact.line("en") for fact in facts_of(engagement, WEEK).values()]:
            words, kind = set(WORD.findall(line.text)), line.fact.partition("-")[0]
            assert not words & foreign
            if kind in {"people", "quality", "value"}:
                assert (words, line.is_shared) == (set(), kind == "people")
                about_figures[kind] = figures_in(line.text)
            else:
                (name,) = words & set(expected)
                told[name] = line.is_shared, figures_in(line.text)
        assert told == expected
        assert about_figures == measured
        transaction.set_rollback(True)
