"""`manage.py reindex`: builds the search index anew. Changes keep it current; this is for what came another way."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from fde_portal.core.search.index import reindex


class Command(BaseCommand):
    help = "Build the search index anew."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{reindex()} records can be found.")
