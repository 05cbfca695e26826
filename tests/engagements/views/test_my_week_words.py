"""My week says who writes the log of an engagement, where that is somebody else."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from engagements.models import WeekCover
from tests.factories.engagements import EngagementFactory, MilestoneFactory, WeeklyUpdateFactory
from tests.factories.people import UserFactory
from tests.factories.portfolio import PortfolioRowFactory

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday, week 47
pytestmark = pytest.mark.django_db


@pytest.fixture
def elin():
    return UserFactory(name="Elin Berg", language="en")


@pytest.fixture
def week_of(client):
    """The words beside each engagement on somebody's page, by name."""

    def words(person):
        client.force_login(person)
        with time_machine.travel(NOW, tick=False):
            rows = client.get(reverse("my_week")).context["rows"]
        return {line["name"]: state[2] for line, state in rows}

    return words


def work(name, **fields):
    engagement = EngagementFactory(name=name, **fields)
    PortfolioRowFactory(engagement=engagement)
    return engagement


def test_each_engagement_names_its_writer_unless_that_is_the_reader(week_of, elin):
    maya = UserFactory(name="Maya Okafor", language="en")
    work("Own", lead=elin)
    work("Backed", lead=maya, backup=elin)
    begun = work("Begun", lead=maya, backup=elin)
    covered = work("Covered", lead=maya, backup=elin)
    WeeklyUpdateFactory(engagement=begun, iso_year=2026, iso_week=47)
    WeekCover.objects.create(engagement=covered, person=maya, cover=elin, first_on=date(2026, 11, 16), last_on=date(2026, 11, 16))
    assert week_of(elin) == {"Own": "Not written", "Backed": "Maya Okafor writes it", "Begun": "Draft", "Covered": "Not written"}
    assert week_of(maya) == {"Backed": "Not written", "Begun": "Draft", "Covered": "Elin Berg writes it"}


@pytest.mark.parametrize("count", [1, 3, 9])
def test_the_number_of_statements_does_not_grow(client, elin, count, django_assert_max_num_queries):
    for number in range(count):
        work(f"Work {number}", lead=UserFactory(), backup=elin)
    client.force_login(elin)
    with time_machine.travel(NOW, tick=False), django_assert_max_num_queries(60) as found:
        client.get(reverse("my_week"))
    assert len([query for query in found.captured_queries if "weekcover" in query["sql"]]) <= 3


def test_what_can_wait_has_no_band_and_is_not_read_out_as_unknown(client, elin):
    engagement = work("Own", lead=elin)
    MilestoneFactory(engagement=engagement, title="Go-live", baseline_on=date(2026, 11, 19), forecast_on=date(2026, 11, 19))
    client.force_login(elin)
    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("my_week")).content.decode()
    later = page.split("Can wait")[1].split("</ul>")[0]
    assert "Go-live" in later
    assert "Unknown" not in later
