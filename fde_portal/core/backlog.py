"""What waits for the worker. Apps to the right of core register how to find their oldest row."""

from collections.abc import Callable
from datetime import datetime

OldestWaiting = Callable[[], datetime | None]

_sources: list[OldestWaiting] = []


def register_backlog(oldest_waiting: OldestWaiting) -> OldestWaiting:
    """Register a function that returns since when its oldest row waits (UTC), None if none does.

    Usable as a decorator. Rows parked after too many tries do not count as waiting.
    """
    if oldest_waiting not in _sources:
        _sources.append(oldest_waiting)
    return oldest_waiting


def oldest_waiting() -> datetime | None:
    """The earliest instant over all registered sources (UTC); None when nothing waits."""
    return min((since for source in _sources if (since := source()) is not None), default=None)
