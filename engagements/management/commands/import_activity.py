"""`manage.py import_activity SOURCE FILE`: git log output or closed tickets, as evidence for the weekly log."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from engagements.intake.work import Work, WorkRejected, read_git_log, read_tickets
from engagements.models import WorkSource
from engagements.services.work_items import take_in_work


class Command(BaseCommand):
    help = "Takes in the output of git log or a CSV of closed tickets. Rules of the source say which engagement it belongs to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="name or id of a source of work")
        parser.add_argument("file", help="a file, or - for standard input")
        parser.add_argument("--format", choices=("git-log", "tickets"), default="git-log")
        parser.add_argument("--repository", default="", help="which repository or project it is of")
        parser.add_argument("--branch", default="", help="which branch the log is of")

    def handle(self, *, source: str, file: str, **options: Any) -> None:
        found = find_source(source)
        try:
            work = self.read(file, **{name: options[name] for name in ("format", "repository", "branch")})
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}") from None
        except UnicodeDecodeError:
            raise CommandError(f"{file}: not UTF-8. Nothing was stored.") from None
        except WorkRejected as fault:
            raise CommandError(f"{fault}. Nothing was stored.") from None
        taken = take_in_work(source=found, found=work, now=timezone.now())
        self.stdout.write(f"{taken.new} new, {taken.known} known before, {taken.ignored} match no rule.")

    def read(self, file: str, *, format: str, repository: str, branch: str) -> list[Work]:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        if format == "tickets":
            return read_tickets(text, repository)
        if not repository:
            raise CommandError("Name the repository: git log does not say it. --repository acme/claims")
        return read_git_log(text, repository, branch)


def find_source(text: str) -> WorkSource:
    sources = WorkSource.objects.current()
    by_id = sources.filter(pk=text) if text.isascii() and text.isdecimal() else sources.none()
    found = sources.filter(name=text).first() or by_id.first()
    if found is None:
        raise CommandError(f"No source of work “{text}”. Name it, or its id.")
    return found
