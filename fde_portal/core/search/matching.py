"""Asking the index, in the one way each database knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product

from django.db import connection

from fde_portal.core.search.index import tag_of
from fde_portal.core.search.words import as_beginnings

# Titles and texts are asked apart, newest entries first, each for a few rows only. That stays fast however many
# records hold a common word: nothing is ranked over all matches.
#
# PostgreSQL guesses badly how many words begin with something rare, and then reads the whole table backwards. So the
# newest entries are looked through one by one, which is enough for common words; only when they do not fill the
# answer, and there are older ones (EXISTS), does the second half run; OFFSET 0 keeps it on the full-text index, where
# few rows match by then.
NEWEST = 500
TIERS = {0: "title_document", 1: "document"}
_POSTGRES = """
SELECT {tier} AS tier, kind, subject_id, id FROM (
    (SELECT kind, subject_id, id FROM (
        SELECT * FROM core_searchentry WHERE kind = %(kind{n})s ORDER BY id DESC LIMIT {newest}
    ) AS newest WHERE {column} @@ to_tsquery('simple', %(query{n})s) LIMIT {limit})
    UNION ALL
    (SELECT kind, subject_id, id FROM (
        SELECT * FROM core_searchentry WHERE {column} @@ to_tsquery('simple', %(query{n})s)
        AND EXISTS (SELECT 1 FROM core_searchentry WHERE kind = %(kind{n})s OFFSET {newest}) OFFSET 0
    ) AS indexed WHERE id < (
        SELECT id FROM core_searchentry WHERE kind = %(kind{n})s ORDER BY id DESC OFFSET {newest} - 1 LIMIT 1
    ) ORDER BY id DESC LIMIT {limit})
    LIMIT {limit}
) AS part{n}
"""
_SQLITE = """
SELECT * FROM (
    SELECT {tier} AS tier, entry.kind, entry.subject_id, entry.id
    FROM core_searchentry_fts JOIN core_searchentry AS entry ON entry.id = core_searchentry_fts.rowid
    WHERE core_searchentry_fts MATCH %(query{n})s ORDER BY core_searchentry_fts.rowid DESC LIMIT {limit}
)
"""


def matches(kinds: Sequence[str], words: Sequence[str], scopes: Sequence[str] | None, *, limit: int) -> Mapping[str, list[int]]:
    """Ids of the records that hold all `words` (as_beginnings), by kind: titles before texts, then the newest first.

    `scopes` narrows them to those names of scopes; None narrows nothing. At most twice `limit` ids a kind.
    """
    if not kinds or not words or scopes == []:
        return {}
    statement, ask = (_POSTGRES, _postgres_query) if connection.vendor == "postgresql" else (_SQLITE, _sqlite_query)
    parts = list(enumerate(product(kinds, TIERS)))
    shape = {"limit": limit, "newest": NEWEST}
    sql = "UNION ALL".join(statement.format(n=n, tier=tier, column=TIERS[tier], **shape) for n, (__, tier) in parts)
    asked = {f"kind{n}": kind for n, (kind, __) in parts}
    asked |= {f"query{n}": ask(kind, words, scopes, in_title=tier == 0) for n, (kind, tier) in parts}
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return _by_kind(cursor.fetchall())


def _by_kind(rows: Sequence[tuple[int, str, int, int]]) -> Mapping[str, list[int]]:
    found: dict[str, dict[int, None]] = defaultdict(dict)
    for __, kind, subject_id, ___ in sorted(rows, key=lambda row: (row[0], -row[3])):
        found[kind][subject_id] = None
    return {kind: list(ids) for kind, ids in found.items()}


def _postgres_query(kind: str, words: Sequence[str], scopes: Sequence[str] | None, *, in_title: bool) -> str:
    parts = [f"'{word}'{':*' if begins else ''}" for word, begins in as_beginnings(words)]
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
