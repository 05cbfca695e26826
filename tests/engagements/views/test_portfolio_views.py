"""A person's own views of the portfolio: theirs alone, with filters, order and columns; one may open first."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fde_portal.accounts.models import SavedView
from fde_portal.core.messages import ways_back
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory

pytestmark = pytest.mark.django_db
NEW = reverse("portfolio_view_new")


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def client(manager):
    PortfolioRowFactory(engagement__name="Some work", engagement__customer__name="Zz", rank=2, score=100, change=50, last_update_on=date(2030, 1, 1))
    return signed_in(manager)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def listed(client: Client, query: str = "?view=") -> str:
    answer = client.get(f"/portfolio/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def save(client: Client, query: str = "?band=watch", **data) -> SavedView:
    answer = client.post(NEW + query, {"name": "On watch", **data})
    assert answer.status_code == 302, answer.content
    return SavedView.objects.latest("pk")


def take_back(client: Client) -> None:
    request = client.get("/just-done/").wsgi_request
    [newest, *__] = ways_back(request, now=timezone.now())
    assert client.post(newest.path).status_code == 302


def test_a_view_keeps_filters_order_and_columns_and_stands_among_the_tabs(client) -> None:
    PortfolioRowFactory(engagement__name="Pilot work", band="watch")
    PortfolioRowFactory(engagement__name="Calm work")
    view = save(client, "?hide=val&sort=score&band=watch&page=3&nonsense=1")
    assert view.query == "band=watch&sort=score&hide=val"
    page = listed(client, f"?{view.query}")
    assert '<a href="?band=watch&amp;sort=score&amp;hide=val" aria-current="page">On watch</a>' in page
    assert "Pilot work" in page
    assert "Calm work" not in page
    assert "hide-val" in page


def test_the_same_filters_in_another_order_are_the_same_view(client) -> None:
    save(client, "?band=watch&sort=score")
    assert listed(client, "?sort=score&band=watch&page=1").count('aria-current="page">On watch') == 1


def test_views_are_ones_own(client) -> None:
    view = save(client)
    other = signed_in(ManagerFactory())
    assert "On watch" not in listed(other)
    for name in ("edit", "archive", "restore"):
        assert other.post(reverse(f"portfolio_view_{name}", args=[view.pk]), {"name": "Theirs"}).status_code == 404
    view.refresh_from_db()
    assert (view.name, view.is_archived) == ("On watch", False)


def test_a_name_is_needed_and_a_rename_can_be_taken_back(client) -> None:
    assert client.post(NEW, {"name": " "}).status_code == 422
    view = save(client)
    edit = reverse("portfolio_view_edit", args=[view.pk])
    assert client.post(edit, {"name": "Mine", "version": view.version}).url == "/portfolio/?band=watch"
    assert ">Mine</a>" in listed(client)
    take_back(client)
    assert ">On watch</a>" in listed(client)


def test_filters_too_long_to_be_kept_are_refused_in_words(client) -> None:
    SavedView.objects.create(person=UserFactory(), page="portfolio", name="A stranger's", query="q=x")
    answer = client.post(f"{NEW}?q={'%E6%B8%AF' * 56}", {"name": "Ports"})
    assert answer.status_code == 422
    assert "These filters are too long to be kept." in answer.content.decode()
    assert SavedView.objects.count() == 1
    assert save(client, f"?q={'%E6%B8%AF' * 55}").query.count("%E6%B8%AF") == 55
    assert 'maxlength="100"' in listed(client, f"?q={'x' * 101}")


def test_a_deleted_view_leaves_the_tabs_and_comes_back(client) -> None:
    view = save(client)
    client.post(reverse("portfolio_view_archive", args=[view.pk]))
    client.get("/just-done/")
    assert "On watch" not in listed(client)
    take_back(client)
    assert ">On watch</a>" in listed(client)


def test_one_view_opens_first_unless_the_address_says_something(client, manager) -> None:
    SavedView.objects.create(person=UserFactory(), page="portfolio", name="A stranger's", query="q=x", is_default=True)
    assert client.get("/portfolio/").status_code == 200
    first = save(client, is_default="on")
    assert client.get("/portfolio/").url == "/portfolio/?band=watch"
    second = save(client, "?view=stale", name="Stale ones", is_default="on")
    assert client.get("/portfolio/").url == "/portfolio/?view=stale"
    first.refresh_from_db()
    assert not first.is_default
    assert listed(client, "?view=").count('aria-current="page">Needs attention first') == 1
    client.post(reverse("portfolio_view_archive", args=[second.pk]))
    assert client.get("/portfolio/").status_code == 200


def test_a_default_that_comes_back_gives_way_to_a_newer_one(client) -> None:
    old = save(client, is_default="on")
    client.post(reverse("portfolio_view_archive", args=[old.pk]))
    new = save(client, "?view=stale", is_default="on")
    client.post(reverse("portfolio_view_restore", args=[old.pk]))
    assert dict(SavedView.objects.values_list("pk", "is_default")) == {old.pk: False, new.pk: True}


def test_a_view_without_anything_asked_opens_the_whole_list(client) -> None:
    save(client, "", is_default="on")
    assert client.get("/portfolio/").url == "/portfolio/?view="
    assert client.get("/portfolio/?view=").status_code == 200


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["At risk", "Falls", "Calm"]), ("score", ["Falls", "At risk", "Calm"]), ("change", ["Falls", "At risk", "Calm"]),
        ("updated", ["Calm", "Falls", "At risk"]), ("milestone", ["Calm", "At risk", "Falls"]), ("customer", ["Calm", "Falls", "At risk"]),
    ],
)  # fmt: skip
def test_the_list_stands_in_the_order_that_is_asked_for(client, sort, names) -> None:
    rows = (
        ("At risk", "Zephyr", 0, 50, 0, date(2026, 3, 4), date(2026, 4, 2)), ("Falls", "Mistral", 1, 40, -9, date(2026, 3, 2), None),
        ("Calm", "Bora", 2, 90, None, None, date(2026, 4, 1)),
    )  # fmt: skip
    for name, customer, rank, score, change, updated, milestone in rows:
        PortfolioRowFactory(
            engagement__name=name, engagement__customer__name=customer, rank=rank, score=score, change=change, last_update_on=updated, milestone_on=milestone
        )
    page = listed(client, f"?sort={sort}")
    assert sorted(names, key=lambda name: page.index(f'<span class="hint">{name}</span>')) == names


def shown_in(page: str, names) -> list[str]:
    return sorted(names, key=lambda name: page.index(f'<span class="hint">{name}</span>'))


@pytest.mark.parametrize("key", ["customer", "score", "change", "milestone", "users", "value"])
def test_a_column_sorts_both_ways_and_what_is_not_known_stands_last(client, key) -> None:
    known = {"score": 40, "change": -9, "milestone_on": date(2026, 4, 2), "weekly_users": 5, "weekly_target": 50, "npv": 900, "npv_currency": "EUR"}
    more = {"score": 60, "change": 3, "milestone_on": date(2026, 4, 9), "weekly_users": 30, "weekly_target": 40, "npv": 10_000, "npv_currency": "EUR"}
    rows = (("Little", "Aeolus", known), ("Much", "Bora", more), ("Unknown", "Zephyr", {"score": None}))
    for name, customer, fields in reversed(rows):
        PortfolioRowFactory(engagement__name=name, engagement__customer__name=customer, **fields)
    up, down = (shown_in(listed(client, f"?sort={sign}{key}"), ["Little", "Much", "Unknown"]) for sign in ("", "-"))
    assert up == ["Little", "Much", "Unknown"]
    assert down == (["Unknown", "Much", "Little"] if key == "customer" else ["Much", "Little", "Unknown"])


def test_planned_values_are_compared_within_their_currency_alone(client) -> None:
    for name, npv, currency in (("Yen", 5000, "JPY"), ("Euro", 900, "EUR"), ("More euro", 950, "EUR")):
        PortfolioRowFactory(engagement__name=name, npv=npv, npv_currency=currency)
    assert shown_in(listed(client, "?sort=-value"), ["Yen", "Euro", "More euro"]) == ["Yen", "More euro", "Euro"]


def head(page: str, key: str) -> tuple[str, str]:
    """The `aria-sort` of the head of a column, and where its link leads."""
    found = re.search(rf'<th[^>]*?(?: aria-sort="(\w+)")?><a class="sort" id="by-{key}" href="\?([^"#]*)" hx-boost="true"', page)
    return found[1] or "", unescape(found[2])


@pytest.mark.parametrize(("key", "first"), [("score", "score"), ("value", "-value"), ("customer", "customer")])
def test_the_head_of_a_column_sorts_one_way_then_the_other_then_not_and_keeps_the_filters(client, key, first) -> None:
    PortfolioRowFactory(band="watch")
    PortfolioRowFactory(band="at_risk", engagement__name="Filtered away")
    directions, query = [], "band=watch&hide=val"
    for __ in range(4):
        page = listed(client, f"?{query}")
        assert "Filtered away" not in page
        direction, query = head(page, key)
        directions.append((direction, query))
    ways = {"score": "ascending", "-score": "descending", "-value": "descending", "value": "ascending", "customer": "ascending", "-customer": "descending"}
    second = key if first != key else f"-{key}"
    assert directions == [
        ("", f"band=watch&hide=val&sort={first}"), (ways[first], f"band=watch&hide=val&sort={second}"),
        (ways[second], "band=watch&hide=val"), ("", f"band=watch&hide=val&sort={first}"),
    ]  # fmt: skip


def test_back_to_attention_without_filters_is_no_call_for_the_view_that_opens_first(client) -> None:
    PortfolioRowFactory()
    assert head(listed(client, "?sort=-score"), "score") == ("descending", "view=")
    assert 'aria-sort' not in listed(client, "?view=")


def test_what_is_no_order_or_column_is_ignored(client) -> None:
    PortfolioRowFactory(engagement__name="Pilot work")
    page = listed(client, "?sort=nonsense&hide=nonsense")
    assert "Pilot work" in page
    assert "hide-nonsense" not in page
