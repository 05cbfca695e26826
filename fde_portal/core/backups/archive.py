"""The file of a backup: a gzipped tar with `manifest.json` first, then `database`, then `files/<name>/…`."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
FORMAT = 1


class BackupFault(Exception):
    """The backup cannot be made or used; the text says why, for a person."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is. `migrations` are those applied when it was made, as "app.name"; times are UTC."""

    kind: str
    made_at: str
    migrations: list[str]
    format: int = FORMAT


@contextmanager
def written_atomically(path: Path) -> Iterator[Path]:
    """A draft beside `path`, readable by its owner only, that takes its place when the block succeeds."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def pack(path: Path, manifest: Manifest, database: Path, folders: Iterable[tuple[str, Path]]) -> None:
    """Write the archive to `path`."""
    text = json.dumps(asdict(manifest), indent=1).encode()
    with tarfile.open(path, "w:gz", compresslevel=6) as archive:
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(text)
        archive.addfile(head, io.BytesIO(text))
        archive.add(database, DATABASE)
        for name, folder in folders:
            if folder.is_dir():
                archive.add(folder, f"{FILES}/{name}")


def unpack(path: Path, into: Path) -> Manifest:
    """Read the whole archive into the folder `into`, so that damage shows before anything is changed.

    Raises BackupFault when it is not one of ours, newer than this code, or damaged.
    """
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                if member.isfile():
                    extract(archive, member, into)
        manifest = Manifest(**json.loads((into / MANIFEST).read_text()))
    except (OSError, EOFError, ValueError, TypeError, tarfile.TarError, zlib.error) as fault:
        raise BackupFault(f"{path} is no backup, or it is damaged: {fault}") from fault
    if manifest.format != FORMAT or not (into / DATABASE).exists():
        raise BackupFault(f"{path} was made by another version of the portal, or it is incomplete.")
    return manifest


def extract(archive: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    """Write one file. By hand: early releases of Python 3.11 have no filter against names that leave the folder."""
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts:
        raise BackupFault(f"The backup holds a file with a forbidden name: {member.name}")
    target = into / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        shutil.copyfileobj(archive.extractfile(member), out)
