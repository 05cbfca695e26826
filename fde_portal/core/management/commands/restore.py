from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fde_portal.core.backups.archive import BackupFault
from fde_portal.core.backups.contents import restore_backup


class Command(BaseCommand):
    help = "Puts a backup in place of this installation's data. Stop web and worker first."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace the data that are there")

    def handle(self, *args: object, file: Path, force: bool, **options: object) -> None:
        try:
            manifest = restore_backup(file, force=force)
        except (BackupFault, OSError) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"Restored the backup of {manifest.made_at}.")
