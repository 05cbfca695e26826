"""Amounts of several currencies in one, by dated rates. Money is Decimal and never rounded here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """From `on` on, one unit of `currency` is worth `worth` in the reporting currency."""

    currency: str
    on: date
    worth: Decimal


class Rates:
    """The rates to one reporting currency. On each day the newest that was known counts, never a later one."""

    def __init__(self, reporting: str, rates: Iterable[Rate]) -> None:
        self.reporting = reporting
        self._rates: dict[str, list[Rate]] = {}
        for rate in sorted(rates):
            self._rates.setdefault(rate.currency, []).append(rate)

    def on(self, currency: str, day: date) -> Rate | None:
        """The rate in force; None where none was known by then. Of the reporting currency it is 1."""
        if currency == self.reporting:
            return Rate(currency, day, Decimal(1))
        known = self._rates.get(currency, [])
        found = bisect_right(known, day, key=lambda rate: rate.on)
        return known[found - 1] if found else None

    def converted(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        """Return `amount` in the reporting currency; None without a rate: that is not 0."""
        rate = self.on(currency, day)
        return None if rate is None else amount * rate.worth
