"""How often work in the field becomes part of the shared product."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

# Days an engagement has had to hear something, and the product to ship what it accepted.
SPAN = timedelta(days=90)
# Below this many the counts are shown and no percentage.
FEWEST = 5

Key = TypeVar("Key", bound=Hashable)


class Share(NamedTuple):
    """`k` of `n` counted."""

    k: int
    n: int

    @property
    def rate(self) -> float | None:
        """None below five: a percentage would say more than is known."""
        return self.k / self.n if self.n >= FEWEST else None


def productization_rate(
    starts: Mapping[Key, date], signals: Iterable[tuple[Key, date | None, date | None]], today: date
) -> Share:
    """Engagements begun at least 90 days ago of which a field signal was shipped within 90 days of its acceptance.

    `starts` are first days by engagement; `signals` are (engagement, accepted on, shipped on), None where it was not.
    Both spans include their last day. After the published delivery kits juliopessan/FDE-Delivery-OS and
    davidahmann/fde-guide.
    """
    known = {key for key, started_on in starts.items() if today - started_on >= SPAN}
    shipped = {
        key for key, accepted_on, shipped_on in signals
        if accepted_on and shipped_on and timedelta(0) <= shipped_on - accepted_on <= SPAN and shipped_on <= today
    }  # fmt: skip
    return Share(len(known & shipped), len(known))
