"""Storing what was computed: twice changes nothing, and older never overwrites newer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from engagements.models import HealthSnapshot, MetricSnapshot


def store_snapshots(rows: Sequence[MetricSnapshot] | Sequence[HealthSnapshot], fields: Sequence[str]) -> None:
    """Store the rows of one engagement and watermark; of rows that exist, `fields` are replaced.

    A stored row with a higher watermark stays as it is.
    """
    if not rows:
        return
    snapshots = type(rows[0]).objects
    subject = [name for name in ("deliverable_id", "day") if hasattr(rows[0], name)]
    with transaction.atomic():
        snapshots.bulk_create(rows, ignore_conflicts=True)
        # The insertion does not tell which rows were there before, so the ids of all are looked up.
        stored = snapshots.filter(engagement=rows[0].engagement_id, day__in={row.day for row in rows})
        ids = {tuple(key): pk for pk, *key in stored.values_list("pk", *subject)}
        for row in rows:
            row.pk = ids[tuple(getattr(row, name) for name in subject)]
        older = snapshots.filter(watermark__lte=rows[0].watermark)
        older.bulk_update(rows, ["watermark", "computed_at", *fields], batch_size=50)
