"""Which fact moved a component since an earlier day: each changed fact is put back, and the largest effect wins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from engagements.metrics.health import faded_weight
from engagements.metrics.health_components import NONE, Component
from engagements.metrics.health_facts import HealthFacts, MilestoneFact, with_next
from engagements.metrics.health_model import DEFAULT_MODEL, HealthModel


@dataclass(frozen=True, slots=True)
class Move:
    """The fact that moved a component most.

    `field` names it within its component; `ref` the record, for facts about records. `before` and `after`
    are the fact then and now, None where there was none. `points` is what it did to the component's
    weight x score / 100, signed.
    """

    component: str
    field: str
    ref: int | None
    before: Any
    after: Any
    points: Decimal


def moves(before: HealthFacts, now: HealthFacts, today: date, model: HealthModel = DEFAULT_MODEL) -> Mapping[str, Move]:
    """Return for each component the fact that moved it most since `before`; without an entry only time did."""
    before, now = model.facts(before), model.facts(now)
    found = {}
    for component in model.components(now.phase):
        then, facts = getattr(before, component.key), getattr(now, component.key)
        whole = _value(component, facts, today)
        changes = [replace(move, points=whole - _value(component, undone, today)) for move, undone in _undone(component.key, then, facts)]
        largest = max(changes, key=lambda move: abs(move.points), default=None)
        if largest is not None and largest.points:
            found[component.key] = largest
    return found


def _value(component: Component, facts: Any, today: date) -> Decimal:
    """Weight after decay x score / 100; nothing while unknown."""
    finding = component.score(facts, today)
    weight = faded_weight(component.weight, finding.age_days, component.full_days) * finding.known
    return weight * finding.score / 100 if finding.score is not None else NONE


def _undone(key: str, before: Any, now: Any) -> Iterator[tuple[Move, Any]]:
    """Every change between two component's facts, and the facts of now with that one change taken back."""
    for name in (part.name for part in fields(now)):
        old, new = getattr(before, name), getattr(now, name)
        if _is_rows(old) or _is_rows(new):
            for ref, was, is_now, rows in _rows_undone(old, new):
                yield Move(key, name, ref, was, is_now, NONE), replace(now, **{name: rows})
        elif old != new:
            yield Move(key, name, None, old, new, NONE), replace(now, **{name: old})


def _is_rows(value: Any) -> bool:
    return isinstance(value, Sequence) and any(is_dataclass(row) for row in value)


def _rows_undone(old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[int | None, Any, Any, list[Any]]]:
    """Each record that came, went or changed, and the rows as they would be without that."""
    then, now = ({row.ref: _plain(row) for row in rows} for rows in (old, new))
    for ref in then.keys() | now.keys():
        was, is_now = then.get(ref), now.get(ref)
        if was == is_now:
            continue
        rows = {**now, ref: was}
        yield ref, was, is_now, _marked([row for row in rows.values() if row is not None])


def _plain(row: Any) -> Any:
    # Which milestone is the next follows from the others: it is no change of this one.
    return replace(row, is_next=False) if isinstance(row, MilestoneFact) else row


def _marked(rows: list[Any]) -> list[Any]:
    return with_next(rows) if rows and isinstance(rows[0], MilestoneFact) else rows
