"""Figures, dates and ages as people read them, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone, translation

from fde_portal.core import formats
from fde_portal.core.messages import undo_path
from fde_portal.core.templatetags.ui_formats import ago, days

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (315_000, "€315k", "€31.5万"),
        (Decimal("2840000"), "€2.84M", "€284万"),
        (-194_000, "−€194k", "−€19.4万"),
        (999_600, "€1M", "€100万"),
        (1_000_000, "€1M", "€100万"),
        (1_213_000, "€1.21M", "€121万"),
        (950, "€950", "€950"),
        (0, "€0", "€0"),
        (Decimal("4100000000"), "€4.1bn", "€41亿"),
        (None, "–", "–"),
    ],
)
def test_short_money_has_three_digits_and_the_unit_of_the_language(amount, english, chinese):
    assert formats.short_money(amount, "EUR") == english
    with translation.override("zh-hans"):
        assert formats.short_money(amount, "EUR") == chinese


def test_a_range_names_its_year_where_the_language_does():
    monday, friday = date(2026, 11, 23), date(2026, 11, 27)
    assert formats.days(monday, friday) == "23 Nov to 27 Nov 2026"
    assert days(monday, friday) == "23 November to 27 November 2026"
    with translation.override("zh-hans"):
        assert formats.days(monday, friday) == days(monday, friday) == "2026年11月23日至11月27日"
        assert formats.days(date(2026, 12, 28), date(2027, 1, 1)) == "2026年12月28日至2027年1月1日"


def test_a_label_has_the_colon_of_the_language():
    assert formats.labelled("Schedule", 4) == "Schedule: 4"
    with translation.override("zh-hans"):
        assert formats.labelled("进度", 4) == "进度：4"


def test_decimals_kept_as_text_are_read_without_loss():
    assert formats.short_money("-194000.00", "EUR") == "−€194k"
    assert formats.number("0.125", 2) == "0.13"
    assert formats.percent("0.738") == "74%"


def test_a_currency_without_a_symbol_keeps_its_code():
    assert formats.money(-1200, "CHF") == "−CHF\N{NO-BREAK SPACE}1,200"


def test_halves_are_rounded_up_and_nothing_is_not_negative():
    assert formats.number(Decimal("0.125"), 2) == "0.13"
    assert formats.number(2.5) == "3"
    assert formats.number(-0.004, 2) == "0.00"
    assert formats.percent(Decimal("0.0605"), 1) == "6.1%"


def test_not_measured_is_a_dash_and_not_a_zero():
    assert [formats.number(None), formats.percent(None), formats.signed(None), formats.ago(None)] == ["–"] * 4


def test_a_change_carries_its_sign():
    assert [formats.signed(value) for value in (3, -5, 0, 0.4)] == ["+3", "−5", "±0", "±0"]


def test_dates_follow_the_language():
    day = date(2026, 12, 14)
    assert [formats.day(day, name) for name in ("day", "year", "long", "month_year")] == [
        "14 Dec",
        "14 Dec 2026",
        "Monday 14 December",
        "Dec 2026",
    ]
    with translation.override("zh-hans"):
        assert [formats.day(day, name) for name in ("day", "year")] == ["12月14日", "2026年12月14日"]


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("day", "14 Dec 2025"), ("year", "14 Dec 2025"), ("long", "Sunday 14 December 2025"), ("words", "14 December 2025"), ("month", "Dec 2025"),
        ("month_year", "Dec 2025"), ("whole_month", "December 2025"),
    ],
)  # fmt: skip
def test_a_date_of_another_year_shows_its_year_whatever_was_asked_for(pattern, written):
    assert formats.day(date(2025, 12, 14), pattern) == written
    with translation.override("zh-hans"):
        assert formats.day(date(2025, 12, 14), pattern).startswith("2025年12月")


def test_the_present_year_is_that_of_the_active_time_zone(monkeypatch):
    monkeypatch.undo()  # tests/conftest.py holds the year
    with time_machine.travel(datetime(2026, 12, 31, 20, tzinfo=UTC)), timezone.override("Asia/Shanghai"):
        assert [formats.day(date(year, 1, 2)) for year in (2026, 2027)] == ["2 Jan 2026", "2 Jan"]


def test_a_range_within_another_year_names_it_once():
    assert formats.days(date(2025, 3, 3), date(2025, 3, 9)) == "3 Mar to 9 Mar 2025"
    assert formats.days(date(2025, 12, 29), date(2026, 1, 4)) == "29 Dec 2025 to 4 Jan 2026"


def test_a_week_of_another_year_shows_its_year():
    assert [formats.week(date(2026, 11, 16)), formats.week(date(2025, 11, 17))] == ["W47", "W47 2025"]
    # The first week of 2026 began in December; a week from Sunday on is that of its Monday.
    assert [formats.week(date(2025, 12, 29)), formats.week(date(2025, 12, 28))] == ["W1", "W1"]


def test_an_instant_is_shown_on_the_day_of_the_active_time_zone():
    late = datetime(2026, 12, 14, 23, 30, tzinfo=UTC)
    with timezone.override("Asia/Shanghai"):
        assert formats.day(late) == "15 Dec"


@pytest.mark.parametrize(
    ("seconds", "text"), [(20, "just now"), (150, "2 min ago"), (7200, "2 h ago"), (86400 * 3 + 5, "3 d ago")]
)
def test_the_age_of_an_instant_grows_from_minutes_to_days(seconds, text):
    assert ago(NOW - timedelta(seconds=seconds), NOW) == text


def test_the_age_of_a_day_counts_days():
    assert ago(date(2026, 11, 18), date(2026, 11, 20)) == "2 d ago"
    assert ago(0) == "today"
    with pytest.raises(TypeError):
        ago(date(2026, 11, 18))


@pytest.mark.parametrize(("days", "text"), [(0, "on plan"), (14, "14 d late"), (-7, "7 d early"), (None, "–")])
def test_slip_is_late_or_early_and_never_a_negative_variance(days, text):
    assert formats.slip(days) == text


@pytest.mark.parametrize(
    ("name", "letters"), [("Maya Okafor", "MO"), ("Solvay & Finch", "SF"), ("Kestrel", "KE"), ("华岭银行", "华岭"), ("", "")]
)
def test_initials(name, letters):
    assert formats.initials(name) == letters


@pytest.mark.parametrize("tags", ["undo:https://evil.example/", "undo://evil.example/", "undo:/\\evil.example", "saved", "", None])
def test_undo_never_leaves_the_portal(tags):
    assert undo_path(tags) == ""


def test_undo_posts_to_our_own_path():
    assert undo_path("undo:/notes/7/restore/") == "/notes/7/restore/"
