"""Numbers, money, dates and ages as people read them in the active language.

Missing values are a dash: not measured is not zero. The minus is a real minus sign.
Patterns by language stand here and not in the translations: they are data, and a test reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, partial
from typing import Literal

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, gettext, ngettext

# Rounds a number of any length: the usual context refuses more than 28 digits.
WIDE = Context(prec=1000)

# Stored snapshots carry decimals as text, so that no digit is lost.
Number = int | float | Decimal | str

DASH = "–"
MINUS = "−"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "CNY": "¥", "JPY": "¥", "INR": "₹", "KRW": "₩"}

# (from, divisor, suffix), largest first. Chinese counts in ten thousands.
SCALES = {
    "en": ((Decimal("1e9"), "bn"), (Decimal("1e6"), "M"), (Decimal("1e3"), "k")),
    "zh": ((Decimal("1e8"), "亿"), (Decimal("1e4"), "万")),
}
DATE_PATTERNS = {
    "en": {
        "day": "j M",
        "year": "j M Y",
        "long": "l j F",
        "long_year": "l j F Y",
        "full": "j F Y",
        "words": "j F",
        "month": "M",
        "month_year": "M Y",
        "whole_month": "F Y",
    },
    "zh": {
        "day": "n月j日",
        "year": "Y年n月j日",
        "long": "n月j日 l",
        "long_year": "Y年n月j日 l",
        "full": "Y年n月j日",
        "words": "n月j日",
        "month": "n月",
        "month_year": "Y年n月",
        "whole_month": "Y年n月",
    },
}
DatePattern = Literal["day", "year", "long", "long_year", "full", "words", "month", "month_year", "whole_month"]
# What a pattern without a year becomes for a date of another year than the present one.
WITH_YEAR: dict[DatePattern, DatePattern] = {"day": "year", "long": "long_year", "words": "full", "month": "month_year"}


def language_family() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


def number(value: Number | None, digits: int = 0) -> str:
    """`8420` as "8,420". Both languages group by three; halves are rounded up."""
    if value is None:
        return DASH
    return f"{rounded(value, digits):,}".replace("-", MINUS)


def shortest(value: Decimal) -> Decimal:
    """The same number without zeros at its end, as a person would type it: 4, not 4.0000 and not 4E+1."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def rounded(value: Number, digits: int) -> Decimal:
    result = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, WIDE)
    # "-0" says that something is negative where nothing is.
    return abs(result) if result == 0 else result


def percent(ratio: Number | None, digits: int = 0) -> str:
    """A ratio: `0.738` as "74%"."""
    return DASH if ratio is None else number(Decimal(str(ratio)) * 100, digits) + "%"


def money(amount: Number | None, currency: str, digits: int = 0) -> str:
    """All digits: "−€194,000", "CHF 1,200"."""
    return DASH if amount is None else with_currency(number(amount, digits), currency)


def short_money(amount: Number | None, currency: str) -> str:
    """Three significant digits: "€315k", "€2.84M"; in Chinese "€31.5万"."""
    return DASH if amount is None else with_currency(short_number(amount), currency)


@cache
def short_money_in(currency: str) -> Callable[[Number | None], str]:
    """`short_money` of one currency: always the same function, so that charts which write with it can be equal."""
    return partial(short_money, currency=currency)


def with_currency(text: str, currency: str) -> str:
    """Put the symbol between sign and figure; a currency without a symbol keeps its code."""
    sign, figure = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{sign}{SYMBOLS.get(currency, currency + chr(0xA0))}{figure}"


def short_number(value: Number) -> str:
    """Three significant digits with the unit of the language: "1.34M", "134万"."""
    exact = Decimal(str(value))
    for bound, suffix in SCALES[language_family()]:
        # 999,600 is 1M, not 1000k.
        if abs(exact) >= bound * Decimal("0.9995"):
            return significant(exact / bound) + suffix
    return number(exact)


def significant(value: Decimal) -> str:
    digits = max(0, 3 - len(str(int(abs(rounded(value, 2))))))
    text = number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_unit(value: Number | None, unit: str) -> str:
    """A value in its unit with the digits it needs, two at most: 7.8 minutes, 62%."""
    if value is None:
        return "–"
    exact = rounded(value, 2).normalize()
    text = number(exact, max(0, -exact.as_tuple().exponent))
    return f"{text}%" if unit.strip() == "%" else f"{text} {unit}".strip()


def signed(value: Number | None, digits: int = 0) -> str:
    """A change: "+3", "−5", "±0"."""
    if value is None:
        return DASH
    result = rounded(value, digits)
    if result == 0:
        return "±0"
    return number(value, digits) if result < 0 else "+" + number(value, digits)


def this_year() -> int:
    """The present year in the active time zone: what is written without a year lies in it."""
    return timezone.localdate().year


def day(value: date | None, pattern: DatePattern = "day") -> str:
    """A date, or an instant in the active time zone: "14 Dec", "12月14日". One of another year than this shows its year."""
    if value is None:
        return DASH
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _written(value, pattern if value.year == this_year() else WITH_YEAR.get(pattern, pattern))


def _written(value: date, pattern: DatePattern) -> str:
    return str(format_date(value, DATE_PATTERNS[language_family()][pattern]))


def days(first: date, last: date, short: DatePattern = "day", whole: DatePattern = "year") -> str:
    """A range of days, both of them in it: "23 Nov to 27 Nov 2026". Chinese names the year first: "2026年11月23日至11月27日".

    The year stands once where both days lie in it.
    """
    one = short if first.year == last.year else whole
    begin, end = (whole, one) if language_family() == "zh" else (one, whole)
    return gettext("%(first)s to %(last)s") % {"first": _written(first, begin), "last": _written(last, end)}


def week(start: date) -> str:
    """The week that begins on a day by its ISO number, "W47"; one of another year than this shows its year, "W47 2025"."""
    # By its middle: one that begins on a Sunday is the week which its Monday opens.
    year, of_year, __ = (start + timedelta(days=3)).isocalendar()
    text = gettext("W%(week)s") if year == this_year() else gettext("W%(week)s %(year)s")
    return text % {"week": of_year, "year": year}


def span(days: int | None) -> str:
    """An age without "ago": "today", "4 d"."""
    if days is None:
        return DASH
    if days <= 0:
        return gettext("today")
    return ngettext("%(days)s d", "%(days)s d", days) % {"days": number(days)}


def ago(days: int | None) -> str:
    """How long ago: "today", "2 d ago"."""
    if days is None:
        return DASH
    if days <= 0:
        return gettext("today")
    return ngettext("%(days)s d ago", "%(days)s d ago", days) % {"days": number(days)}


def moment_ago(moment: datetime, now: datetime) -> str:
    """How long ago an instant was: minutes and hours within a day, then days."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(count)s min ago", "%(count)s min ago", minutes) % {"count": minutes}
    if minutes < 24 * 60:
        return ngettext("%(count)s h ago", "%(count)s h ago", minutes // 60) % {"count": minutes // 60}
    return ago(minutes // (24 * 60))


def sentences(*texts: str) -> str:
    """Whole sentences in a row, without the empty ones; the language decides on the space between them."""
    result = ""
    for text in filter(None, texts):
        result = gettext("%(first)s %(second)s") % {"first": result, "second": text} if result else text
    return result


def listed(items: Iterable[str]) -> str:
    """Items of a list as the language separates them: "a, b"."""
    # Translators: separates the items of a list.
    return gettext(", ").join(items)


def labelled(label: object, text: object) -> str:
    """What something is called, and what it is: "Schedule: On track"."""
    return gettext("%(label)s: %(text)s") % {"label": label, "text": text}


def slip(days: int | None) -> str:
    """Distance from the promise: "on plan", "14 d late", "7 d early"."""
    if days is None:
        return DASH
    if days == 0:
        return gettext("on plan")
    if days > 0:
        return ngettext("%(days)s d late", "%(days)s d late", days) % {"days": days}
    return ngettext("%(days)s d early", "%(days)s d early", -days) % {"days": -days}


def initials(name: str) -> str:
    """Two letters for a logo or avatar: "Maya Okafor" is MO, "华岭银行" is 华岭."""
    words = [word for word in name.split() if word[0].isalnum()]
    if len(words) > 1 and name.isascii():
        return (words[0][0] + words[-1][0]).upper()
    return "".join(words)[:2].upper()
