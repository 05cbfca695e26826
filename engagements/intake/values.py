"""Single values of a delivery: names, days, instants and whole numbers, each refused with the reason in words."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

LARGEST = 1_000_000_000

# "3.0" is what a table program writes when another cell of the column is empty.
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.0{1,9})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_UNSTORABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Enough to recognise a value by, short enough for a message.
_SHOWN = 40


class BadValue(Exception):
    """The value of one cell cannot be used; the text says why."""


def text_of(value: Any, longest: int) -> str:
    """Return a name without outer blanks, composed (NFC), so that one spelling is one actor. Raises BadValue."""
    if not isinstance(value, str):
        raise BadValue(_("“%(value)s” is not text.") % {"value": shown(value)})
    text = normalize("NFC", value.strip())
    if len(text) > longest:
        raise BadValue(_("Longer than %(longest)s characters.") % {"longest": longest})
    if _UNSTORABLE.search(text):
        raise BadValue(_("Holds a control character that cannot be stored."))
    return text


def date_of(value: Any) -> date:
    """Return the day written as YYYY-MM-DD; it is taken as local, untouched. Raises BadValue."""
    try:
        text = value.strip()
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except (AttributeError, ValueError):
        raise BadValue(_("“%(value)s” is not a day. Write it like 2026-11-22.") % {"value": shown(value)}) from None


def day_of_instant(value: Any, zone: ZoneInfo) -> date:
    """Return the local day in `zone` of an ISO 8601 instant that names its own zone. Raises BadValue."""
    try:
        instant = datetime.fromisoformat(value.strip())
    except (AttributeError, ValueError):
        message = _("“%(value)s” is not a time. Write it like 2026-11-22T14:30:00Z.")
        raise BadValue(message % {"value": shown(value)}) from None
    if instant.tzinfo is None:
        raise BadValue(_("“%(value)s” names no time zone. End it with Z or an offset like +01:00.") % {"value": shown(value)})
    try:
        return instant.astimezone(zone).date()
    except OverflowError:  # the first and the last day of the calendar
        raise BadValue(_("“%(value)s” is out of range.") % {"value": shown(value)}) from None


def number_of(value: Any, lowest: int) -> int:
    """Return a whole number from `lowest` to a thousand million. Raises BadValue."""
    text = value.strip() if isinstance(value, str) else repr(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str) or not _NUMBER.fullmatch(text):
        raise BadValue(_("“%(value)s” is not a whole number up to %(largest)s.") % {"value": shown(value), "largest": LARGEST})
    number = int(text.partition(".")[0])
    if number < lowest:
        raise BadValue(_("“%(value)s” is too small: at least %(lowest)s.") % {"value": shown(value), "lowest": lowest})
    if number > LARGEST:
        raise BadValue(_("“%(value)s” is too large: at most %(largest)s.") % {"value": shown(value), "largest": LARGEST})
    return number


def shown(value: Any) -> str:
    """Return `value` for a message: short, and without characters that break an answer."""
    text = value if isinstance(value, str) else repr(value)
    text = _UNSTORABLE.sub("�", text[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
