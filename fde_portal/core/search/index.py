"""Keeping the index current: in the transaction of each change, or all of it anew."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models, transaction

from fde_portal.core.models import SearchEntry
from fde_portal.core.search.kinds import Kind, all_kinds, kind_of
from fde_portal.core.search.words import index_words

BATCH = 500


def refresh(record: models.Model) -> None:
    """Index what a record says now, or forget it once it is archived. Records of no kind are left alone."""
    kind = kind_of(record)
    if kind is None:
        return
    # Read again: what the caller holds may have been loaded before its lines or people changed.
    now = kind.rows().filter(pk=record.pk).first()
    if now and kind.is_found(now):
        _store([entry_of(kind, now)])
    else:
        SearchEntry.objects.filter(kind=kind.name, subject_id=record.pk).delete()


def entry_of(kind: Kind, record: models.Model) -> SearchEntry:
    title = kind.title(record)
    return SearchEntry(
        kind=kind.name,
        subject_id=record.pk,
        tags=f"{tag_of(kind.name)} {tag_of(kind.scope(record))}",
        title=index_words(title),
        words=index_words("\n".join([title, *kind.text(record)])),
    )


def tag_of(name: str) -> str:
    """One word of the index for the name of a kind or of a scope."""
    return "zz" + "".join(letter for letter in name if letter.isalnum())


def _store(entries: Iterable[SearchEntry]) -> None:
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["kind", "subject_id"],
        update_fields=["tags", "title", "words"],
    )


@transaction.atomic
def reindex() -> int:
    """Build the whole index anew, oldest records first. Gives how many can be found."""
    SearchEntry.objects.all().delete()
    for kind in all_kinds():
        _store_all(kind, kind.rows().order_by("pk").iterator(chunk_size=BATCH))
    return SearchEntry.objects.count()


def _store_all(kind: Kind, records: Iterable[models.Model]) -> None:
    entries: list[SearchEntry] = []
    for record in records:
        if kind.is_found(record):
            entries.append(entry_of(kind, record))
        if len(entries) == BATCH:
            _store(entries)
            entries = []
    _store(entries)
