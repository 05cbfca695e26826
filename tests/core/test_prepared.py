"""Prepared querysets: one SQL, other values every time."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import Count, Q, QuerySet

from engagements.models import Engagement, Milestone, StakeholderNote
from fde_portal.core.prepared import Param, having_rows, prepared
from tests.factories.engagements import EngagementFactory, MilestoneFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)


@prepared
def due(*, engagements: Param, until: Param) -> QuerySet[Milestone]:
    """Milestones promised until a day."""
    rows = Milestone.objects.filter(engagement__in=engagements, baseline_on__lte=until)
    return rows.select_related("engagement").order_by("baseline_on")


@prepared
def names(*, lead: Param, is_upper: bool) -> QuerySet[Engagement]:
    rows = Engagement.objects.filter(lead=lead)
    return rows.order_by("name").values_list("slug" if is_upper else "name", flat=True)


@prepared
def begun_after(*, moment: Param) -> QuerySet[Engagement]:
    return Engagement.objects.filter(created_at__gt=moment)


def test_each_call_has_its_own_values(django_assert_num_queries):
    first, second = MilestoneFactory(baseline_on=DAY), MilestoneFactory(baseline_on=DAY + timedelta(days=9))
    with django_assert_num_queries(3):
        assert due(engagements=[first.engagement], until=DAY) == [first]
        assert due(engagements=[second.engagement_id], until=DAY) == []
        assert due(engagements=[second.engagement], until=DAY + timedelta(days=9)) == [second]


def test_rows_are_what_the_queryset_gives(django_assert_num_queries):
    milestone = MilestoneFactory(baseline_on=DAY)
    (found,) = due(engagements=[milestone.engagement], until=DAY)
    with django_assert_num_queries(0):
        assert (found.title, found.engagement.name) == (milestone.title, milestone.engagement.name)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8])
def test_a_list_may_be_of_any_length(count):
    milestones = [MilestoneFactory(baseline_on=DAY + timedelta(days=number)) for number in range(6)]
    asked = [milestone.engagement for milestone in milestones[:count]]
    assert due(engagements=asked, until=DAY + timedelta(days=99)) == milestones[:count]


def test_lengths_that_are_about_the_same_share_one_statement():
    built = []

    @prepared
    def some(*, engagements: Param) -> QuerySet[Engagement]:
        built.append(engagements.members)
        return Engagement.objects.filter(pk__in=engagements)

    for count in (5, 6, 8, 7, 5, 9):
        some(engagements=range(count))
    assert built == [8, 16]


def test_what_is_no_parameter_has_a_statement_of_its_own():
    engagement = EngagementFactory(name="Claims", slug="claims")
    found = [names(lead=engagement.lead, is_upper=is_upper) for is_upper in (True, False, True)]
    assert found == [["claims"], ["Claims"], ["claims"]]


def test_moments_are_compared_as_moments():
    engagement = EngagementFactory()
    moment = engagement.created_at.astimezone(UTC)
    assert begun_after(moment=moment - timedelta(seconds=1)) == [engagement]
    assert begun_after(moment=moment) == []
    assert begun_after(moment=datetime(2100, 1, 1, tzinfo=UTC)) == []


def test_what_is_prefetched_comes_along(django_assert_num_queries):
    @prepared
    def with_milestones(*, pk: Param) -> QuerySet[Engagement]:
        return Engagement.objects.filter(pk=pk).prefetch_related("milestones")

    milestone = MilestoneFactory()
    (found,) = with_milestones(pk=milestone.engagement_id)
    with django_assert_num_queries(0):
        assert list(found.milestones.all()) == [milestone]


def test_a_queryset_without_rows_asks_nothing(django_assert_num_queries):
    @prepared
    def nothing() -> QuerySet[StakeholderNote]:
        return StakeholderNote.objects.none()

    with django_assert_num_queries(0):
        assert nothing() == []


def test_conditions_of_aggregates_take_values_too():
    @prepared
    def counted(*, until: Param) -> QuerySet[Engagement]:
        soon = Count("milestones", filter=Q(milestones__baseline_on__lte=until))
        return Engagement.objects.annotate(soon=soon).values_list("soon", flat=True)

    MilestoneFactory(baseline_on=DAY)
    assert (counted(until=DAY), counted(until=DAY - timedelta(days=1))) == ([1], [0])


def test_names_must_be_those_of_the_function():
    with pytest.raises(TypeError, match="due takes"):
        due(engagements=[1])
    with pytest.raises(TypeError, match="due takes"):
        due(engagements=[1], until=DAY, since=DAY)


def test_one_statement_tells_which_questions_have_an_answer(django_assert_num_queries):
    @prepared
    def led(*, lead: Param) -> QuerySet[Engagement]:
        return Engagement.objects.filter(lead=lead).order_by("name")

    @prepared
    def nothing(*, lead: Param) -> QuerySet[Engagement]:
        return Engagement.objects.none()

    milestone = MilestoneFactory(baseline_on=DAY)
    values = {"lead": milestone.engagement.lead, "engagements": [milestone.engagement], "until": DAY - timedelta(days=1)}
    with django_assert_num_queries(1):
        assert having_rows([due, led, nothing], values) == {led}
    with django_assert_num_queries(1):
        assert having_rows([due, led, nothing], values | {"until": DAY, "lead": 0}) == {due}
    with django_assert_num_queries(0):
        assert having_rows([nothing], values) == set()


def test_a_value_of_another_kind_is_refused():
    with pytest.raises(TypeError, match="UUID"):
        due(engagements=[uuid4()], until=DAY)
    with pytest.raises(TypeError, match="bytes"):
        due(engagements=b"12", until=DAY)
