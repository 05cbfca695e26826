"""A check-in is read by its person and by their manager, and by nobody else, on no page."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.models import CheckIn, CheckInHours
from fde_portal.accounts.models import AuditEvent
from tests.factories.concerns import CheckInFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import AdministratorFactory, ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # Wednesday of week 10
WEEK = "/check-in/2026-W10/"
TYPED = {"mood": "2", "confidence": "5", "travel_days": "1"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(client: Client):
    person = UserFactory(manager=ManagerFactory())
    client.force_login(person)
    return person


def readers(check_in: CheckIn, *people) -> list[bool]:
    return [CheckIn.objects.visible_to(one).filter(pk=check_in.pk).exists() for one in people]


def test_only_the_person_and_their_manager_see_it(person):
    check_in = CheckInFactory(person=person)
    row = CheckInHours.objects.create(check_in=check_in, engagement=EngagementFactory(lead=person), hours=8)
    others = [ManagerFactory(), AdministratorFactory(), UserFactory(), ContactFactory(), row.engagement.manager or UserFactory()]

    assert readers(check_in, person, person.manager) == [True, True]
    assert readers(check_in, *others) == [False] * 5
    assert [CheckInHours.objects.visible_to(one).exists() for one in (person, person.manager, *others)] == [True, True] + [False] * 5


def test_a_former_manager_and_one_without_the_role_see_it_no_more(person):
    check_in, former = CheckInFactory(person=person), person.manager
    person.manager = UserFactory()
    person.save()

    assert readers(check_in, former, person.manager) == [False, False]


def test_a_week_is_written_with_its_hours_and_leaves_no_trail(client, person):
    mine, foreign = EngagementFactory(lead=person), EngagementFactory()
    data = TYPED | {f"hours-{mine.pk}": "14.5", f"hours-{foreign.pk}": "9"}
    assert client.post(WEEK, data).url == "/my-week/"

    check_in = CheckIn.objects.get()
    assert (check_in.person, check_in.week_label, check_in.mood, check_in.confidence) == (person, "2026-W10", 2, 5)
    assert list(check_in.hours.values_list("engagement", "hours")) == [(mine.pk, Decimal("14.5"))]
    assert AuditEvent.objects.count() == 0


def test_a_second_save_changes_the_same_week(client, person):
    mine = EngagementFactory(lead=person)
    client.post(WEEK, TYPED | {f"hours-{mine.pk}": "14.5"})
    client.post(WEEK, TYPED | {"mood": "4", "version": "1", f"hours-{mine.pk}": ""})

    check_in = CheckIn.objects.get()
    assert (check_in.mood, check_in.version, check_in.hours.count()) == (4, 2, 0)


def test_a_wrong_week_is_refused_with_its_fields_named(client, person):
    mine = EngagementFactory(lead=person)
    response = client.post(WEEK, {"mood": "5", "confidence": "", "travel_days": "8", f"hours-{mine.pk}": "101"})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"mood", "confidence", "travel_days", f"hours-{mine.pk}"}
    assert not CheckIn.objects.exists()


def test_a_week_to_come_does_not_exist_yet(client, person):
    assert client.get("/check-in/2026-W11/").status_code == 404
    assert client.get("/check-in/").url == WEEK


def test_a_page_shows_ones_own_week_and_never_anothers(client, person):
    CheckInFactory(person=UserFactory(manager=person.manager), mood=1)
    response = client.get(WEEK)

    assert response.context["check_in"].pk is None
    assert "Only you see this" not in response.content.decode()
    assert person.manager.name in response.content.decode()


def test_archiving_takes_a_week_out_of_the_trend_and_undo_brings_it_back(client, person):
    check_in = CheckInFactory(person=person)
    page = client.post(f"/check-ins/{check_in.pk}/archive/", follow=True).content.decode()
    assert f"/check-ins/{check_in.pk}/restore/" in page
    assert CheckIn.objects.current().count() == 0

    client.post(f"/check-ins/{check_in.pk}/restore/")
    assert CheckIn.objects.current().count() == 1
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("act", ["archive", "restore"])
def test_nobody_touches_the_week_of_another(client, person, act):
    check_in = CheckInFactory(person=person)
    for other, status in ((person.manager, 404), (ManagerFactory(), 404), (UserFactory(), 404), (ContactFactory(), 403)):
        client.force_login(other)
        assert client.post(f"/check-ins/{check_in.pk}/{act}/").status_code == status
    check_in.refresh_from_db()
    assert (check_in.version, check_in.archived_at) == (1, None)


# The manager's page


def test_the_team_page_lists_ones_own_reports_alone(client, person):
    check_in = CheckInFactory(person=person, iso_week=9, mood=2)
    CheckInFactory(person=UserFactory(manager=ManagerFactory(), name="Of another manager"))
    client.force_login(person.manager)
    response = client.get("/team/")

    assert [row.person for row in response.context["load"].people] == [person]
    trend = response.context["load"].people[0].trend
    assert (trend.mood[-2:], trend.latest, len(trend.mood)) == ([2, None], check_in, 12)
    assert "Of another manager" not in response.content.decode()


def test_the_team_page_is_for_managers(client, person):
    assert client.get("/team/").status_code == 403
    client.logout()
    assert client.get("/team/").url.startswith("/accounts/login/")


def test_the_team_page_asks_as_often_for_thirty_reports_as_for_one(client):
    manager = ManagerFactory()
    client.force_login(manager)
    counts = []
    for more in (1, 2, 27):
        for _ in range(more):
            CheckInFactory(person=UserFactory(manager=manager))
        client.get("/team/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/team/")
        counts.append(len(queries))
    assert len(set(counts)) == 1
