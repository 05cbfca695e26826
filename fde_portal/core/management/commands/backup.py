from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fde_portal.core.backups.archive import BackupFault
from fde_portal.core.backups.contents import make_backup


class Command(BaseCommand):
    help = "Writes one file with the database and the uploaded files, readable by its owner only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="a file, or a folder in which a file with the time is made")
        parser.add_argument("--portable", action="store_true", help="for a move between SQLite and PostgreSQL")

    def handle(self, *args: object, target: Path, portable: bool, **options: object) -> None:
        try:
            path = make_backup(target, now=timezone.now(), for_either=portable)
        except (BackupFault, OSError) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{path} ({path.stat().st_size / 1_000_000:.1f} MB)")
