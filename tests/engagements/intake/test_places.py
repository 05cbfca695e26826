"""Reading that stops after a row and goes on from the place it noted says the same as reading at once."""

import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from engagements.intake.files import BEGIN, Place, RowStream
from engagements.intake.rows import RowReader, RowsRejected

TABLE = 'actor,date,feature\n\nänne,2026-03-02,"a ""b"", c"\n\n王五,2026-03-03,"two\nlines"\r\nzoe,2026-03-04,\nbob,2026-03-05\n€uro,2026-03-06,x'
OBJECTS = [{"actor": name, "date": "2026-03-02", "feature": "[{,"} for name in ("änne", "王五", "\ufeffzoe", "bob")]
CONTENT = {
    "utf-8 csv": ("csv", "utf-8", TABLE.encode()),
    "csv with a mark": ("csv", "utf-8", TABLE.encode("utf-8-sig")),
    "csv with a mark further on": ("csv", "utf-8", TABLE.replace("zoe", "\ufeffzoe").encode()),
    "gb18030 csv": ("csv", "gb18030", TABLE.replace("€", "😀").encode("gb18030")),
    "ndjson": ("ndjson", "utf-8", "\n\n".join(json.dumps(row, ensure_ascii=False) for row in OBJECTS).encode()),
    "json": ("json", "utf-8", json.dumps({"rows": OBJECTS}, ensure_ascii=False, indent=1).encode()),
    "tight json": ("json", "utf-8", json.dumps({"rows": OBJECTS}, separators=(",", ":")).encode()),
}


def reader() -> RowReader:
    return RowReader(ZoneInfo("UTC"), date(2026, 4, 1))


def stream_of(name: str, place: Place = BEGIN, size: int = 1000, content: bytes | None = None) -> RowStream:
    file_format, encoding, whole = CONTENT[name]
    rest = (content or whole)[place.offset :]
    pieces = (rest[start : start + size] for start in range(0, len(rest), size))
    return RowStream(pieces, file_format, reader(), encoding=encoding, place=place)


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("name", CONTENT)
def test_going_on_after_any_row_gives_the_rows_that_follow(name: str, size: int) -> None:
    at_once = list(stream_of(name).rows())
    assert len(at_once) >= 4

    for stop in range(1, len(at_once) + 1):
        first = stream_of(name, size=size)
        rows = first.rows()
        given = [next(rows) for __ in range(stop)]
        place = Place(*json.loads(json.dumps(first.place_after(given[-1][0]))))
        assert given + list(stream_of(name, place, size).rows()) == at_once


@pytest.mark.parametrize(("name", "ending"), [("json", b"x"), ("utf-8 csv", b'\n"'), ("gb18030 csv", b"\xff\xff")])
def test_what_is_broken_further_on_is_found_by_whoever_goes_on(name: str, ending: bytes) -> None:
    content = CONTENT[name][2] + ending
    first = stream_of(name, content=content, size=20)
    row, __ = next(first.rows())
    with pytest.raises(Exception) as at_once:
        list(stream_of(name, content=content).rows())
    with pytest.raises(type(at_once.value)) as later:
        list(stream_of(name, first.place_after(row), content=content).rows())
    assert getattr(later.value, "errors", str(later.value)) == getattr(at_once.value, "errors", str(at_once.value))


def test_a_heading_that_cannot_be_read_is_refused_before_any_row() -> None:
    with pytest.raises(RowsRejected):
        next(RowStream([b"who,when\nann,2026-03-02"], "csv", reader()).rows())
