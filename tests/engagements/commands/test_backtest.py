"""The command reads trajectories of any origin and refuses what it cannot read, by file and line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

HEAD = "engagement,week,score,band,self_report,days_since_update,event"


def backtest(folder: Path) -> str:
    out = StringIO()
    call_command("backtest", str(folder), stdout=out)
    return out.getvalue()


def weeks(name: str, scores: list[int], *, event: str = "") -> list[str]:
    """Reported on track and updated yesterday, whatever the score; the event is in the week after the last score."""
    lines = [f"{name},{week},{score},{'on_track' if score >= 70 else 'watch'},on_track,1," for week, score in enumerate(scores, start=1)]
    return [*lines, f"{name},{len(scores) + 1},,,,,{event}"] if event else lines


def test_health_that_fell_before_the_event_leads_where_the_rivals_say_nothing(tmp_path):
    lines = [HEAD, *weeks("lost", [90, 80, 60, 55, 50], event="cancelled"), *weeks("kept", [90] * 12)]
    (tmp_path / "one.csv").write_text("\n".join(lines))

    text = backtest(tmp_path)

    rows = {line.strip().split("  ")[0]: line.split() for line in text.splitlines()}
    # Week 1 of the lost one ties with the four complete weeks of the kept one, the other four are above: (0.5 + 4) / 5.
    assert rows["health"][1] == "0.900"
    assert rows["health"][2] == "3"
    assert rows["self-report"][1:3] == ["0.500", "-"]
    assert "1 of 1" in text
    assert "Too few" in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("engagement,week\na,1", "one.csv: the columns score, band"),
        (f"{HEAD}\na,x,1,on_track,,,", "one.csv, line 2: week"),
        (f"{HEAD}\na,1,1,green,,,", "line 2: band cannot be green"),
        (f"{HEAD}\na,1,1,watch,,,exploded", "event cannot be exploded"),
        (f"{HEAD}\na,1,1,watch,,,\na,1,2,watch,,,", "line 3: week 1 of a stands there twice"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, content, words):
    (tmp_path / "one.csv").write_text(content)
    with pytest.raises(CommandError, match=words):
        backtest(tmp_path)


def test_an_empty_folder_and_none_at_all(tmp_path):
    with pytest.raises(CommandError, match="no CSV file"):
        backtest(tmp_path)
    with pytest.raises(CommandError, match="is no folder"):
        backtest(tmp_path / "nowhere")
