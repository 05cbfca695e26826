"""Found against expected figures, under the rules that the format states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from engagements.metrics.rounding import round_half_up


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not what was published."""

    key: str
    got: Any
    expected: Any

    def __str__(self) -> str:
        return f"{self.key}: got {readable(self.got)}, expected {readable(self.expected)}"


def readable(value: Any) -> str:
    """Return nested figures without the names of their types."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {readable(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(readable(part) for part in value) + "]"
    return str(value)


def differences(expected: Mapping[str, Any], found: Mapping[str, Any], tolerance: Any = None) -> list[Difference]:
    """Return each key of `expected` that `found` misses or answers otherwise.

    `tolerance` is absolute, one number or one per key. Without it money is rounded half up to the
    decimals that were published, and percentages may be rounded or cut.
    """
    return [
        Difference(key, found.get(key, "nothing"), value)
        for key, value in expected.items()
        if key not in found or not matches(key, value, found[key], tolerance)
    ]


def matches(key: str, expected: Any, found: Any, tolerance: Any = None) -> bool:
    """Say whether `found` is what was published as `expected` under `key`."""
    if isinstance(expected, Mapping):
        return (
            isinstance(found, Mapping)
            and expected.keys() == found.keys()
            and all(matches(key, value, found[name], tolerance) for name, value in expected.items())
        )
    if isinstance(expected, list):
        return (
            isinstance(found, list | tuple)
            and len(expected) == len(found)
            and all(matches(key, one, other, tolerance) for one, other in zip(expected, found, strict=True))
        )
    if expected is None or found is None or isinstance(expected, str | bool) or isinstance(found, str | bool):
        return expected == found
    allowed = tolerance.get(key) if isinstance(tolerance, Mapping) else tolerance
    return _close(key, Decimal(str(expected)), Decimal(str(found)), allowed)


def _close(key: str, expected: Decimal, found: Decimal, allowed: Any) -> bool:
    if key.endswith("_below"):
        return found < expected
    if allowed is not None:
        return abs(found - expected) <= Decimal(str(allowed))
    places = max(0, -expected.as_tuple().exponent)
    nearest = round_half_up(found, places) == expected
    cut = found.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN) == expected
    return nearest or (cut and key.endswith(("_pct", "_percent")))
