"""Signed deliveries of code hosts."""

import hmac
import json
from hashlib import sha256

import pytest
from django.urls import reverse
from django.utils import timezone

from engagements.models import WorkItem
from tests.engagements.intake.test_work import PUSH
from tests.factories.work import WorkRuleFactory, WorkSourceFactory

pytestmark = pytest.mark.django_db


def deliver(client, source, payload=PUSH, *, event="push", secret=None, body=None):
    body = json.dumps(payload).encode() if body is None else body
    signature = "sha256=" + hmac.new((secret or source.secret).encode(), body, sha256).hexdigest()
    address = reverse("work_hook", args=[source.pk])
    headers = {"X-GitHub-Event": event, "X-Hub-Signature-256": signature}
    return client.post(address, body, content_type="application/json", headers=headers)


def test_a_signed_push_is_taken_in_once(client):
    rule = WorkRuleFactory()
    WorkRuleFactory(repository="acme/other", source=rule.source)
    answers = [deliver(client, rule.source).json() for __ in range(2)]
    assert answers == [{"new": 1, "known": 0, "ignored": 0}, {"new": 0, "known": 1, "ignored": 0}]
    item = WorkItem.objects.get()
    assert (item.engagement, item.title, item.url) == (rule.engagement, "Fix fax", "")
    assert deliver(client, rule.source, {}, event="ping").json() == {"new": 0, "known": 0, "ignored": 0}


def test_a_wrong_signature_an_unknown_and_an_archived_source_look_the_same_and_store_nothing(client):
    source = WorkRuleFactory().source
    archived = WorkRuleFactory(source__archived_at=timezone.now()).source
    files = WorkRuleFactory(source__kind="file").source
    wrong = deliver(client, source, secret="guess")
    unsigned = client.post(reverse("work_hook", args=[source.pk]), json.dumps(PUSH), content_type="application/json")
    unknown = client.post(reverse("work_hook", args=[999]), "{}", content_type="application/json")
    answers = [wrong, unsigned, unknown, deliver(client, archived), deliver(client, files)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(403, wrong.content)}
    assert WorkItem.objects.count() == 0


def test_gitlab_brings_its_token(client):
    source = WorkRuleFactory(source__kind="gitlab").source
    payload = {"ref": PUSH["ref"], "commits": PUSH["commits"], "project": {"path_with_namespace": "acme/claims"}}
    address = reverse("work_hook", args=[source.pk])

    def send(token):
        headers = {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": token}
        return client.post(address, json.dumps(payload), content_type="application/json", headers=headers)

    assert send("guess").status_code == 403
    assert send(source.secret).json()["new"] == 1


@pytest.mark.parametrize("body", [b"", b"not json", b"\xff", b"{}", b"[1]"])
def test_a_signed_body_that_cannot_be_read_is_a_clear_400(client, body):
    source = WorkRuleFactory().source
    response = deliver(client, source, body=body)
    assert response.status_code == 400
    assert response.json()["error"]
    assert WorkItem.objects.count() == 0


def test_only_a_post_is_understood(client):
    assert client.get(reverse("work_hook", args=[WorkSourceFactory().pk])).status_code == 405
