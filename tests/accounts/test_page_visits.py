"""When somebody last sat before a page: reloads do not use it up, and it is theirs alone."""

from datetime import UTC, datetime, timedelta

import pytest

from fde_portal.accounts.models import PageVisit, SavedView
from fde_portal.accounts.services import page_visits
from fde_portal.accounts.services.page_visits import desk_of
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def sit_down(person, page, *, now):
    return page_visits.sit_down(desk_of(person, page), now=now)


def after(**passed):
    return MONDAY + timedelta(**passed)


@pytest.fixture
def person():
    sit_down(UserFactory(), "portfolio", now=MONDAY - timedelta(days=90))  # a stranger's
    return UserFactory()


def test_the_first_sitting_knows_of_none_before(person):
    assert [sit_down(person, "portfolio", now=after(minutes=minutes)) for minutes in (0, 2, 50)] == [None, None, None]


def test_a_sitting_goes_on_while_somebody_looks_and_the_next_remembers_its_last_look(person):
    for minutes in (0, 50, 100):
        assert sit_down(person, "portfolio", now=after(minutes=minutes)) is None
    friday = [sit_down(person, "portfolio", now=after(days=4, minutes=minutes)) for minutes in (0, 0, 3, 59)]
    assert friday == [after(minutes=100)] * 4


def test_looks_within_five_minutes_write_nothing(person, django_assert_num_queries):
    sit_down(person, "portfolio", now=MONDAY)
    with django_assert_num_queries(1):
        sit_down(person, "portfolio", now=after(minutes=4))


def test_two_requests_at_once_move_the_sitting_on_once(person):
    sit_down(person, "portfolio", now=MONDAY)
    visit = PageVisit.objects.get(person=person)
    sit_down(person, "portfolio", now=after(days=1))
    # The second had read the row before the first wrote.
    PageVisit.objects.filter(pk=visit.pk, seen_at=visit.seen_at).update(before_at=None)
    assert sit_down(person, "portfolio", now=after(days=1)) == MONDAY


def test_another_page_is_another_sitting(person):
    sit_down(person, "portfolio", now=MONDAY)
    assert sit_down(person, "review", now=after(days=1)) is None


@pytest.mark.parametrize("sits_already", [False, True])
def test_a_desk_has_the_persons_own_views_of_the_page(person, sits_already, django_assert_max_num_queries):
    if sits_already:
        sit_down(person, "portfolio", now=MONDAY)
    SavedView.objects.create(person=UserFactory(), page="portfolio", name="A stranger's", query="band=watch")
    SavedView.objects.create(person=person, page="lists", name="Of another page", query="band=watch")
    SavedView.objects.create(person=person, page="portfolio", name="Deleted", query="q=x", archived_at=MONDAY)
    quiet = SavedView.objects.create(person=person, page="portfolio", name="Quiet", query="view=stale", is_default=True)
    mine = SavedView.objects.create(person=person, page="portfolio", name="Mine", query="lead=1")
    with django_assert_max_num_queries(1 if sits_already else 2):
        found = desk_of(person, "portfolio").views
    assert [(view, view.name, view.query, bool(view.is_default)) for view in found] == [
        (mine, "Mine", "lead=1", False), (quiet, "Quiet", "view=stale", True),
    ]  # fmt: skip
