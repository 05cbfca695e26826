"""Filters that write figures and dates in the active language: `{% load ui_formats %}`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django import template

from fde_portal.core import formats

register = template.Library()

register.filter("percent", formats.percent)
register.filter("money", formats.money)
register.filter("short_money", formats.short_money)
register.filter("signed", formats.signed)
register.filter("number", formats.number)
register.filter("day", formats.day)
register.filter("span", formats.span)
register.filter("labelled", formats.labelled)
register.filter("initials", formats.initials)


@register.filter
def listed(items: Iterable[object]) -> str:
    """Items as the language separates them: "a, b"."""
    return formats.listed(str(item) for item in items)


@register.filter
def days(first: date, last: date) -> str:
    """A range of days in full words: "23 November to 27 November 2026"."""
    return formats.days(first, last, "words", "full")


@register.filter
def ago(value: int | date | datetime | None, now: date | datetime | None = None) -> str:
    """"2 d ago" from a number of days, from a date with today, or from an instant with now."""
    if isinstance(value, datetime) and isinstance(now, datetime):
        return formats.moment_ago(value, now)
    if isinstance(value, date) and isinstance(now, date):
        return formats.ago((now - value).days)
    if value is None or isinstance(value, int):
        return formats.ago(value)
    raise TypeError("ago takes days, a date with today, or an instant with now")
