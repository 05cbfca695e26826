"""How the lines of a week and the facts of the database come together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from engagements.models.weekly_update import LineOrigin
from engagements.selectors.drafting import Fact
from engagements.selectors.weekly_update import Line


class FactsMoved(Exception):
    """Drafted lines no longer say what the records say. Nothing was published."""


def with_facts(
    lines: Iterable[Line], facts: Mapping[str, Fact], *, language: str, left_out: Collection[str] = (), adds: bool = True
) -> tuple[Line, ...]:
    """The lines as the records stand now.

    A drafted line nobody changed says what its fact says today, and goes when the fact is gone. With
    `adds` the facts follow that are neither there nor left out, and that no line says in words of its own.
    """
    kept = [line for line in (_as_it_stands(line, facts, language) for line in lines) if line]
    known = {line.fact for line in kept} | set(left_out)
    open_facts = (fact for key, fact in facts.items() if key not in known) if adds else ()
    new = (fact for fact in open_facts if not fact.is_said_by(kept, language))
    return (*kept, *(fact.line(language) for fact in new))


def _as_it_stands(line: Line, facts: Mapping[str, Fact], language: str) -> Line | None:
    if not is_untouched(line):
        return line
    fact = facts.get(line.fact)
    return fact and replace(line, text=fact.line(language).text, is_shared=line.is_shared and fact.is_shared)


def is_untouched(line: Line) -> bool:
    """Drafted from a fact, in the words it was drafted in."""
    return bool(line.fact) and line.origin == LineOrigin.DRAFTED


def require_current_facts(lines: Iterable[Line], facts: Mapping[str, Fact], *, language: str) -> None:
    """Raise FactsMoved when a drafted line nobody changed says something else than its fact."""
    drafted = tuple(line for line in lines if is_untouched(line))
    if drafted != with_facts(drafted, facts, language=language, adds=False):
        raise FactsMoved
