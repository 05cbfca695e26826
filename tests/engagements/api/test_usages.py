"""Usage over the API: one token, one source; whole or not at all; an answer to everything."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import Actor, UsageBatch, UsageRow, UsageToken
from fde_portal.accounts.models import AuditEvent
from tests.factories.people import ManagerFactory
from tests.factories.usage import UsageSourceFactory, UsageTokenFactory

pytestmark = pytest.mark.django_db

URL = "/api/v1/usage/batches"
ROWS = [{"actor": "ann", "date": "2026-03-02", "feature": "draft", "events": 3}, {"actor": "bob", "ts": "2026-03-02T23:30:00Z"}]


def post(token: UsageToken | str, body: object, *, key: str | None = "one", kind: str = "application/json", **headers: str):
    secret = token if isinstance(token, str) else token.secret
    content = body if isinstance(body, bytes | str) else json.dumps({"rows": body})
    headers |= {"Authorization": f"Bearer {secret}"} | ({"Idempotency-Key": key} if key is not None else {})
    return Client().generic("POST", URL, content, content_type=kind, headers=headers)


@pytest.fixture
def token() -> UsageToken:
    source = UsageSourceFactory(deliverable__engagement__time_zone="Europe/Berlin")
    return UsageTokenFactory(source=source, name="nightly job")


def test_a_batch_is_taken_and_answered_with_counts(token: UsageToken) -> None:
    answer = post(token, ROWS)
    assert answer.status_code == 201
    assert answer.json() == {
        "batch": 1,
        "state": "accepted",
        "replayed": False,
        "rows": 2,
        "first_day": "2026-03-02",
        "last_day": "2026-03-03",
    }
    rows = UsageRow.objects.order_by("day").values_list("batch__source", "day", "feature", "events")
    assert list(rows) == [(token.source_id, date(2026, 3, 2), "draft", 3), (token.source_id, date(2026, 3, 3), "", 1)]
    event = AuditEvent.objects.get(verb="receive")
    assert (event.actor, event.actor_label) == (None, f"nightly job ({token.prefix}…)")


def test_the_same_again_gets_the_first_answer(token: UsageToken) -> None:
    first = post(token, ROWS).json()
    again = post(token, list(reversed(ROWS)))
    assert again.status_code == 200
    assert again.json() == first | {"replayed": True}
    assert UsageBatch.objects.count() == 1


def test_other_content_under_the_same_key_is_a_conflict(token: UsageToken) -> None:
    post(token, ROWS)
    assert post(token, ROWS[:1]).status_code == 409
    assert UsageRow.objects.count() == 2


def test_a_missing_key_is_named(token: UsageToken) -> None:
    answer = post(token, ROWS, key=None)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]


@pytest.mark.parametrize("key", [" ", "x" * 201, "é"])
def test_keys_that_cannot_be_kept_are_refused(token: UsageToken, key: str) -> None:
    assert post(token, ROWS, key=key).status_code == 400
    assert not UsageBatch.objects.exists()


def test_faults_are_named_by_row_and_column_and_nothing_is_stored(token: UsageToken) -> None:
    answer = post(token, [ROWS[0], {"actor": "", "date": "2026-02-30", "events": -1}])
    assert answer.status_code == 422
    assert [(fault["row"], fault["column"]) for fault in answer.json()["errors"]] == [(2, "actor"), (2, "date"), (2, "events")]
    assert all(fault["message"] for fault in answer.json()["errors"])
    assert not UsageBatch.objects.exists()
    assert not Actor.objects.exists()


def test_faults_come_in_the_language_asked_for_and_numbers_stay_numbers(token: UsageToken) -> None:
    answer = post(token, [{"actor": "ann"}], **{"Accept-Language": "en"})
    assert answer.json()["errors"] == [{"row": 1, "column": "date", "message": "Say when: give “date” or “ts”."}]


def test_csv_is_taken_in_both_encodings(token: UsageToken) -> None:
    content = "actor,date,feature\n王芳,2026-03-02,起草\n"
    assert post(token, content.encode("gb18030"), kind="text/csv; charset=GBK", key="1").status_code == 201
    assert post(token, content.encode("utf-8-sig"), kind="text/csv", key="2").status_code == 201
    assert list(UsageRow.objects.values_list("feature", flat=True)) == ["起草", "起草"]
    assert Actor.objects.count() == 1


def test_csv_in_an_undeclared_encoding_is_refused_in_words(token: UsageToken) -> None:
    answer = post(token, "actor,date\n王芳,2026-03-02\n".encode("gb18030"), kind="text/csv")
    assert answer.status_code == 422
    assert "UTF-8" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/csv; charset=utf-16", ""])
def test_other_kinds_of_body_are_refused(token: UsageToken, kind: str) -> None:
    assert post(token, b"actor,date\nann,2026-03-02\n", kind=kind).status_code == 415


@pytest.mark.parametrize("length", [None, 200])
def test_a_body_that_is_too_large_is_refused_and_leaves_nothing(token: UsageToken, settings, length: int | None) -> None:
    settings.USAGE_MOST_BYTES = 100
    content = gzip.compress(b"actor,date\n" + b"ann,2026-03-02\n" * 100) if length is None else b"x" * length
    headers = {"Content-Encoding": "gzip"} if length is None else {}
    assert post(token, content, kind="text/csv", **headers).status_code == 413
    assert not UsageBatch.objects.exists()


HOSTILE = [
    b" ", b"{", b"null", b"[]", b"1", b'"rows"', b"{}", b'{"rows": null}', b'{"rows": []}', b'{"rows": [null]}',
    b'{"rows": [[]]}', b'{"rows": [{}]}', b'{"rows": [{"actor": NaN}]}', b'{"rows": [{"actor": {"a": 1}, "date": []}]}',
    b'{"rows": [{"actor": "\\ud800", "date": "2026-03-02"}]}', b'{"rows": [{"actor": "a\\u0000", "date": "2026-03-02"}]}',
    b'{"rows": [{"actor": "a", "date": "2026-03-02", "events": 1e999}]}',
    b'{"rows": [{"actor": "a", "date": "2026-03-02", "\\ud800": 1}]}',
    b'{"rows": [{"actor": "a", "ts": "9999-12-31T23:59:59-14:00"}]}',
    b'{"rows": [{"actor": "a", "date": "2026-03-02", "events": ' + b"9" * 5000 + b"}]}",
    b"[" * 100_000, b"\xff\xfe\x00", b'{"rows": "' + b"a" * 10_000 + b'"}',
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_no_body_breaks_the_server(token: UsageToken, body: bytes) -> None:
    answer = post(token, body)
    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]
    assert not UsageBatch.objects.exists()


@pytest.mark.parametrize("secret", ["", "fdeu_wrong", "fdep_wrong", "é"])
def test_wrong_secrets_are_401(token: UsageToken, secret: str) -> None:
    answer = post(secret, ROWS)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert not UsageBatch.objects.exists()


def test_revoked_expired_and_archived_are_401(token: UsageToken) -> None:
    UsageToken.objects.update(revoked_at=timezone.now())
    assert post(token, ROWS).status_code == 401
    UsageToken.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    assert post(token, ROWS).status_code == 401
    UsageToken.objects.update(expires_at=None)
    token.source.archived_at = timezone.now()
    token.source.save()
    assert post(token, ROWS).status_code == 401
    assert not UsageBatch.objects.exists()


def test_a_person_cannot_send_usage_over_the_api() -> None:
    client = Client()
    client.force_login(ManagerFactory())
    assert client.post(URL, "{}", content_type="application/json").status_code == 401


def test_a_usage_token_reads_nothing(token: UsageToken) -> None:
    for path in ("engagements", "metrics", "customers"):
        answer = Client().get(f"/api/v1/{path}/", headers={"Authorization": f"Bearer {token.secret}"})
        assert answer.status_code in {401, 403}


def test_a_token_reaches_its_own_source_only(token: UsageToken) -> None:
    stranger = UsageTokenFactory()
    post(stranger, ROWS)
    post(token, ROWS)
    assert set(UsageBatch.objects.values_list("source", flat=True)) == {token.source_id, stranger.source_id}
    assert Actor.objects.filter(customer=token.source.deliverable.engagement.customer).count() == 2


def test_the_use_of_a_token_is_noted(token: UsageToken) -> None:
    before = datetime.now(UTC)
    post(token, ROWS)
    token.refresh_from_db()
    assert token.last_used_at >= before


def test_there_is_nothing_to_get(token: UsageToken) -> None:
    assert Client().get(URL, headers={"Authorization": f"Bearer {token.secret}"}).status_code == 405
