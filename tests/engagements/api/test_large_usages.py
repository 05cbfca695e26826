"""Deliveries beyond ten thousand rows, in parts, packed, line by line: an answer to everything, nothing by halves."""

import gzip
import json

import pytest
from django.test import Client

from engagements.models import UsageBatch, UsageChunk, UsageRow, UsageSource, UsageToken
from engagements.services import usage_loading
from engagements.services.usage_loads import load_usage
from tests.engagements.api.test_usages import URL, post
from tests.engagements.services.test_usages import NOW
from tests.factories.usage import UsageSourceFactory, UsageTokenFactory

pytestmark = pytest.mark.django_db

MANY = [{"actor": f"user{n % 40}", "date": "2026-03-02", "feature": f"f{n % 7}", "events": 2} for n in range(10_050)]
CSV = b"actor,date\nann,2026-03-02\nbob,2026-03-03\n"


@pytest.fixture
def token() -> UsageToken:
    return UsageTokenFactory()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(usage_loading, "ROWS_AT_ONCE", 3000)
    monkeypatch.setattr(usage_loading, "CHUNK", 50_000)


def receipt(token: UsageToken, sequence: int) -> dict:
    return Client().get(f"{URL}/{sequence}", headers={"Authorization": f"Bearer {token.secret}"}).json()


def bodies() -> dict[str, bytes]:
    lines = "".join(f"{row['actor']},{row['date']},{row['feature']},2\n" for row in MANY)
    return {
        "application/json": json.dumps({"rows": MANY}).encode(),
        "application/x-ndjson": "\n".join(map(json.dumps, MANY)).encode(),
        "text/csv": b"actor,date,feature,events\n" + lines.encode(),
    }


@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson", "text/csv"])
def test_a_large_body_is_received_first_and_loaded_by_the_worker(token: UsageToken, kind: str) -> None:
    """Each of 40 people used 7 features on one day: equal keys are added up across the parts."""
    answer = post(token, bodies()[kind], kind=kind)

    assert (answer.status_code, answer.headers["Location"]) == (202, f"{URL}/1")
    assert answer.json() == {
        "batch": 1, "state": "loading", "replayed": False, "rows": 0, "first_day": None, "last_day": None,
        "refused": 0, "errors": [], "progress": 0,
    }  # fmt: skip
    assert not UsageRow.objects.exists()

    assert load_usage(UsageBatch.objects.get().pk, now=NOW)

    loaded = receipt(token, 1)
    assert (loaded["state"], loaded["rows"], loaded["first_day"], loaded["progress"]) == ("accepted", 10_050, "2026-03-02", 100)
    assert UsageRow.objects.count() == 280
    assert sum(UsageRow.objects.values_list("events", flat=True)) == 20_100
    assert not UsageChunk.objects.exists()


def test_the_same_large_body_again_is_replayed_and_another_is_a_conflict(token: UsageToken) -> None:
    body = bodies()["text/csv"]
    post(token, body, kind="text/csv")
    assert post(token, body, kind="text/csv").json()["replayed"] is True
    assert post(token, body + b"zoe,2026-03-02,,1\n", kind="text/csv").status_code == 409
    load_usage(UsageBatch.objects.get().pk, now=NOW)
    again = post(token, body, kind="text/csv")
    assert (again.status_code, again.json()["state"], again.json()["rows"]) == (200, "accepted", 10_050)
    assert UsageBatch.objects.count() == 1


def test_one_bad_row_among_many_leaves_nothing_but_its_name(token: UsageToken) -> None:
    body = bodies()["text/csv"] + b"zoe,0000-01-01,,1\n"
    post(token, body, kind="text/csv")
    load_usage(UsageBatch.objects.get().pk, now=NOW)

    refused = receipt(token, 1)
    assert (refused["state"], [(e["row"], e["column"]) for e in refused["errors"]]) == ("failed", [(10_052, "date")])
    assert not UsageRow.objects.exists()
    assert not UsageChunk.objects.exists()
    assert post(token, body, kind="text/csv").status_code == 422


@pytest.mark.parametrize("ending", [b"", b'{"rows": ', b"]} x"])
def test_a_large_body_that_breaks_off_is_refused(token: UsageToken, ending: bytes, monkeypatch) -> None:
    monkeypatch.setattr("engagements.api.usages.INLINE_BYTES", 1000)
    post(token, bodies()["application/json"][:-2] + ending)
    load_usage(UsageBatch.objects.get().pk, now=NOW)
    assert receipt(token, 1)["state"] == "failed"
    assert not UsageRow.objects.exists()


def test_valid_rows_are_taken_in_when_parts_are_allowed(token: UsageToken) -> None:
    rows = [{"actor": "ann", "date": "2026-03-02"}, {"actor": "", "date": "2026-03-02"}, {"actor": "bob", "day": 1}]
    answer = Client().generic(
        "POST", f"{URL}?mode=partial", json.dumps({"rows": rows}), content_type="application/json",
        headers={"Authorization": f"Bearer {token.secret}", "Idempotency-Key": "k"},
    )  # fmt: skip
    found = answer.json()
    assert (answer.status_code, found["state"], found["rows"], found["refused"]) == (201, "accepted", 1, 2)
    assert [(error["row"], error["column"]) for error in found["errors"]] == [(2, "actor"), (3, "day")]
    assert UsageChunk.objects.filter(kind="refused").count() == 1


def test_packed_bodies_are_unpacked(token: UsageToken) -> None:
    packed = gzip.compress(CSV[:20]) + gzip.compress(CSV[20:])
    assert post(token, packed, kind="text/csv", **{"Content-Encoding": "gzip"}).json()["rows"] == 2


@pytest.mark.parametrize("content", [CSV, gzip.compress(CSV)[:-5], gzip.compress(CSV) + b"more"], ids=["plain", "cut off", "more"])
def test_a_body_that_is_not_whole_gzip_is_refused(token: UsageToken, content: bytes) -> None:
    assert post(token, content, kind="text/csv", **{"Content-Encoding": "gzip"}).status_code == 400
    assert not UsageBatch.objects.exists()


def test_other_packings_and_modes_are_refused(token: UsageToken) -> None:
    assert post(token, CSV, kind="text/csv", **{"Content-Encoding": "br"}).status_code == 415
    headers = {"Authorization": f"Bearer {token.secret}", "Idempotency-Key": "k"}
    assert Client().generic("POST", f"{URL}?mode=some", CSV, content_type="text/csv", headers=headers).status_code == 400


WIDE = b"actor,date," + b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/csv", WIDE),
        ("text/csv", b"actor,date," + b"," * 99_000 + b"\nann,2026-03-02\n"),
        ("text/csv", b"x" * 2_000_000),
        ("application/json", b'{"rows": [{' + b",".join(b'"c%d": 1' % n for n in range(200_000)) + b"}]}"),
        ("application/x-ndjson", b'{"actor": "ann"\n[1]\n\n"x"\n'),
        ("application/x-ndjson", b"\xff\xfe"),
        ("text/csv", b"actor,date\nann\x00,2026-03-02\n"),
        ("text/csv", b"actor,date,events\nann,2026-03-02,-1\n"),
        ("text/csv", b"actor,date\nann,2999-01-01\n"),
    ],
    ids=["wide head", "wide row", "one word", "wide object", "no objects", "no text", "nul", "negative", "future"],
)
def test_hostile_bodies_are_refused_in_words(token: UsageToken, kind: str, body: bytes) -> None:
    answer = post(token, body, kind=kind)
    if answer.status_code == 202:
        load_usage(UsageBatch.objects.get().pk, now=NOW)
        assert receipt(token, 1)["state"] == "failed"
        assert receipt(token, 1)["errors"]
    else:
        assert answer.status_code == 422
        assert len(answer.json()["errors"]) <= 100
    assert not UsageRow.objects.exists()


def test_receipts_are_those_of_the_tokens_own_source(token: UsageToken) -> None:
    stranger = UsageTokenFactory()
    post(stranger, CSV, kind="text/csv")
    answer = Client().get(f"{URL}/1", headers={"Authorization": f"Bearer {token.secret}"})
    assert answer.status_code == 404


def test_events_count_once_by_their_id() -> None:
    token = UsageTokenFactory(source=UsageSourceFactory(kind=UsageSource.Kind.EVENTS))
    one, two = {"actor": "ann", "date": "2026-03-02", "event_id": "a"}, {"actor": "bob", "date": "2026-03-02", "event_id": "b"}
    assert post(token, [one], key="1").json()["repeated"] == 0
    assert post(token, [one, two, two], key="2").json()["repeated"] == 1
    assert post(token, [{"actor": "ann", "date": "2026-03-02"}], key="3").status_code == 422
    assert token.source.events.count() == 2
