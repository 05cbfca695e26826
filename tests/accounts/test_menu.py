"""The menu is kept for people who are alike: nobody is given another role's or another language's."""

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from tests.factories.people import AdministratorFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db


def menu_of(person, language: str) -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    page = client.get("/portfolio/").content.decode()
    return page[page.index("data-menu") : page.index("data-theme-form")]


@pytest.mark.parametrize("language", ["en", "zh-hans", "en"])
def test_each_role_and_language_has_its_own(language):
    people = (ManagerFactory(), UserFactory(), AdministratorFactory(), UserFactory())
    manager, fde, administrator, another = (menu_of(person, language) for person in people)
    assert "/audit/" in manager
    assert "/audit/" not in fde
    assert "/admin/" in administrator
    assert "/admin/" not in fde + manager + another
    with translation.override(language):
        assert gettext("Audit trail") in manager
        assert gettext("Administration") in administrator
