"""Figures that moved, as facts of a week."""

from datetime import UTC, date, datetime

import pytest

from engagements.models import ActivityDay, MetricSnapshot
from engagements.selectors.drafting.figures import answers_accepted, people_using, value_expected
from tests.factories.engagements import DeliverableFactory

pytestmark = pytest.mark.django_db


def snapshot(engagement, day, *, weeks=(), value=None):
    return MetricSnapshot.objects.create(
        engagement=engagement, day=day, definition_version=1, watermark=1, computed_at=datetime(2026, 11, 20, tzinfo=UTC),
        values={"value": value}, series={"weeks": list(weeks)},
    )


def use(start, wau, target=None, *, partial=False):
    return {"start": start, "wau": wau, "target": target, "partial": partial}


def test_people_of_the_last_whole_week_are_told_against_the_week_before(engagement, stranger, told):
    snapshot(engagement, date(2026, 11, 20), weeks=[use("2026-11-02", 113), use("2026-11-09", 1210, 1800), use("2026-11-16", 3, partial=True)])
    snapshot(stranger, date(2026, 11, 20), weeks=[use("2026-11-02", 1), use("2026-11-09", 2)])
    assert told(people_using) == [(
        "people-2026-11-09",
        "1,210 people of 1,800 expected used it in the week from 9 November. That is 1,097 more than the week before.",
        True,
    )]


def test_a_figure_that_stood_still_or_is_unknown_or_old_is_no_fact(engagement, told):
    row = snapshot(engagement, date(2026, 11, 20), weeks=[use("2026-11-02", 113), use("2026-11-09", 113)])
    assert told(people_using) == []
    for weeks in ([use("2026-11-02", None), use("2026-11-09", 5)], [use("2026-10-05", 1), use("2026-10-12", 2)], [use("2026-11-09", 5)]):
        row.series = {"weeks": weeks}
        row.save()
        assert told(people_using) == []


def test_a_net_present_value_that_moved_stays_with_us(engagement, stranger, told):
    for owner in (engagement, stranger):
        for day, npv in ((date(2026, 11, 13), "2610000.40"), (date(2026, 11, 20), "2840000.00")):
            snapshot(owner, day, value={"case_id": owner.pk, "npv": npv, "currency": "EUR"})
    assert told(value_expected) == [
        (f"value-{engagement.pk}", "The net present value is now €2,840,000. It was €2,610,000.", False)
    ]


def test_another_value_case_is_no_movement(engagement, told):
    for number, day in enumerate((date(2026, 11, 13), date(2026, 11, 20))):
        snapshot(engagement, day, value={"case_id": number, "npv": str(number), "currency": "EUR"})
    assert told(value_expected) == []


def test_the_share_of_accepted_answers_is_told_to_us_when_it_moved(engagement, stranger, told):
    for owner in (engagement, stranger):
        snapshot(owner, date(2026, 11, 20), weeks=[use("2026-11-02", 5), use("2026-11-09", 5)])
    copilot, other = (DeliverableFactory(engagement=owner) for owner in (engagement, stranger))
    handle(copilot, date(2026, 11, 8), accepted=81, edited=9, rejected=10)
    for day in (date(2026, 11, 9), date(2026, 11, 15)):
        handle(copilot, day, accepted=420, edited=70, rejected=10, failed=3)
    handle(copilot, date(2026, 11, 16), rejected=500)
    handle(other, date(2026, 11, 9), rejected=7)
    assert told(answers_accepted) == [(
        "quality-2026-11-09",
        "Of 1,000 judged answers in the week from 9 November, 84% were accepted as they were. It was 81% the week before.",
        False,
    )]


@pytest.mark.parametrize("judged", [{}, {"accepted": 814, "edited": 186}])
def test_without_judged_answers_or_a_whole_point_of_change_there_is_no_fact(engagement, told, judged):
    snapshot(engagement, date(2026, 11, 20), weeks=[use("2026-11-02", 5), use("2026-11-09", 5)])
    copilot = DeliverableFactory(engagement=engagement)
    handle(copilot, date(2026, 11, 2), accepted=81, edited=19)
    handle(copilot, date(2026, 11, 9), **judged)
    assert told(answers_accepted) == []


def handle(deliverable, day, **judged):
    """A day of cases; those that nobody judged have no outcome."""
    sums = dict.fromkeys(("seconds_saved", "accepted", "edited", "rejected", "failed"), 0) | judged
    ActivityDay.objects.create(deliverable=deliverable, day=day, actors=b"", events=sum(judged.values()) + 5, **sums)
