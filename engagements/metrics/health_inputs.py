"""Facts as plain JSON and back, so that a stored day can be judged again by other numbers."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from engagements.metrics.health_facts import HealthFacts, MilestoneFact


def facts_to_json(value: Any) -> Any:
    """Return facts as JSON holds them: days in ISO form, decimals as text, nothing rounded."""
    if is_dataclass(value):
        return {part.name: facts_to_json(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, (list, tuple)):
        return [facts_to_json(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, (Decimal, StrEnum)) else value


def facts_from_json(data: dict[str, Any]) -> HealthFacts:
    """Return the facts that `facts_to_json` wrote. Fields it did not know then have their default."""
    return _read(HealthFacts, data)


def milestones_from_json(data: list[dict[str, Any]]) -> Sequence[MilestoneFact]:
    """The milestones alone, for who reads many days."""
    return _read(Sequence[MilestoneFact], data)


def _read(wanted: Any, data: Any) -> Any:
    if get_origin(wanted) in (UnionType, Union):
        wanted = next(part for part in get_args(wanted) if part is not NoneType)
    if data is None:
        return None
    if get_origin(wanted) is Sequence:
        return [_read(get_args(wanted)[0], part) for part in data]
    if is_dataclass(wanted):
        return wanted(**{name: _read(kind, data[name]) for name, kind in _hints(wanted).items() if name in data})
    if wanted is date:
        return date.fromisoformat(data)
    return wanted(data) if wanted is Decimal or issubclass(wanted, StrEnum) else data


@cache
def _hints(wanted: type) -> dict[str, Any]:
    return get_type_hints(wanted)
