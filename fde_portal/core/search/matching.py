"""Asking the index, in the one way each database knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import connection

from fde_portal.core.search.index import tag_of
from fde_portal.core.search.words import as_beginnings

# Titles and texts are asked apart, newest entries first, each for a few rows only. That stays fast however many
# records hold a common word: nothing is ranked over all matches.
_POSTGRES = "SELECT * FROM (SELECT {tier} AS tier, kind, subject_id, id FROM core_searchentry WHERE document @@ to_tsquery('simple', %s) ORDER BY id DESC LIMIT {limit}) AS part"
_SQLITE = (
    "SELECT * FROM (SELECT {tier} AS tier, e.kind, e.subject_id, e.id FROM core_searchentry_fts JOIN core_searchentry e"
    " ON e.id = core_searchentry_fts.rowid WHERE core_searchentry_fts MATCH %s ORDER BY core_searchentry_fts.rowid DESC LIMIT {limit})"
)


def matches(kinds: Sequence[str], words: Sequence[str], scopes: Sequence[str] | None, *, limit: int) -> Mapping[str, list[int]]:
    """Ids of the records that hold all `words` (as_beginnings), by kind: titles before texts, then the newest first.

    `scopes` narrows them to those names of scopes; None narrows nothing. At most twice `limit` ids a kind.
    """
    if not kinds or not words or scopes == []:
        return {}
    is_postgres = connection.vendor == "postgresql"
    statement, ask = (_POSTGRES, _postgres_query) if is_postgres else (_SQLITE, _sqlite_query)
    parts = [(tier, kind) for kind in kinds for tier in (0, 1)]
    sql = " UNION ALL ".join(statement.format(tier=tier, limit=limit) for tier, __ in parts)
    with connection.cursor() as cursor:
        cursor.execute(sql, [ask(kind, words, scopes, in_title=tier == 0) for tier, kind in parts])
        return _by_kind(cursor.fetchall())


def _by_kind(rows: Sequence[tuple[int, str, int, int]]) -> Mapping[str, list[int]]:
    found: dict[str, dict[int, None]] = defaultdict(dict)
    for __, kind, subject_id, ___ in sorted(rows, key=lambda row: (row[0], -row[3])):
        found[kind][subject_id] = None
    return {kind: list(ids) for kind, ids in found.items()}


def _postgres_query(kind: str, words: Sequence[str], scopes: Sequence[str] | None, *, in_title: bool) -> str:
    weight = "A" if in_title else ""
    parts = [f"'{word}':{'*' if begins else ''}{weight}".rstrip(":") for word, begins in as_beginnings(words)]
    parts.append(f"'{tag_of(kind)}'")
    if scopes is not None:
        parts.append("(" + " | ".join(f"'{tag_of(scope)}'" for scope in scopes) + ")")
    return " & ".join(parts)


def _sqlite_query(kind: str, words: Sequence[str], scopes: Sequence[str] | None, *, in_title: bool) -> str:
    column = "title" if in_title else "words"
    parts = [f'{column} : "{word}"{" *" if begins else ""}' for word, begins in as_beginnings(words)]
    parts.append(f'tags : "{tag_of(kind)}"')
    if scopes is not None:
        parts.append("tags : (" + " OR ".join(f'"{tag_of(scope)}"' for scope in scopes) + ")")
    return " AND ".join(parts)
