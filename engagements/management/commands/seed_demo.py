"""Fills an empty installation with the demo."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from engagements.demo.seeding import seed


class Command(BaseCommand):
    help = "Write the demo's people, customers and half a year of work. Does nothing when they are there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=date.fromisoformat, help="the demo's today, YYYY-MM-DD (default: the real one)")

    def handle(self, *args: Any, today: date | None, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo has a published password and published links: set DEMO=true to say you want that.")
        now = datetime.combine(today, time(12), tzinfo=timezone.get_current_timezone()) if today else timezone.now()
        done = seed(now=now)
        self.stdout.write("The demo data are written." if done else "The demo data are there already.")
