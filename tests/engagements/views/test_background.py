"""The operator's page: what waits, what gave up, and another try."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from engagements.models import Recompute, UsageLoad
from engagements.services.recomputes import MOST_TRIES, request_recompute
from fde_portal.accounts.models import AuditEvent
from fde_portal.core.models import OutgoingMail
from tests.factories.engagements import EngagementFactory
from tests.factories.people import AdministratorFactory, ContactFactory, ManagerFactory, UserFactory
from tests.factories.usage import UsageBatchFactory

pytestmark = pytest.mark.django_db

PAGE = "/background/"
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def parked_computation(**engagement) -> Recompute:
    request_recompute((row := EngagementFactory(**engagement)).pk)
    Recompute.objects.filter(engagement=row).update(parked_at=NOW, attempts=MOST_TRIES, error="ValueError: a flow without a year")
    return row.recompute


def parked_load() -> UsageLoad:
    batch = UsageBatchFactory(state="loading", sequence=7, source__name="Audit log", first_day=None, last_day=None)
    return UsageLoad.objects.create(batch=batch, wanted_at=NOW, parked_at=NOW, attempts=5, error="OSError: disk full")


def parked_mail(recipient: str = "gone@example.org", **more) -> OutgoingMail:
    fields = {"wanted_at": NOW - timedelta(hours=13), "parked_at": NOW, "attempts": 12, "error": "550 User unknown", "source": b"x"}
    return OutgoingMail.objects.create(message_id="<1>", recipient=recipient, subject="Reset", **fields | more)


def routes(computation: Recompute, mail: OutgoingMail) -> list[str]:
    return [
        reverse("background_retry_all"),
        reverse("background_retry_computation", args=[computation.pk]),
        reverse("background_retry_mail", args=[mail.pk]),
        reverse("background_discard_mail", args=[mail.pk]),
    ]


@pytest.mark.parametrize("factory", [UserFactory, ContactFactory])
def test_the_page_and_its_acts_are_for_operators_only(client, factory):
    computation, mail = parked_computation(), parked_mail()
    client.force_login(factory())

    answers = [client.get(PAGE), *(client.post(route) for route in routes(computation, mail))]

    assert {answer.status_code for answer in answers} == {403}
    computation.refresh_from_db()
    mail.refresh_from_db()
    assert (computation.parked_at, mail.parked_at, AuditEvent.objects.count()) == (NOW, NOW, 0)


def test_signed_out_leads_to_the_sign_in_page(client):
    for route in (PAGE, reverse("background_retry_all")):
        assert client.post(route).url == f"/accounts/login/?next={route}"


def test_a_manager_reads_what_gave_up_since_when_and_why(client):
    parked_computation(name="Customs copilot")
    parked_mail()
    client.force_login(ManagerFactory())

    page = client.get(PAGE).content.decode()

    for text in ("Customs copilot", "ValueError: a flow without a year", "Reset → gone@example.org", "550 User unknown", "after 12 tries"):
        assert text in page


def test_an_administrator_without_records_reads_a_number_instead_of_a_name(client):
    computation = parked_computation(name="Customs copilot")
    client.force_login(AdministratorFactory(role="none"))

    page = client.get(PAGE).content.decode()

    assert "Customs copilot" not in page
    assert f"Engagement {computation.engagement_id}" in page


def test_a_delivery_that_gave_up_is_named_to_those_who_may_read_it_and_loaded_again(client):
    load, other = parked_load(), parked_load()
    client.force_login(AdministratorFactory(role="none"))
    page = client.get(PAGE).content.decode()
    assert ("Audit log" in page, f"Delivery {load.batch_id}" in page) == (False, True)

    client.force_login(ManagerFactory())
    page = client.get(PAGE).content.decode()
    assert all(text in page for text in ("Audit log, batch 7", "OSError: disk full", "after 5 tries"))
    retry = reverse("background_retry_load", args=[load.pk])
    assert "The delivery is loaded again." in client.post(retry, follow=True).content.decode()

    load.refresh_from_db()
    assert (load.parked_at, load.attempts) == (None, 0)
    assert list(UsageLoad.objects.exclude(parked_at=None)) == [other]
    assert AuditEvent.objects.get(verb="retry").subject_id == load.batch_id
    assert client.post(retry).status_code == 404


def test_mail_that_waits_says_what_the_server_said(client):
    parked_mail(parked_at=None, error="ConnectionRefusedError: refused")
    client.force_login(ManagerFactory())

    page = client.get(PAGE).content.decode()

    assert "ConnectionRefusedError: refused" in page
    assert "Nothing gave up" in page
    assert "Try everything again" not in page


def test_trying_again_gives_new_tries_and_is_written_down(client):
    computation, mail, other = parked_computation(), parked_mail(), parked_mail("other@example.org")
    manager = ManagerFactory()
    client.force_login(manager)

    for route in routes(computation, mail)[1:3]:
        assert client.post(route).url == PAGE

    computation.refresh_from_db()
    mail.refresh_from_db()
    other.refresh_from_db()
    assert (computation.parked_at, computation.attempts, mail.parked_at, mail.attempts) == (None, 0, None, 0)
    assert other.parked_at == NOW
    events = AuditEvent.objects.filter(verb="retry").values_list("actor", "subject_type", "subject_id")
    assert set(events) == {(manager.pk, "recompute", computation.pk), (manager.pk, "outgoingmail", mail.pk)}


def test_trying_everything_again_leaves_nothing_parked(client):
    parked_computation()
    parked_load()
    parked_mail()
    parked_mail("other@example.org")
    client.force_login(ManagerFactory())

    page = client.post(reverse("background_retry_all"), follow=True).content.decode()

    assert "4 pieces of work are tried again." in page
    assert not Recompute.objects.exclude(parked_at=None).exists()
    assert not UsageLoad.objects.exclude(parked_at=None).exists()
    assert not OutgoingMail.objects.exclude(parked_at=None).exists()
    assert AuditEvent.objects.filter(verb="retry").count() == 4


def test_a_discarded_mail_is_gone_and_only_that_one(client):
    mail, other = parked_mail(), parked_mail("other@example.org")
    client.force_login(ManagerFactory())

    client.post(reverse("background_discard_mail", args=[mail.pk]))

    assert list(OutgoingMail.objects.all()) == [other]
    assert AuditEvent.objects.get().verb == "discard"


def test_a_row_that_is_not_parked_any_more_is_not_found(client):
    computation, mail = parked_computation(), parked_mail(parked_at=None)
    Recompute.objects.update(parked_at=None)
    client.force_login(ManagerFactory())

    assert [client.post(route).status_code for route in routes(computation, mail)[1:]] == [404, 404, 404]
    assert OutgoingMail.objects.filter(pk=mail.pk).exists()
    assert not AuditEvent.objects.exists()


def test_the_page_costs_the_same_for_one_row_and_for_thirty(client, django_assert_num_queries):
    client.force_login(ManagerFactory())
    for number in range(30):
        parked_computation()
        parked_load()
        parked_mail(f"{number}@example.org")
        if number in (0, 2, 29):
            with django_assert_num_queries(18):
                client.get(PAGE)


@pytest.mark.parametrize(("factory", "shown"), [(ManagerFactory, True), (UserFactory, False)])
def test_the_menu_leads_there_for_those_who_may(client, factory, shown):
    client.force_login(factory())

    assert (f'href="{PAGE}"' in client.get("/settings/profile/").content.decode()) is shown
