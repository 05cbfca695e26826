"""The page for times without a connection, and the worker that keeps it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from engagements.views.offline import FILES, OF_CUSTOMERS
from tests.factories.people import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db
CSS = Path(settings.BASE_DIR) / "static" / "css"
NAMED = 'data-worker="/offline-worker.js"'


def worker(client) -> str:
    return client.get(reverse("offline_worker")).content.decode()


def version(client) -> str:
    return re.search(r"offline-(\w+)", worker(client))[1]


def test_the_page_speaks_the_language_of_the_cookie(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert "没有网络连接" in client.get(reverse("offline_page")).content.decode()


def test_reading_either_asks_the_database_nothing(client, django_assert_num_queries):
    client.force_login(UserFactory())
    with django_assert_num_queries(0):
        client.get(reverse("offline_page"))
        client.get(reverse("offline_worker"))


def test_another_page_is_another_version_and_the_same_page_the_same(client):
    first = version(client)
    assert version(client) == first
    client.cookies["theme"] = "dark"
    assert version(client) != first


def test_all_that_the_page_loads_is_kept():
    imported = re.findall(r'@import url\("([^"]+)"\)', (CSS / "offline.css").read_text())
    assert {name for name in FILES if name.endswith(".css")} == {"css/offline.css", *(f"css/{name}" for name in imported)}


@pytest.mark.parametrize("name", ["shared_page", "visitor_code", "earlier_editions", "front_line_answer", "contact_edition"])
def test_pages_of_customers_are_left_alone(name):
    assert reverse(name, args=["x"]).startswith(OF_CUSTOMERS)


def test_the_shell_of_our_own_people_names_the_worker(client):
    client.force_login(UserFactory())
    assert NAMED in client.get(reverse("my_week")).content.decode()


def test_contacts_and_strangers_are_given_none(client):
    assert NAMED not in client.get(reverse("account_login")).content.decode()
    client.force_login(ContactFactory())
    assert NAMED not in client.get(reverse("shared_pages")).content.decode()
