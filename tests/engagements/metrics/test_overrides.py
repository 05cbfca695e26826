"""How long a manager's own band lasts, and when a self-report is rosier than the facts."""

from datetime import date

import pytest

from engagements.metrics.overrides import is_worse, override_end, reports_rosier

UNTIL = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("band", "than", "expected"),
    [
        ("at_risk", "watch", True),
        ("watch", "on_track", True),
        ("watch", "unknown", True),
        ("unknown", "on_track", False),
        ("unknown", "at_risk", False),
        ("watch", "watch", False),
        ("on_track", "at_risk", False),
    ],
)
def test_worse(band, than, expected):
    assert is_worse(band, than) is expected


def end(*bands: str, computed: str = "watch", today: date = date(2026, 3, 10)):
    closings = [(date(2026, 3, 1 + number), band) for number, band in enumerate(bands)]
    return override_end(until=UNTIL, computed=computed, closings=closings, today=today)


def test_it_lasts_while_nothing_gets_worse():
    assert end("watch", "on_track", "watch") is None


def test_it_ends_on_the_first_worse_day_although_it_got_better_again():
    assert end("watch", "at_risk", "watch") == (date(2026, 3, 2), "worse")


def test_its_last_day_still_counts():
    assert end(today=UNTIL) is None
    assert end(today=date(2026, 4, 1)) == (date(2026, 4, 1), "expired")


def test_what_got_worse_after_its_last_day_did_not_end_it():
    late = [(date(2026, 4, 2), "at_risk")]
    assert override_end(until=UNTIL, computed="watch", closings=late, today=date(2026, 4, 3)) == (date(2026, 4, 1), "expired")


@pytest.mark.parametrize(
    ("reported", "computed", "expected"),
    [
        (["on_track", "on_track", "", ""], "watch", True),
        (["on_track", "watch", "", ""], "watch", False),
        (["watch"], "at_risk", True),
        (["at_risk"], "on_track", False),
        (["", ""], "at_risk", False),
        (["on_track"], "unknown", False),
    ],
)
def test_the_worst_rating_is_held_against_the_computed_band(reported, computed, expected):
    assert reports_rosier(reported, computed) is expected
