"""Which kinds of case are computed, and with which function. A new kind is one line in its topic's `KINDS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engagements.conformance import adoption, misc, roi

# A case as its file has it, to the figures that the product finds, named as in `expected`.
Kind = Callable[[Mapping[str, Any]], Mapping[str, Any]]

KINDS: Mapping[str, Kind] = adoption.KINDS | misc.KINDS | roi.KINDS

# Kinds the product has no use for, and why.
LEFT_OUT: Mapping[str, str] = misc.LEFT_OUT | roi.LEFT_OUT
# Single figures of a kind that the product has no use for.
LEFT_OUT_KEYS: Mapping[str, Mapping[str, str]] = adoption.LEFT_OUT_KEYS
