"""Making a backup of this installation, and restoring one."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from fde_portal.core.backups import archive, portable, postgresql, sqlite
from fde_portal.core.backups.archive import BackupFault, Manifest
from fde_portal.core.search.index import reindex

KINDS = {"sqlite": sqlite, "postgresql": postgresql, "portable": portable}

_folders: dict[str, Callable[[], Path]] = {}


def register_folder(name: str, folder: Callable[[], Path]) -> None:
    """Have a folder of uploaded files kept in backups under `name`. It need not exist."""
    _folders[name] = folder


def make_backup(target: Path, *, now: datetime, for_either: bool = False) -> Path:
    """Write a backup to `target`, or into it when it is a folder; return the file.

    `for_either` makes one that also restores into the other kind of database. Raises BackupFault.
    """
    path = target / f"fde-portal-{now:%Y-%m-%dT%H-%M-%SZ}.tar.gz" if target.is_dir() else target
    manifest = Manifest(kind_here(for_either), now.isoformat(), applied_migrations())
    # The database comes first: a file that is uploaded meanwhile is too many, never missing.
    with archive.written_atomically(path) as draft, private_folder(path.parent) as folder:
        KINDS[manifest.kind].dump(folder / archive.DATABASE)
        archive.pack(draft, manifest, folder / archive.DATABASE, [(name, find()) for name, find in _folders.items()])
    return path


def kind_here(for_either: bool) -> str:
    if for_either or (connection.vendor == "postgresql" and not postgresql.fits()):
        return "portable"
    return connection.vendor


def restore_backup(path: Path, *, force: bool = False) -> Manifest:
    """Put the backup in place of this installation's data and bring it up to this code's migrations.

    Raises BackupFault, before anything is changed, when data are there and `force` is not given, when the
    backup is damaged, made by newer code, or for another kind of database.
    """
    if holds_data() and not force:
        raise BackupFault("This database holds data. Give --force to replace them all by the backup.")
    with private_folder(settings.DATA_DIR) as folder:
        manifest = archive.unpack(path, folder)
        refuse_misfit(manifest)
        if manifest.kind == "portable":
            call_command("migrate", verbosity=0)
        load_database(manifest.kind, folder / archive.DATABASE)
        call_command("migrate", verbosity=0)
        for name, find in _folders.items():
            replace_folder(folder / archive.FILES / name, find())
    # A portable backup has no index, and one of older code may not know every kind that is found today.
    reindex()
    return manifest


def load_database(kind: str, path: Path) -> None:
    """Raises BackupFault when the database refuses what is in the backup; each kind loads all or nothing."""
    try:
        KINDS[kind].load(path)
    except (sqlite3.Error, DatabaseError, ValidationError, ValueError, LookupError) as fault:
        raise BackupFault(f"The database refuses this backup: {fault}. Nothing was changed.") from fault


def holds_data() -> bool:
    """Whether anybody has an account here: without one nobody can have written anything."""
    people = get_user_model()
    return people._meta.db_table in connection.introspection.table_names() and people._base_manager.exists()


def refuse_misfit(manifest: Manifest) -> None:
    """Raises BackupFault when this code, or this database, cannot take the backup."""
    if manifest.kind not in ("portable", connection.vendor):
        raise BackupFault(f"This backup is for {manifest.kind}. Make one with --portable to change the database.")
    if manifest.kind == "postgresql" and not postgresql.fits():
        raise BackupFault("Install psql and pg_dump of the server's version or newer, to restore this backup.")
    known, made_with = known_migrations(), set(manifest.migrations)
    if made_with - known:
        raise BackupFault("This backup was made by newer code. Update the portal first.")
    if manifest.kind == "portable" and made_with != known:
        raise BackupFault("A portable backup restores only with the code that made it. Install that version first.")


def applied_migrations() -> list[str]:
    ours = known_migrations()
    return sorted(ours & {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()})


def known_migrations() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.disk_migrations}


def replace_folder(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)


@contextmanager
def private_folder(beside: Path) -> Iterator[Path]:
    """A temporary folder for its owner only, on the disk that has the room."""
    with tempfile.TemporaryDirectory(prefix="backup-", dir=beside) as folder:
        yield Path(folder)
