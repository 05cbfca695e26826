"""Markers in every internal field never leave: by pages, feeds, mails, errors and headers, also while parts of us fail."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.db import OperationalError, connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from icalendar import Calendar

from customers.services import invite_contact
from engagements.models import Recompute, Response
from engagements.services.edition_mails import write_owed_mails
from engagements.services.editions import publish_edition
from engagements.services.recomputes import request_recompute, run_recompute
from engagements.services.reminders import send_reminders
from fde_portal.accounts.services.addresses import confirm_address_change, request_address_change
from fde_portal.core import outbox
from fde_portal.core.models import OutgoingMail
from tests.engagements.internal_world import MARK, NOW, plant_internals
from tests.engagements.shown_world import ANNEKE, BROWSER, addresses_of_readers, readers_of, shown_engagement

LATER = NOW + timedelta(minutes=15)
TOKENS = re.compile(rb"[A-Za-z0-9]{64}")
OUTBOX = override_settings(EMAIL_BACKEND="fde_portal.core.outbox.OutboxBackend")
# Words of programs, not of people.
TECHNICAL = ("Traceback", "OperationalError", "SELECT ", "INSERT ", 'File "', "engagements_", "Exception")
OPEN_BY_KEY = {
    "shared_page", "shared_calendar", "earlier_editions", "earlier_edition", "link_answer", "front_line_answer", "mail_choice", "visitor_address",
}
OWN_PAGES = {
    "browser": {"invitation"},
    "contacts_browser": {"shared_pages", "contact_edition", "contact_editions", "contact_past_edition", "contact_answer"},
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def readers():
    """Keys and a contact for an edition that was published with everything internal beside it; it is a little later."""
    engagement = shown_engagement()
    plant_internals(engagement)
    engagement.refresh_from_db()
    with time_machine.travel(NOW - timedelta(days=1), tick=False):
        readers = readers_of(engagement)
    publish_edition(engagement=engagement, by=engagement.lead, now=NOW)
    with time_machine.travel(LATER, tick=False):
        yield readers


def everything_in(response) -> str:
    body = b"".join(response) if response.streaming else response.content
    return f"{body.decode()}\n{response.headers}\n{response.cookies}"


def leaks(answers) -> list[str]:
    return [f"{response.status_code} {name}" for name, response in answers if MARK in everything_in(response)]


def answers_to(browser: Client, readers, send="get"):
    return [(name, getattr(browser, send)(address)) for name, address in addresses_of_readers(readers)]


# Pages and feeds


def test_we_ourselves_read_the_markers(readers, client):
    client.force_login(readers.engagement.lead)
    assert MARK in everything_in(client.get(reverse("engagement_log", args=[readers.engagement.slug])))


@pytest.mark.parametrize("who", ["browser", "contacts_browser"])
def test_no_key_opens_a_page_or_a_refusal_with_a_marker(readers, who):
    browser = getattr(readers, who)()
    gets, posts = answers_to(browser, readers), answers_to(browser, readers, "post")
    assert leaks([*gets, *posts]) == []
    opened = {name for name, response in gets if response.status_code == 200}
    assert opened >= OPEN_BY_KEY | OWN_PAGES[who]
    assert {response.status_code for _, response in posts} >= {404, 405, 422}


def test_the_calendar_of_a_real_key_holds_what_is_shared_and_no_marker(readers):
    for name in ("calendar", "calendar of one"):
        response = Client().get(reverse("shared_calendar", args=[readers.keys[name]]))
        titles = [str(event["summary"]) for event in Calendar.from_ical(response.content).walk("VEVENT")]
        assert "Go-live" in titles
        assert any("Name a reviewer" in title for title in titles)
        assert MARK not in everything_in(response)


# Mails


def words_of(mail: OutgoingMail) -> str:
    message = message_from_bytes(bytes(mail.source), policy=modern)
    return f"{mail.subject}\n{message.items()}\n{message.get_body().get_content()}"


@OUTBOX
def test_no_mail_to_a_customer_holds_a_marker(readers, client):
    mail_to_everybody(readers, client)
    mails = OutgoingMail.objects.all()
    assert {mail.recipient for mail in mails} == {ANNEKE, "new@harbourline.example", "moved@harbourline.example", readers.contact.email, "reader@harbourline.example"}
    assert [mail.subject for mail in mails if MARK in words_of(mail)] == []
    assert any("All shifts are live" in words_of(mail) for mail in mails)


def mail_to_everybody(readers, client):
    """Everything that is ever mailed to somebody at a customer."""
    engagement, contact = readers.engagement, readers.contact
    write_owed_mails(now=LATER)
    page = reverse("shared_page", args=[readers.keys["page"]])
    client.post(reverse("visitor_address", args=[readers.keys["mail"]]), {"address": ANNEKE}, **BROWSER)
    said = {"name": "R", "email": "reader@harbourline.example", "question": "When?", "text": "When?"}
    assert client.post(f"{page}answer/question/0/", said, **BROWSER).status_code == 302
    client.post(reverse("account_request_login_code"), {"email": contact.email})
    client.post(reverse("account_reset_password"), {"email": contact.email})
    invite_contact(customer=engagement.customer, email="new@harbourline.example", name="New", by=engagement.manager, now=LATER)
    request_address_change(contact, email="moved@harbourline.example")
    confirm_address_change(contact, token=re.search(r"/address/([^/]+)/", words_of(OutgoingMail.objects.get(recipient="moved@harbourline.example")))[1])


@OUTBOX
def test_reminders_go_to_staff_and_to_nobody_at_a_customer(readers):
    engagement = readers.engagement
    thursday = NOW + timedelta(days=6)
    with time_machine.travel(thursday, tick=False):
        assert send_reminders(now=thursday) > 0
    staff = {engagement.lead.email, engagement.backup.email}
    assert {mail.recipient for mail in OutgoingMail.objects.all()} <= staff


# The worker fails


def test_pages_stay_as_they_are_while_the_workers_part_fails(readers, monkeypatch):
    """Figures that cannot be computed and mail that is refused leave their reasons in rows, and nowhere outside."""
    browsers = [readers.browser(), readers.contacts_browser()]
    before = [bodies(answers_to(browser, readers)) for browser in browsers]

    def fail(*_args, **_kwargs):
        raise RuntimeError(f"{MARK} cannot be computed")

    monkeypatch.setattr("engagements.services.recomputes.refresh_metrics", fail)
    request_recompute(readers.engagement.pk)
    Recompute.objects.filter(engagement=readers.engagement).update(lease_until=None, next_try_at=None, attempts=0, parked_at=None)
    assert not run_recompute(readers.engagement.pk, now=LATER)
    assert MARK in Recompute.objects.get(engagement=readers.engagement).error
    answers = [answers_to(browser, readers) for browser in browsers]
    assert leaks(answer for one in answers for answer in one) == []
    assert [bodies(one) for one in answers] == before


def bodies(answers) -> list[tuple[str, int, bytes]]:
    shown = OPEN_BY_KEY | OWN_PAGES["contacts_browser"]
    return [(name, response.status_code, TOKENS.sub(b"", response.content)) for name, response in answers if name in shown]


class Refusing:
    """A mail server that refuses in words of its own, or falls silent."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    def __enter__(self):
        return self

    def __exit__(self, *_args) -> None:
        return None

    def send_messages(self, _messages) -> int:
        raise self.fault


@OUTBOX
@pytest.mark.parametrize("fault", [SMTPRecipientsRefused({"x": (550, MARK.encode())}), SMTPServerDisconnected(MARK)])
def test_what_a_mail_server_says_stays_with_us(readers, client, monkeypatch, fault):
    monkeypatch.setattr(outbox, "get_connection", lambda *_args: Refusing(fault))
    mail_to_everybody(readers, client)
    outbox.deliver_waiting(clock=lambda: LATER)
    assert OutgoingMail.objects.filter(error__contains=MARK).exists()
    for browser in (readers.browser(), readers.contacts_browser()):
        assert leaks(answers_to(browser, readers)) == []


# The database fails


class Failing:
    """Lets some statements of a request through, then refuses one, or all that follow."""

    def __init__(self, after: int, *, for_good: bool = False) -> None:
        self.after, self.for_good, self.seen = after, for_good, 0

    def __call__(self, execute, sql, params, many, context):
        if "SAVEPOINT" in sql:
            return execute(sql, params, many, context)
        self.seen += 1
        if self.seen == self.after + 1 or (self.for_good and self.seen > self.after):
            raise OperationalError(f"{MARK}: server closed the connection at {sql}")
        return execute(sql, params, many, context)

    @property
    def has_struck(self) -> bool:
        return self.seen > self.after


def struck_answers(send, most: int = 60):
    """The answers to one request, each time with the next of its statements refused."""
    for after in range(most):
        failing = Failing(after)
        with transaction.atomic(), connection.execute_wrapper(failing):
            response = send()
            transaction.set_rollback(True)  # as if each were the first
        if not failing.has_struck:
            return
        yield after, response


def is_plain_fault(response) -> bool:
    words = everything_in(response)
    return response.status_code in (500, 503) and not any(word in words for word in (MARK, *TECHNICAL))


@pytest.mark.parametrize("who", ["browser", "contacts_browser"])
def test_a_failing_database_answers_with_the_plain_page_whichever_statement_it_refuses(readers, who):
    browser, faults, struck = getattr(readers, who)(), [], set()
    for name, address in addresses_of_readers(readers):
        if browser.get(address).status_code == 200:
            for after, response in struck_answers(lambda address=address: browser.get(address)):
                struck.add(name)
                faults += [] if is_plain_fault(response) else [f"{name}: {response.status_code} at statement {after}"]
    assert faults == []
    assert struck >= {"shared_page", "shared_calendar", "link_answer", "front_line_answer"}


def test_a_database_that_is_away_is_no_reason_to_tell_anything(readers):
    browser, places = readers.contacts_browser(), list(addresses_of_readers(readers))
    with connection.execute_wrapper(Failing(0, for_good=True)):
        answers = [(name, browser.get(address)) for name, address in places]
    assert [name for name, response in answers if not is_plain_fault(response)] == []
    assert len({response.content for name, response in answers if name == "shared_page"}) == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_the_database_refuses_is_not_half_kept(readers):
    browser = readers.browser()
    ask = readers.engagement.asks.open().get(text="Name a reviewer")
    address = f"{reverse('shared_page', args=[readers.keys['mail']])}answer/ask/{ask.pk}/"
    said = {"kind": "answer", "name": "Anneke", "text": "Joost", "who_will": "Joost"}
    for after in range(60):
        failing = Failing(after)
        with connection.execute_wrapper(failing):
            response = browser.post(address, said)
        if not failing.has_struck:
            break
        assert is_plain_fault(response), after
        assert not Response.objects.filter(text="Joost").exists(), after
        ask.refresh_from_db()
        assert ask.state == "open"
    assert response.status_code == 302
    assert Response.objects.filter(text="Joost").count() == 1
