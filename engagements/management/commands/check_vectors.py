"""`manage.py check_vectors FOLDER`: published cases against the functions that the pages use."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engagements.conformance.folder import Checked, check_folder


class Command(BaseCommand):
    help = "Computes every case of a folder of published vectors and compares; the exit status is 1 when one fails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder: Path, **options: Any) -> None:
        results = self.results(folder)
        for result in results:
            for text in faults(result):
                self.stdout.write(f"{result.name}: {text}")
        for text, count in left_out(results).items():
            self.stdout.write(f"left out: {text}, {count} cases")
        tried = [result for result in results if not result.left_out]
        passed = sum(result.passed for result in tried)
        self.stdout.write(f"{passed} passed, {len(tried) - passed} failed")
        if passed < len(tried):
            raise SystemExit(1)

    def results(self, folder: Path) -> list[Checked]:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        try:
            results = list(check_folder(folder))
        except (OSError, LookupError, ValueError) as fault:
            raise CommandError(f"{folder} cannot be read: {type(fault).__name__}: {fault}") from None
        if not results:
            raise CommandError(f"{folder} holds no cases.")
        return results


def faults(result: Checked) -> list[str]:
    """Return what is wrong with a case, one text for each figure."""
    return [result.error] if result.error else [str(difference) for difference in result.differences]


def left_out(results: Iterable[Checked]) -> Counter[str]:
    """Count the cases of each kind, and of each figure of a kind, that the product has no use for."""
    counts: Counter[str] = Counter()
    for result in results:
        if result.left_out:
            counts[f"{result.kind} ({result.left_out})"] += 1
        for key, reason in result.left_out_keys.items():
            counts[f"{result.kind}.{key} ({reason})"] += 1
    return counts
