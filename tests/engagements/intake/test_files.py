"""CSV and JSON to rows: what is taken, and that every fault is named by row and column."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.intake.files import NotJson, read_csv, read_json
from engagements.intake.rows import MOST_ERRORS, RowsRejected, TooManyRows, UsageLine, content_hash_of

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 22)
MONDAY = date(2026, 3, 2)


def csv_lines(text: str | bytes, zone: ZoneInfo = BERLIN, **options) -> list[UsageLine]:
    content = text.encode() if isinstance(text, str) else text
    return read_csv(content, zone=zone, today=TODAY, **options)


def json_lines(rows: object, **options) -> list[UsageLine]:
    return read_json(json.dumps({"rows": rows}).encode(), zone=BERLIN, today=TODAY, **options)


def faults_of(reading, *args, **options) -> list[tuple]:
    with pytest.raises(RowsRejected) as rejected:
        reading(*args, **options)
    assert all(error.message for error in rejected.value.errors)
    return [(error.row, error.column) for error in rejected.value.errors]


def test_all_columns_in_any_order() -> None:
    heading = "failed,rejected,edited,accepted,seconds_saved,events,release,feature,date,actor"
    assert csv_lines(f"{heading}\n1,2,3,4,-5,6,v2,draft,2026-03-02,ann\n") == [
        UsageLine("ann", MONDAY, "draft", "v2", events=6, seconds_saved=-5, accepted=4, edited=3, rejected=2, failed=1)
    ]


def test_what_is_not_said_has_a_default() -> None:
    assert csv_lines("actor,date,events,failed\nann,2026-03-02,,\n") == [UsageLine("ann", MONDAY, events=1, failed=0)]
    assert json_lines([{"actor": "ann", "date": "2026-03-02", "events": None}]) == [UsageLine("ann", MONDAY)]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfactor,date\r\nann,2026-03-02\r\n",
        b"Actor ; DATE\nann;2026-03-02",
        b"actor\tdate\nann\t2026-03-02\n\n\n",
        b'\n"actor","date"\n"ann","2026-03-02"\n',
        b"actor,date\n ann , 2026-03-02 \n",
    ],
)
def test_csv_as_programs_write_it(content: bytes) -> None:
    assert csv_lines(content) == [UsageLine("ann", MONDAY)]


def test_quoted_cells_hold_separators() -> None:
    assert csv_lines('actor,date\n"Berg, Ann",2026-03-02\n')[0].actor == "Berg, Ann"


def test_gb18030_when_declared() -> None:
    content = "actor,date\n王芳,2026-03-02\n".encode("gb18030")
    assert csv_lines(content, encoding="gb18030")[0].actor == "王芳"
    assert faults_of(csv_lines, content) == [(None, "")]
    assert faults_of(csv_lines, b"actor,date\n\xff\xff,2026-03-02", encoding="gb18030") == [(None, "")]


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"", [(1, "")]),
        (b"\n\n", [(1, "")]),
        (b"actor,date\n", [(None, "")]),
        (b"actor,date,colour,\nann,2026-03-02,red,\n", [(1, "colour"), (1, "")]),
        (b"actor,actor,date\n", [(1, "actor")]),
        (b"events\n1\n", [(1, "actor"), (1, "date")]),
        (b"PK\x03\x04\x14\x00\xff", [(None, "")]),
        ("actor,date\nann,2026-03-02".encode("utf-16"), [(None, "")]),
        (b'actor,date\nann,2026-03-02\n"ann,2026-03-02\n', [(3, "")]),
        (b"actor,date\nann,2026-03-02\nann\n\nann,2026-03-02,1\n", [(3, ""), (5, "")]),
        (b"actor,date\n" + b"a" * 200_000 + b",2026-03-02\n", [(2, "")]),
        (b"actor,date\na\x00,2026-03-02\n", [(2, "actor")]),
    ],
)
def test_broken_csv_is_refused_with_its_place(content: bytes, faults: list) -> None:
    assert faults_of(csv_lines, content) == faults


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", ""), ("actor", "  "), ("actor", None), ("actor", 7), ("actor", ["a"]), ("actor", "a\x00b"), ("actor", "\ud800"),
        ("actor", "a\nb"), ("actor", "x" * 201), ("feature", "x" * 81), ("feature", 1.5), ("release", {"a": 1}), ("release", "\x7f"),
        ("date", ""), ("date", "0000-01-01"), ("date", "1999-12-31"), ("date", "2026-02-30"), ("date", "20260302"),
        ("date", "2026-W10-1"), ("date", "2/3/2026"), ("date", "２０２６-03-02"), ("date", 46_083), ("date", True), ("date", "2026-11-24"),
        ("date", "2026-03-02T10:00:00Z"), ("events", -1), ("events", "-1"), ("events", "NaN"), ("events", "inf"), ("events", 1.5),
        ("events", "1e3"), ("events", "1,000"), ("events", "１"), ("events", True), ("events", [1]), ("events", 10**9 + 1),
        ("events", 10**30), ("events", "9" * 5000), ("seconds_saved", -(10**9) - 1), ("accepted", -1), ("edited", "x"),
        ("rejected", 0.1), ("failed", -0.5),
    ],
)  # fmt: skip
def test_a_bad_value_is_named_by_row_and_column(column: str, value: object) -> None:
    good = {"actor": "ann", "date": "2026-03-02"}
    assert faults_of(json_lines, [good, good | {column: value}, good]) == [(2, column)]


@pytest.mark.parametrize(
    "value",
    ["", "2026-03-02", "2026-03-02T10:00:00", "yesterday", 1_772_445_600, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
     "2026-11-24T12:00:00Z", "2026-13-01T00:00:00Z"],
)  # fmt: skip
def test_a_bad_instant_is_named(value: object) -> None:
    column = "ts" if value else "date"
    assert faults_of(json_lines, [{"actor": "ann", "ts": value}]) == [(1, column)]


def test_a_row_says_its_time_once() -> None:
    row = {"actor": "ann", "date": "2026-03-02", "ts": "2026-03-02T10:00:00Z"}
    assert faults_of(json_lines, [row]) == [(1, "ts")]


@pytest.mark.parametrize(("value", "number"), [(3, 3), ("3", 3), (" 3 ", 3), ("3.0", 3), (3.0, 3), ("003", 3), (10**9, 10**9)])
def test_whole_numbers_as_programs_write_them(value: object, number: int) -> None:
    assert json_lines([{"actor": "ann", "date": "2026-03-02", "events": value}])[0].events == number


def test_tomorrow_is_taken_because_clocks_differ() -> None:
    assert json_lines([{"actor": "ann", "date": "2026-11-23"}])[0].day == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        ("Europe/Berlin", "2026-03-28T23:30:00Z", "2026-03-29"),  # the night the clocks go forward
        ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"),
        ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"),
        ("America/New_York", "2026-11-01T04:00:00Z", "2026-11-01"),  # a day of 25 hours begins
        ("America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"),
        ("America/New_York", "2026-11-02T05:00:00+00:00", "2026-11-02"),
        ("Asia/Shanghai", "2026-03-01T16:00:00Z", "2026-03-02"),
        ("Pacific/Apia", "2026-03-02T10:59:00+00:00", "2026-03-02"),
        ("Asia/Kathmandu", "2026-03-01T18:15:00.123456Z", "2026-03-02"),
        ("UTC", "2026-03-02T00:30:00+01:00", "2026-03-01"),
    ],
)
def test_an_instant_becomes_the_local_day_it_had(zone: str, instant: str, day: str) -> None:
    assert csv_lines(f"actor,ts\nann,{instant}\n", ZoneInfo(zone))[0].day == date.fromisoformat(day)


def test_a_date_is_never_shifted() -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert csv_lines("actor,date\nann,2026-03-02\n", ZoneInfo(zone))[0].day == MONDAY


def test_one_spelling_is_one_actor() -> None:
    rows = [{"actor": name, "date": "2026-03-02"} for name in ("José", "Jose\u0301", " José ")]
    assert {line.actor for line in json_lines(rows)} == {"José"}


def test_unknown_members_of_a_json_row_are_named() -> None:
    row = {"actor": "ann", "date": "2026-03-02", "colour": 1, "actor_id": 2}
    assert faults_of(json_lines, [row]) == [(1, "actor_id"), (1, "colour")]


def test_only_the_first_faults_are_reported() -> None:
    rows = [{"actor": "", "date": "x"}] * 500
    assert len(faults_of(json_lines, rows)) == MOST_ERRORS


def test_the_limit_counts_rows() -> None:
    rows = [{"actor": "ann", "date": "2026-03-02"}] * 3
    assert len(json_lines(rows, limit=3)) == 3
    with pytest.raises(TooManyRows, match="More than 2 rows"):
        json_lines(rows, limit=2)
    with pytest.raises(TooManyRows):
        csv_lines("actor,date\nann,2026-03-02\nann,2026-03-02\n", limit=1)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"rows": [NaN]}', b"[" * 100_000, b"9" * 5000])
def test_what_is_not_json_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(NotJson, match=r"\w"):
        read_json(body, zone=BERLIN, today=TODAY)


@given(st.binary(max_size=80), st.sampled_from([b"actor,date\n", b"actor,ts,events\n", b""]))
def test_bytes_are_read_or_refused_never_more(content: bytes, heading: bytes) -> None:
    try:
        csv_lines(heading + content)
    except RowsRejected as rejected:
        assert rejected.errors


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["rows", "actor", "ts", "date", "events"]), inner)))
def test_json_is_read_or_refused_never_more(body: object) -> None:
    try:
        read_json(json.dumps(body).encode(), zone=BERLIN, today=TODAY)
    except (RowsRejected, NotJson) as refused:
        assert str(refused)


def test_the_hash_tells_contents_apart_but_not_orders() -> None:
    one, other = UsageLine("ann", MONDAY), UsageLine("bob", MONDAY)
    assert content_hash_of([one, other]) == content_hash_of([other, one])
    hashes = {content_hash_of(rows) for rows in ([one], [one, one], [one, other], [one._replace(events=2)], [one._replace(feature="a")])}
    assert len(hashes) == 5
    assert all(len(value) == 64 for value in hashes)


def test_the_hash_is_of_the_day_not_of_its_spelling() -> None:
    by_day = csv_lines("actor,date\nann,2026-03-02\n")
    by_instant = csv_lines(f"actor,ts\nann,{datetime(2026, 3, 2, 12, tzinfo=BERLIN).isoformat()}\n")
    assert content_hash_of(by_day) == content_hash_of(by_instant)
