"""Telling recipients of new editions."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
import time_machine
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from engagements.models import EditionMail, EditionRetraction, Share
from engagements.public_page.content import SharedWeek, canonical_json
from engagements.services.edition_mails import write_mail, write_owed_mails
from fde_portal.accounts.models import AuditEvent
from fde_portal.core.models import OutgoingMail
from tests.factories.engagements import EngagementFactory
from tests.factories.shares import EditionFactory, ShareFactory, content_for

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
ANNEKE = "anneke@harbourline.example"
pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    return EngagementFactory(name="Customs copilot")


@pytest.fixture
def share(engagement):
    with time_machine.travel(NOW - timedelta(days=30), tick=False):
        ShareFactory(engagement=engagement, audience="recipient", recipient="silent@harbourline.example")
        ShareFactory(audience="recipient", recipient="elsewhere@example.org", mails_editions=True)
        return ShareFactory(engagement=engagement, audience="recipient", recipient=ANNEKE, mails_editions=True)


def publish(engagement, number, at, headline="All is well"):
    content = canonical_json(content_for(engagement, week=SharedWeek(None, headline)))
    return EditionFactory(engagement=engagement, number=number, published_at=at, content=content)


def test_the_recipient_is_told_once_when_publishing_can_no_longer_be_undone(engagement, share):
    edition = publish(engagement, 1, NOW)
    assert write_owed_mails(now=LATER - timedelta(seconds=1)) == 0
    assert write_owed_mails(now=LATER) == 1
    assert write_owed_mails(now=LATER) == 0
    assert [message.to for message in mail.outbox] == [[ANNEKE]]
    assert list(EditionMail.objects.values_list("share", "edition")) == [(share.pk, edition.pk)]


def test_the_mail_says_what_is_new_leads_to_the_page_and_out(engagement, share, client):
    publish(engagement, 1, NOW, "Go-live holds")
    write_owed_mails(now=LATER)
    [message] = mail.outbox
    assert message.subject == "Customs copilot: how it stands"
    assert "Go-live holds" in message.body
    link = next(line for line in message.body.splitlines() if line.endswith("/") and "mails" not in line)
    with time_machine.travel(LATER, tick=False):
        door = client.get(link.removeprefix("http://localhost:8000").removeprefix("http://testserver"))
    assert door.status_code == 200
    assert 'name="address"' in door.content.decode()
    assert message.extra_headers["List-Unsubscribe"] == f"<{link}mails/>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_section_that_is_left_out_is_left_out_of_the_mail(engagement, share):
    Share.objects.filter(pk=share.pk).update(sections=["milestones"], language="zh-hans")
    publish(engagement, 1, NOW, "Go-live holds")
    write_owed_mails(now=LATER)
    assert "Go-live holds" not in mail.outbox[0].body
    assert "how it stands" not in mail.outbox[0].subject


def test_at_most_one_mail_a_week_and_then_the_newest(engagement, share):
    publish(engagement, 1, NOW)
    write_owed_mails(now=LATER)
    publish(engagement, 2, NOW + timedelta(days=2))
    newest = publish(engagement, 3, NOW + timedelta(days=3))
    assert write_owed_mails(now=LATER + timedelta(days=7) - timedelta(seconds=1)) == 0
    assert write_owed_mails(now=LATER + timedelta(days=7)) == 1
    assert EditionMail.objects.first().edition == newest


@pytest.mark.parametrize(
    "change", [{"revoked_at": NOW}, {"expires_at": NOW}, {"opted_out_at": NOW}, {"mails_editions": False}, {"created_at": LATER}]
)
def test_nobody_is_told_who_should_not_be(engagement, share, change):
    publish(engagement, 1, NOW)
    Share.objects.filter(pk=share.pk).update(**change)
    assert write_owed_mails(now=LATER) == 0
    assert mail.outbox == []


def test_an_edition_that_was_taken_back_is_told_to_nobody(engagement, share):
    edition = publish(engagement, 1, NOW)
    EditionRetraction.objects.create(edition=edition, retracted_at=NOW, retracted_by=engagement.lead)
    assert write_owed_mails(now=LATER) == 0


def test_two_workers_write_one_mail_with_a_message_id_that_stays(engagement, share):
    edition = publish(engagement, 1, NOW)
    with override_settings(EMAIL_BACKEND="fde_portal.core.outbox.OutboxBackend"):
        assert write_mail(share, edition, now=LATER)
        assert not write_mail(share, edition, now=LATER)
    row = OutgoingMail.objects.get()
    assert row.message_id.startswith(f"<edition-{edition.pk}-share-{share.pk}@")
    assert message_from_bytes(bytes(row.source))["Message-ID"] == row.message_id


def test_opting_out_takes_one_post_and_opening_the_page_changes_nothing(engagement, share, client):
    publish(engagement, 1, NOW)
    write_owed_mails(now=LATER)
    path = "/s/" + mail.outbox[0].extra_headers["List-Unsubscribe"].split("/s/")[1].rstrip(">")
    with time_machine.travel(LATER, tick=False):
        client.get(path)
        share.refresh_from_db()
        assert share.opted_out_at is None
        client.post(path, {"List-Unsubscribe": "One-Click"})
        client.post(path, {"List-Unsubscribe": "One-Click"})
        share.refresh_from_db()
        assert share.opted_out_at == LATER
        assert "no mails about this page any more" in client.get(path).content.decode()
        client.post(path, {"again": "1"})
    share.refresh_from_db()
    assert share.opted_out_at is None
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", "actor_label")) == [("opt_out", ANNEKE), ("opt_in", ANNEKE)]


@pytest.mark.parametrize("how", [{"parked_at": NOW}, {"sent_at": NOW, "bounced_at": LATER}], ids=["at once", "later"])
def test_a_mail_that_came_back_is_shown_to_the_lead(engagement, share, client, how):
    edition = publish(engagement, 1, NOW)
    with override_settings(EMAIL_BACKEND="fde_portal.core.outbox.OutboxBackend"):
        write_mail(share, edition, now=NOW)
    client.force_login(engagement.lead)
    pages = [reverse("engagement_sharing", args=[engagement.slug]), reverse("share", args=[engagement.slug, share.pk])]
    assert not any("came back" in client.get(page).content.decode() for page in pages)
    OutgoingMail.objects.update(**how, error="550 5.1.1 User unknown")
    listed, detail = (client.get(page).content.decode() for page in pages)
    assert "A mail came back" in listed
    assert "550 5.1.1 User unknown" in detail
