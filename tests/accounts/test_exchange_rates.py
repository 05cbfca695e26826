"""Exchange rates: who sets them, what is refused, and the way back."""

from decimal import Decimal

import pytest
from django.urls import reverse

from fde_portal.accounts.models import AuditEvent, ExchangeRate, OrganizationSettings
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("accounts:exchange_rates"), reverse("accounts:exchange_rate_new")
TYPED = {"currency": "USD", "worth": "0.9213", "rate_on": "2026-01-05", "source": "Finance"}


@pytest.fixture
def manager(client):
    person = ManagerFactory()
    client.force_login(person)
    return person


@pytest.fixture
def rate():
    return ExchangeRate.objects.create(currency="USD", base="EUR", worth="0.9", rate_on="2026-01-05")


def url(name: str, rate: ExchangeRate) -> str:
    return reverse(f"accounts:exchange_rate_{name}", args=[rate.pk])


def test_a_rate_is_of_the_reporting_currency_and_kept_with_its_day(client, manager):
    assert client.post(NEW, TYPED | {"currency": "usd"}).url == LIST

    kept = ExchangeRate.objects.get()
    assert (kept.currency, kept.base, kept.worth, kept.rate_on.isoformat()) == ("USD", "EUR", Decimal("0.9213"), "2026-01-05")
    assert AuditEvent.objects.get().actor == manager
    assert "0.921300" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"currency": "EUR"}, "currency"), ({"currency": "us"}, "currency"), ({"worth": "0"}, "worth"), ({"rate_on": "2099-01-01"}, "rate_on")],
)
def test_what_cannot_be_is_named_and_nothing_is_saved(client, manager, typed, field):
    page = client.post(NEW, TYPED | typed)

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert ExchangeRate.objects.count() == 0


def test_a_day_has_one_rate_also_among_those_restored(client, manager, rate):
    assert list(client.post(NEW, TYPED).context["form"].errors) == ["rate_on"]

    client.post(url("archive", rate))
    client.post(NEW, TYPED)
    page = client.post(url("restore", rate), follow=True)
    assert "Not restored" in page.content.decode()
    assert ExchangeRate.objects.current().get().worth == Decimal("0.9213")


def test_an_archived_rate_comes_back(client, manager, rate):
    client.post(url("archive", rate))
    assert ExchangeRate.objects.current().count() == 0
    client.post(url("restore", rate))

    assert ExchangeRate.objects.current().get() == rate


def test_an_edit_is_taken_back(client, manager, rate):
    page = client.post(url("edit", rate), TYPED | {"version": rate.version}, follow=True)
    undo = next(part for part in page.content.decode().split('"') if "?undo=" in part)
    client.post(undo)

    rate.refresh_from_db()
    assert rate.worth == Decimal("0.9")


def test_rates_to_another_reporting_currency_stand_apart(client, manager, rate):
    OrganizationSettings.objects.update_or_create(pk=1, defaults={"currency": "CNY"})
    context = client.get(LIST).context

    assert (list(context["rates"]), list(context["earlier"])) == ([], [rate])


def test_only_who_sets_up_the_organization_comes_here(client, rate):
    for person in (UserFactory(), ContactFactory()):
        client.force_login(person)
        assert [client.get(LIST).status_code, client.post(NEW, TYPED).status_code, client.post(url("archive", rate)).status_code] == [403] * 3
    rate.refresh_from_db()
    assert (rate.is_archived, ExchangeRate.objects.count()) == (False, 1)
