"""Mail: kept in the caller's transaction, delivered at least once, each address for itself."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from fde_portal.core import tasks
from fde_portal.core.models import OutgoingMail
from fde_portal.core.outbox import KEPT, MAILS, SERVER_PAUSE, deliver_waiting, forget_sent
from tests.core.mail_server import Handler, running
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2126, 3, 2, 12, tzinfo=UTC)


def write(*recipients: str, subject: str = "Hello", body: str = "Open http://x/", **more) -> None:
    EmailMultiAlternatives(subject, body, "Portal <portal@example.com>", recipients, **more).send()


def deliver(now: datetime = NOW) -> int:
    return deliver_waiting(clock=lambda: now)


def row_of(recipient: str) -> OutgoingMail:
    return OutgoingMail.objects.get(recipient=recipient)


# Writing


def test_a_message_becomes_one_row_per_address_with_one_id_and_hidden_addresses_stay_hidden(mail_port):
    write("ann@example.org", "ben@example.org", bcc=["cyd@example.org"])

    rows = OutgoingMail.objects.order_by("recipient")
    assert [row.recipient for row in rows] == ["ann@example.org", "ben@example.org", "cyd@example.org"]
    assert len({row.message_id for row in rows}) == 1
    assert rows[0].message_id.endswith("@localhost>")
    assert {row.text.strip() for row in rows} == {"Open http://x/"}
    assert b"cyd" not in bytes(rows[2].source)


def test_the_same_message_id_again_is_dropped(mail_port):
    for _ in range(2):
        write("ann@example.org", headers={"Message-ID": "<update-7@portal>"})

    assert row_of("ann@example.org").message_id == "<update-7@portal>"


@pytest.mark.django_db(transaction=True)
def test_mail_of_a_change_that_is_rolled_back_was_never_written(mail_port, monkeypatch):
    nudges = []
    monkeypatch.setattr(tasks.deliver_mail, "delay", lambda: nudges.append(1))

    with pytest.raises(ValueError, match="no"), transaction.atomic():
        write("ann@example.org")
        raise ValueError("no")
    assert (OutgoingMail.objects.count(), nudges) == (0, [])

    write("ann@example.org")
    assert nudges == [1]


def test_writing_succeeds_while_broker_and_mail_server_are_away(mail_port, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(tasks.deliver_mail, "delay", lambda: 1 / 0)

    with django_capture_on_commit_callbacks(execute=True):
        write("ann@example.org")

    assert MAILS.length() == 1


def test_the_link_to_a_new_password_goes_through_the_outbox(mail_port, client):
    maya = UserFactory()

    client.post("/accounts/password/reset/", {"email": maya.email})

    assert "/accounts/password/reset/key/" in row_of(maya.email).text


# Delivering


def test_mail_arrives_whole_with_its_id_and_its_text_is_erased(server):
    message = EmailMultiAlternatives("Grüße", "schlicht\n.punkt\nFrom x", "portal@example.com", ["ann@example.org"])
    message.attach_alternative("<b>reich</b>", "text/html")
    message.send()
    row = row_of("ann@example.org")
    source = bytes(row.source)

    assert deliver() == 1

    [(recipient, content)] = server.received
    assert recipient == "ann@example.org"
    assert content.replace(b"\r\n", b"\n").rstrip() == source.rstrip()
    assert message_from_bytes(content)["Message-ID"] == row.message_id
    row.refresh_from_db()
    assert (row.sent_at, bytes(row.source), row.text) == (NOW, b"", "")
    assert deliver() == 0
    assert len(server.received) == 1


@pytest.mark.parametrize("readers", [2, 3])
def test_a_refused_address_parks_its_own_mail_only(server, readers):
    server.refused["gone@example.org"] = "550 5.1.1 User unknown"
    write("gone@example.org", *[f"reader{n}@example.org" for n in range(readers)])

    assert deliver() == readers

    assert server.recipients() == [f"reader{n}@example.org" for n in range(readers)]
    gone = row_of("gone@example.org")
    assert (gone.parked_at, gone.sent_at, gone.error) == (NOW, None, "550 5.1.1 User unknown")
    assert MAILS.oldest_waiting() is None


def test_not_now_is_tried_again_after_growing_pauses(server):
    server.refused["grey@example.org"] = "451 4.7.1 Greylisted"
    write("grey@example.org")
    now, pauses = NOW, []
    for _ in range(4):
        assert deliver(now) == 0
        assert deliver(now) == 0
        row = row_of("grey@example.org")
        pauses.append((row.next_try_at - now).total_seconds())
        now = row.next_try_at
    assert (pauses, row.attempts, row.parked_at, row.error) == ([30, 60, 120, 240], 4, None, "451 4.7.1 Greylisted")

    del server.refused["grey@example.org"]
    assert deliver(now) == 1
    assert row_of("grey@example.org").error == ""


def test_half_a_day_of_not_now_parks_the_mail(server):
    server.refused["full@example.org"] = "452 4.2.2 Mailbox full"
    write("full@example.org")
    now = NOW
    while (row := row_of("full@example.org")).parked_at is None:
        deliver(now)
        now = row_of("full@example.org").next_try_at

    assert row.attempts == MAILS.most_tries
    assert timedelta(hours=12) < row.parked_at - NOW < timedelta(hours=13)


def test_a_server_that_is_away_costs_no_mail_a_try_and_all_go_when_it_is_back(mail_port):
    write(*[f"reader{n}@example.org" for n in range(30)])

    assert deliver() == 0

    rows = OutgoingMail.objects.all()
    assert {(row.attempts, row.next_try_at, row.parked_at) for row in rows} == {(0, NOW + SERVER_PAUSE, None)}
    assert "Connection refused" in rows[0].error
    with running(mail_port, Handler()) as server:
        assert deliver() == 0
        assert deliver(NOW + SERVER_PAUSE) == 30
        assert len(set(server.recipients())) == 30


def test_a_server_that_falls_silent_holds_the_worker_once_and_not_for_each_mail(server):
    server.is_silent = True
    write(*[f"reader{n}@example.org" for n in range(30)])

    begin = datetime.now(UTC)
    assert deliver() == 0

    assert (datetime.now(UTC) - begin).total_seconds() < 5
    assert sorted(OutgoingMail.objects.values_list("attempts", flat=True)) == [0] * 29 + [1]
    assert not MAILS.parked().exists()


def test_a_mail_that_breaks_the_connection_does_not_hold_up_the_others_for_long(server):
    server.drops_line_on = "poison@example.org"
    write("poison@example.org", "ann@example.org")

    assert deliver() == 0
    assert deliver(NOW + SERVER_PAUSE) == 1

    assert server.recipients() == ["ann@example.org"]
    assert row_of("poison@example.org").attempts == 2


def test_a_worker_killed_after_the_servers_yes_sends_again_with_the_same_id(server, monkeypatch):
    write("ann@example.org")

    class Killed(BaseException):
        """Ends the process without a chance to write anything."""

    def kill(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as during, pytest.raises(Killed):
        during.setattr("fde_portal.core.outbox.note_sent", kill)
        deliver()
    assert deliver() == 0
    assert deliver(NOW + MAILS.lease) == 1

    ids = [message_from_bytes(content)["Message-ID"] for _, content in server.received]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_mail_another_worker_has_is_left_to_it(server):
    write("ann@example.org")
    OutgoingMail.objects.update(lease_until=NOW + timedelta(seconds=1))

    assert deliver() == 0
    assert server.received == []


def test_nothing_to_send_opens_no_connection(mail_port):
    assert deliver() == 0


def test_an_address_that_is_none_is_parked_at_once(server):
    OutgoingMail.objects.create(message_id="<1>", recipient="ann@", source=b"Subject: x", wanted_at=NOW)

    assert deliver() == 0

    assert row_of("ann@").parked_at == NOW


def test_the_task_delivers_what_waits(server):
    write("ann@example.org")

    tasks.deliver_mail()

    assert server.recipients() == ["ann@example.org"]


def test_sent_mail_is_forgotten_after_a_month_and_unsent_never():
    for name, sent_at in (("old", NOW - KEPT - timedelta(seconds=1)), ("new", NOW - KEPT), ("unsent", None)):
        OutgoingMail.objects.create(message_id=name, recipient=name, wanted_at=NOW - 2 * KEPT, sent_at=sent_at, source=b"")

    forget_sent(now=NOW)

    assert set(OutgoingMail.objects.values_list("recipient", flat=True)) == {"new", "unsent"}


def test_the_demo_keeps_the_text_for_its_mailbox(server, settings):
    settings.DEMO = True
    write("ann@example.org")

    deliver()

    assert row_of("ann@example.org").text.strip() == "Open http://x/"
