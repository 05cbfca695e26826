import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from fde_portal.core.health import findings


class Command(BaseCommand):
    """The same facts as `/readyz`, for places without a web server."""

    help = "Tells whether this installation can do its work. Exits with 1 when it cannot."
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        found = findings(now=timezone.now())
        for fact in found:
            age = "" if fact.seconds is None else f" ({fact.seconds} s)"
            count = "" if fact.count is None else f" ({fact.count})"
            self.stdout.write(f"{fact.name}: {'ok' if fact.ok else 'not ok'}{age}{count}")
        if not all(fact.ok for fact in found):
            sys.exit(1)
