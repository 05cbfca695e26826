"""Mail that came back later: notices from a file, a maildir or a pipe."""

import io
import mailbox
from datetime import UTC, datetime, timedelta
from email import message_from_string

import pytest
from django.core.management import CommandError, call_command

from fde_portal.core.bounces import Bounce, bounces_in
from fde_portal.core.models import OutgoingMail
from fde_portal.core.outbox import KEPT, forget_sent

pytestmark = pytest.mark.django_db

SENT = datetime(2026, 11, 20, 15, tzinfo=UTC)
MESSAGE_ID = "<edition-4-share-7@portal.example>"
NOTICE = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
To: portal@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Fri, 20 Nov 2026 15:00:00 +0000

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: Recipient address
    rejected: User unknown

--b
Content-Type: {kind}

Message-ID: {message_id}
From: Portal <portal@example.com>
Subject: Customs copilot: how it stands

--b--
"""


def notice(**changes):
    fields = {"recipient": "anneke@example.org", "action": "failed", "status": "5.1.1", "kind": "message/rfc822", "message_id": MESSAGE_ID}
    return NOTICE.format(**fields | changes)


@pytest.fixture
def sent():
    kept = {"sender": "portal@example.com", "subject": "Hello", "source": b"", "sent_at": SENT}
    OutgoingMail.objects.create(message_id=MESSAGE_ID, recipient="grace@example.org", **kept)
    OutgoingMail.objects.create(message_id="<other@portal.example>", recipient="anneke@example.org", **kept)
    return OutgoingMail.objects.create(message_id=MESSAGE_ID, recipient="Anneke@example.org", **kept)


def take_in(source="-") -> str:
    out = io.StringIO()
    call_command("import_bounces", str(source), stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def pipe(monkeypatch):
    def send(text: str) -> str:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return take_in()

    return send


def marked() -> list[tuple[str, str]]:
    return list(OutgoingMail.objects.exclude(bounced_at=None).values_list("recipient", "error"))


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_notice_marks_the_one_mail_it_is_about(sent, pipe, kind):
    assert pipe(notice(kind=kind)) == "1 read, 1 mails marked as come back."
    assert marked() == [("Anneke@example.org", "550 5.1.1 <anneke@example.org>: Recipient address rejected: User unknown")]


def test_twice_changes_nothing(sent, pipe):
    pipe(notice())
    before = list(OutgoingMail.objects.values())
    assert pipe(notice()) == "1 read, 0 mails marked as come back."
    assert list(OutgoingMail.objects.values()) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "failed", "status": "4.2.2"},
        {"action": "delivered", "status": "2.0.0"},
        {"recipient": "stranger@example.org"},
        {"message_id": "<made-up@portal.example>"},
    ],
)
def test_delays_successes_and_strangers_mark_nothing(sent, pipe, changes):
    assert pipe(notice(**changes)).endswith(" 0 mails marked as come back.")
    assert marked() == []


def test_what_was_not_sent_yet_cannot_come_back(sent, pipe):
    OutgoingMail.objects.update(sent_at=None)
    pipe(notice())
    assert marked() == []


@pytest.mark.parametrize("text", ["", "no mail at all", "Subject: Out of office\n\nI am away.", notice().replace("Message-ID", "X-Other")])
def test_other_mail_is_left_alone(sent, pipe, text):
    assert pipe(text) == "1 read, 0 mails marked as come back."


def test_the_address_it_was_sent_to_counts_where_mail_was_passed_on():
    passed_on = notice(recipient="box17@mail.example.net").replace("Action:", "Original-Recipient: rfc822;anneke@example.org\nAction:")
    [bounce] = bounces_in(message_from_string(passed_on))
    assert (bounce.message_id, bounce.recipient) == (MESSAGE_ID, "anneke@example.org")


def test_several_recipients_of_one_notice():
    second = "\nFinal-Recipient: rfc822; ben@example.org\nAction: failed\nStatus: 5.2.1\n\n--b\nContent-Type: message/rfc822"
    text = notice().replace("\n--b\nContent-Type: message/rfc822", second)
    assert [bounce.recipient for bounce in bounces_in(message_from_string(text))] == ["anneke@example.org", "ben@example.org"]
    assert Bounce(MESSAGE_ID, "ben@example.org", "5.2.1") in bounces_in(message_from_string(text))


def test_from_a_file_with_one_message_and_from_an_mbox(sent, tmp_path):
    (tmp_path / "notice").write_text(notice())
    assert take_in(tmp_path / "notice") == "1 read, 1 mails marked as come back."
    box = mailbox.mbox(tmp_path / "mbox")
    for recipient in ("grace@example.org", "anneke@example.org"):
        box.add(notice(recipient=recipient))
    box.close()
    assert take_in(tmp_path / "mbox") == "2 read, 1 mails marked as come back."


def test_a_maildir_is_read_once(sent, tmp_path):
    box = mailbox.Maildir(tmp_path / "box")
    box.add(notice())
    box.add("Subject: Hello\n\nHello")
    assert take_in(tmp_path / "box") == "2 read, 1 mails marked as come back."
    assert take_in(tmp_path / "box") == "0 read, 0 mails marked as come back."
    assert len(mailbox.Maildir(tmp_path / "box")) == 2


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(CommandError, match="missing: No such file"):
        take_in(tmp_path / "missing")
    with pytest.raises(CommandError, match="no maildir"):
        take_in(tmp_path)


def test_what_came_back_is_not_forgotten_after_a_month(sent, pipe):
    pipe(notice())
    forget_sent(now=SENT + KEPT + timedelta(days=1))
    assert OutgoingMail.objects.get() == sent
