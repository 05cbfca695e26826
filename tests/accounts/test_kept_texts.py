"""Texts of forms that are not saved yet: there on every device of the person, nobody else's, gone once saved."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from engagements.models import StakeholderNote
from fde_portal.accounts import tasks
from fde_portal.accounts.models import AuditEvent, KeptText
from fde_portal.accounts.services.kept_texts import KEPT_FOR, forget_old_texts
from fde_portal.celery import app
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ContactFactory, UserFactory

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
PATH = reverse("accounts:kept_texts")
SAID = {"values": [["text", "", "Pieter doubts the scans"]], "basis": {"version": "1"}}
pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    return EngagementFactory(lead__time_zone="Europe/Berlin", lead__language="en")


@pytest.fixture
def lead(client, engagement):
    client.force_login(engagement.lead)
    return client


def keep(client, key="note-capture", content=SAID):
    return client.post(PATH, {"key": key, "content": json.dumps(content)})


def kept(client, key="note-capture"):
    return client.get(PATH, {"key": key}).json()


@time_machine.travel(NOW, tick=False)
def test_what_was_typed_is_there_on_another_device_with_its_time(lead):
    assert keep(lead, content={"values": [["text", "", "Piet"]], "basis": {}}).status_code == 204
    keep(lead)
    assert kept(lead) == SAID | {"time": "20 Nov 16:00"}
    assert kept(lead, "another form") == {}
    assert KeptText.objects.count() == 1
    assert not AuditEvent.objects.exists()


def test_nobody_else_reads_it(lead, client, engagement):
    keep(lead)
    for person in (UserFactory(), engagement.lead):
        client.force_login(person)
        assert bool(kept(client)) == (person == engagement.lead)
    client.force_login(ContactFactory())
    assert (client.get(PATH).status_code, keep(client).status_code) == (403, 403)
    client.logout()
    assert client.get(PATH, headers={"Accept": "application/json"}).status_code == 401


def test_discarding_forgets_it_and_twice_changes_nothing(lead):
    keep(lead)
    keep(lead, "another form")
    for _ in range(2):
        assert lead.post(PATH, {"key": "note-capture", "content": ""}).status_code == 204
    assert list(KeptText.objects.values_list("key", flat=True)) == ["another form"]


@pytest.mark.parametrize("data", [{"content": "{}"}, {"key": "x" * 201, "content": "{}"}, {"key": "x", "content": "no json"}, {"key": "x", "content": "[1]"}])
def test_what_cannot_be_kept_is_refused_and_named(lead, data):
    answer = lead.post(PATH, data)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) <= {"key", "content"}
    assert not KeptText.objects.exists()


def test_saving_the_note_ends_it_and_a_refused_save_does_not(lead, engagement):
    path = reverse("note_new", args=[engagement.slug])
    key = lead.get(path).context["draft_key"]
    keep(lead, key)
    keep(lead)
    note = {"text": "Pieter doubts the scans", "kind": "meeting", "happened_on": "2020-01-06", "engagement": engagement.pk}
    assert lead.post(path, note | {"text": ""}).status_code == 422
    assert kept(lead, key)
    assert lead.post(path, note).status_code == 302
    assert kept(lead, key) == {}
    assert kept(lead)
    assert lead.post(reverse("note_capture"), note).status_code == 302
    assert kept(lead) == {}
    assert StakeholderNote.objects.count() == 2


def test_the_forms_say_where_to_keep_it(lead, engagement):
    page = lead.get(reverse("note_new", args=[engagement.slug])).content.decode()
    assert f'data-address="{PATH}"' in page


def test_what_nobody_came_back_to_is_forgotten_after_three_months(engagement):
    old, young = NOW - KEPT_FOR - timedelta(seconds=1), NOW - KEPT_FOR
    for key, at in (("old", old), ("young", young)):
        KeptText.objects.create(person=engagement.lead, key=key, content={}, kept_at=at)
    forget_old_texts(now=NOW)
    assert KeptText.objects.get().key == "young"
    KeptText.objects.update(kept_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert tasks.forget_texts.name in {entry["task"] for entry in app.conf.beat_schedule.values()}
    tasks.forget_texts()
    assert not KeptText.objects.exists()
