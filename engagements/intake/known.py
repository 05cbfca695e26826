"""Reading a whole column: each value is looked at once, however many rows have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engagements.intake.values import BadValue

MOST_REMEMBERED = 100_000
# Which a look-up takes for False and True.
_LIKE_BOOLEANS = (0, 1)


class Known:
    """What the values of a column mean, remembered from block to block. `meaning` raises BadValue."""

    def __init__(self, meaning: Callable[[Any], Any]) -> None:
        self.meaning = meaning
        self.meanings: dict[Any, Any] = {}

    def read(self, column: Sequence[Any]) -> list[Any]:
        """Return what each value means, None for those that cannot be used.

        Raises TypeError for a column with values that cannot be told apart by a look-up.
        """
        met = set(column)
        if not met.isdisjoint(_LIKE_BOOLEANS) and bool in map(type, column):
            raise TypeError("a boolean would be found as a number")
        if len(self.meanings) > MOST_REMEMBERED:
            self.meanings.clear()
        for value in met - self.meanings.keys():
            self.meanings[value] = usable(self.meaning, value)
        return list(map(self.meanings.__getitem__, column))


def usable(meaning: Callable[[Any], Any], value: Any) -> Any:
    """Return what `value` means, None when it cannot be used."""
    try:
        return meaning(value)
    except BadValue:
        return None


def all_plain(values: Sequence[Any], longest: int) -> bool:
    """Say whether all values can be stored as they are: words of printable ASCII, none empty or too long."""
    try:
        together = "".join(values)
    except TypeError:  # not all of them are text
        return False
    is_plain = together.isascii() and together.isprintable() and " " not in together
    return is_plain and all(values) and max(map(len, values), default=0) <= longest
