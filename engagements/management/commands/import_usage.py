"""`manage.py import_usage SOURCE FILE.csv`: usage from a file of any length, whole or not at all."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagements.intake.files import read_csv
from engagements.intake.rows import RowsRejected, UsageLine, content_hash_of
from engagements.intake.texts import ENCODINGS
from engagements.metrics.periods import local_day
from engagements.models import UsageSource
from engagements.services.usages import BatchKeyReused, Receipt, receive_usage_batch


class Command(BaseCommand):
    help = "Takes in a CSV file of usage for one source. The columns are described in docs/usage.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="id, or engagement-slug/deliverable/source")
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", help="tells a repetition from a new batch; by default the content decides")
        parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8")

    def handle(self, *, source: str, file: Path, key: str | None, encoding: str, **options: Any) -> None:
        found = find_source(source)
        rows = self.read(found, file, encoding)
        content_hash = content_hash_of(rows)
        try:
            receipt = receive_usage_batch(
                source=found, rows=rows, key=key or content_hash, content_hash=content_hash,
                by=None, now=timezone.now(), label="import_usage",
            )  # fmt: skip
        except BatchKeyReused:
            raise CommandError(f"The key {key} was used before for other content. Nothing was stored.") from None
        self.stdout.write(summary(receipt))

    def read(self, source: UsageSource, file: Path, encoding: str) -> list[UsageLine]:
        zone = source.deliverable.engagement.zone
        try:
            return read_csv(file.read_bytes(), zone=zone, today=local_day(timezone.now(), zone), encoding=encoding)
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}") from None
        except RowsRejected as fault:
            for error in fault.errors:
                self.stderr.write(f"row {error.row or '-'}, {error.column or 'whole row'}: {error.message}")
            raise CommandError("Nothing was stored.") from None


def find_source(text: str) -> UsageSource:
    """Return the source with this id, or with this place: engagement, deliverable and name."""
    sources = UsageSource.objects.current().select_related("deliverable__engagement")
    slug, __, names = text.partition("/")
    if text.isascii() and text.isdecimal():
        found = list(sources.filter(pk=text))
    else:
        # Names may hold a slash themselves, so that each reading of the text is tried.
        of_engagement = sources.filter(deliverable__engagement__slug=slug)
        found = [source for source in of_engagement if f"{source.deliverable.name}/{source.name}" == names]
    if len(found) != 1:
        raise CommandError(f"No usage source “{text}”. Name its id, or engagement-slug/deliverable/source.")
    return found[0]


def summary(receipt: Receipt) -> str:
    begin = "Received before, nothing changed" if receipt.replayed else "Received"
    days = f"{receipt.first_day.isoformat()} to {receipt.last_day.isoformat()}"
    return f"{begin}: batch {receipt.batch.sequence}, {receipt.row_count} rows, {days}."
