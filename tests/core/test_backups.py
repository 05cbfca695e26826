"""A backup restores everything, into an empty database only, or nothing."""

import gzip
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from customers.models import Customer
from engagements.models import Attachment, HealthSnapshot, MetricSnapshot
from engagements.services.attachments import attach
from fde_portal.accounts.models import AuditEvent, User
from fde_portal.accounts.search import search
from fde_portal.core.backups import contents, portable, postgresql
from fde_portal.core.backups.archive import BackupFault
from fde_portal.core.backups.contents import make_backup, register_folder, restore_backup
from fde_portal.core.models import OutgoingMail, SearchEntry
from tests.conftest import PROJECT
from tests.engagements.deliveries import compute, deliver
from tests.factories.customers import CustomerFactory, StakeholderFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory, NoteFactory
from tests.factories.people import ManagerFactory
from tests.factories.usage import TargetPopulationFactory, UsageSourceFactory
from tests.factories.value import ValueLineFactory
from tests.servers import DATABASE_URL

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 4, 12, 30, 5, 123456, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture
def record():
    """A little of everything: bitmaps, decimals, texts in two scripts, JSON, relations of many to many."""
    source = UsageSourceFactory()
    engagement = source.deliverable.engagement
    deliver(source, {DAY: ["ann", "ben"]})
    compute(engagement, on=DAY)
    TargetPopulationFactory(deliverable=source.deliverable)
    MilestoneFactory(engagement=engagement)
    ValueLineFactory()
    note = NoteFactory(text="Zoll 关税 \\ \"quoted\"\n\n'' \u2028 end")
    note.stakeholders.add(StakeholderFactory(customer=note.customer))
    manager = ManagerFactory()
    AuditEvent.objects.create(
        at=NOW, actor=manager, actor_label="Ünal", verb="edit", subject_type="note", subject_id=1, subject_label="x",
        details={"old": [1, None, 0.1], "new": "关税"},
    )  # fmt: skip
    OutgoingMail.objects.create(message_id="<1>", recipient="ann@example.org", source=bytes(range(256)), wanted_at=NOW)
    assert MetricSnapshot.objects.exists()
    assert HealthSnapshot.objects.exists()
    return engagement


def everything() -> dict[str, list[tuple]]:
    """All rows of all tables, also those that no model knows, as the database returns them.

    Not the search index, which a restore builds anew.
    """
    dump = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(SearchEntry._meta.db_table):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
            rows = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]
            dump[table] = sorted((tuple(zip(names, row, strict=True)) for row in rows), key=repr)
    return dump


def empty_database() -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert not Customer.objects.exists()


@pytest.mark.parametrize("for_either", [False, True], ids=["own", "portable"])
def test_an_emptied_database_holds_the_same_rows_again(record, tmp_path, for_either):
    before = everything()
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW, for_either=for_either)
    empty_database()

    manifest = restore_backup(path)

    assert manifest.kind == ("portable" if for_either else connection.vendor)
    after = everything()
    assert set(after) == set(before)
    for table in before:
        assert after[table] == before[table], table
    assert sum(map(len, after.values())) > 100


@pytest.mark.parametrize("for_either", [False, True], ids=["own", "portable"])
def test_new_rows_follow_the_restored_ones(record, tmp_path, for_either):
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW, for_either=for_either)
    highest = Customer.objects.latest("pk").pk
    empty_database()

    restore_backup(path)

    assert CustomerFactory().pk > highest


@pytest.mark.parametrize("for_either", [False, True], ids=["own", "portable"])
def test_what_is_restored_is_found_even_when_the_backup_has_no_index(record, tmp_path, for_either):
    SearchEntry.objects.all().delete()
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW, for_either=for_either)
    empty_database()

    restore_backup(path)

    assert [str(group.label) for group in search(ManagerFactory(), "关税", per_kind=8)] == ["Notes"]


def test_a_portable_backup_needs_no_program_of_the_database(record, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    before = everything()
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW, for_either=connection.vendor == "sqlite")
    empty_database()

    assert restore_backup(path).kind == "portable"
    assert everything() == before


def test_a_database_in_use_is_left_alone_without_force(record, tmp_path):
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW)
    EngagementFactory(name="Written later")
    before = everything()

    with pytest.raises(BackupFault, match="--force"):
        restore_backup(path)
    assert everything() == before

    restore_backup(path, force=True)
    assert not record.__class__.objects.filter(name="Written later").exists()
    assert record.__class__.objects.filter(pk=record.pk).exists()


# The file


def test_the_file_belongs_to_its_owner_and_takes_its_place_whole(record, tmp_path, monkeypatch):
    path = make_backup(tmp_path, now=NOW)
    assert path == tmp_path / "fde-portal-2026-03-04T12-30-05Z.tar.gz"
    assert path.stat().st_mode & 0o077 == 0
    whole = path.read_bytes()

    def full_disk(*_args):
        raise OSError("no space left")

    monkeypatch.setattr(contents.archive, "pack", full_disk)
    with pytest.raises(OSError, match="no space"):
        make_backup(path, now=NOW)

    assert path.read_bytes() == whole
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_uploaded_files_come_along(record, tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "_folders", {})
    uploads, absent = tmp_path / "uploads", tmp_path / "absent"
    (uploads / "7").mkdir(parents=True)
    (uploads / "7" / "plan.pdf").write_bytes(b"%PDF")
    register_folder("attachments", lambda: uploads)
    register_folder("others", lambda: absent)
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW)
    empty_database()
    (uploads / "7" / "plan.pdf").unlink()
    (uploads / "later.txt").write_text("later")

    restore_backup(path)

    assert [str(found.relative_to(uploads)) for found in uploads.rglob("*") if found.is_file()] == ["7/plan.pdf"]
    assert (uploads / "7" / "plan.pdf").read_bytes() == b"%PDF"
    assert not absent.exists()


def test_attachments_come_along(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    manager, upload = ManagerFactory(), SimpleUploadedFile("plan.pdf", b"%PDF")
    [attachment] = attach(NoteFactory(), [upload], by=manager)
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW)
    empty_database()
    shutil.rmtree(settings.MEDIA_ROOT)

    restore_backup(path)

    assert Attachment.objects.get(pk=attachment.pk).file.read() == b"%PDF"


def repacked(path: Path, changes: dict[str, bytes]) -> Path:
    """A copy of a backup in which some files differ or are added."""
    target = path.with_name("changed.tar.gz")
    with tarfile.open(path) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            if member.isfile():  # beside them stands the folder of attachments
                content = changes.pop(member.name, None) or old.extractfile(member).read()
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
        for name, content in changes.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return target


def manifest_with(path: Path, **changes) -> bytes:
    with tarfile.open(path) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
    return json.dumps(manifest | changes).encode()


def test_a_backup_that_does_not_fit_changes_nothing(record, tmp_path):
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW)
    before = everything()
    for changes, reason in (
        ({"kind": "oracle"}, "This backup is for oracle"),
        ({"migrations": ["customers.9999_future"]}, "newer code"),
        ({"kind": "portable", "migrations": []}, "code that made it"),
        ({"format": 2}, "another version"),
        ({"colour": "red"}, "no backup, or it is damaged"),
    ):
        misfit = repacked(path, {"manifest.json": manifest_with(path, **changes)})
        with pytest.raises(BackupFault, match=reason):
            restore_backup(misfit, force=True)
    assert everything() == before


def test_a_backup_that_was_cut_short_or_altered_changes_nothing(record, tmp_path):
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW)
    before, whole = everything(), path.read_bytes()
    for content in (whole[: len(whole) // 2], b"not a backup", gzip.compress(b"x" * 4000), b""):
        path.write_bytes(content)
        with pytest.raises(BackupFault, match="no backup, or it is damaged"):
            restore_backup(path, force=True)
    assert everything() == before


def test_a_dump_the_database_refuses_changes_nothing(record, tmp_path):
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW, for_either=True)
    bad = b'["customers.Customer", null]\n["customers.Customer", [1, "no such columns"]]\n'
    before = everything()

    with pytest.raises(BackupFault, match="Nothing was changed"):
        restore_backup(repacked(path, {"database": bad}), force=True)

    assert everything() == before


@pytest.mark.postgres
def test_a_script_the_server_refuses_changes_nothing(record, tmp_path):
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW)
    before = everything()

    with pytest.raises(BackupFault, match="psql failed"):
        restore_backup(repacked(path, {"database": b"CREATE TABLE one (x int);\nSELECT nonsense;\n"}), force=True)

    assert everything() == before


def test_a_file_with_a_name_that_leaves_the_folder_is_refused(record, tmp_path):
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW)

    with pytest.raises(BackupFault, match="forbidden name"):
        restore_backup(repacked(path, {"files/../../evil": b"x"}), force=True)


# The commands


def test_the_commands_say_what_they_did_and_why_not(record, tmp_path, capsys):
    call_command("backup", str(tmp_path / "portal.tar.gz"))
    assert capsys.readouterr().out.startswith(f"{tmp_path}/portal.tar.gz (0.")

    with pytest.raises(CommandError, match="--force"):
        call_command("restore", str(tmp_path / "portal.tar.gz"))
    with pytest.raises(CommandError, match="no backup"):
        call_command("restore", str(tmp_path / "absent.tar.gz"), "--force")

    call_command("restore", str(tmp_path / "portal.tar.gz"), "--force")
    assert "Restored the backup of" in capsys.readouterr().out
    assert User.objects.exists()


def test_a_value_without_a_text_is_named():
    with pytest.raises(TypeError, match="cannot hold a set"):
        portable.plain(set())


@pytest.mark.postgres
@pytest.mark.parametrize(("version", "fits"), [("pg_dump (PostgreSQL) 9.6", False), ("pg_dump (PostgreSQL) 99.1", True), ("", False)])
def test_an_older_pg_dump_does_not_fit(monkeypatch, version, fits):
    class Done:
        stdout = version

    monkeypatch.setattr(postgresql.subprocess, "run", lambda *_, **__: Done)

    assert postgresql.fits() is fits


def test_the_copy_of_sqlite_is_one_file_that_opens_alone(record, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite copies files")
    path = make_backup(tmp_path / "portal.tar.gz", now=NOW)
    with tarfile.open(path) as archive:
        (tmp_path / "copy").write_bytes(archive.extractfile("database").read())

    with sqlite3.connect(tmp_path / "copy") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# From one database to the other


def dumped(path: Path) -> list:
    with tarfile.open(path) as archive:
        return [json.loads(line) for line in archive.extractfile("database")]


def manage(environment: dict[str, str], database_url: str, folder: Path, *command: str) -> None:
    """Run a command on another installation."""
    variables = {"DATABASE_URL": database_url, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "fde_portal.settings"}
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=PROJECT, env=environment | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_portable_backup_moves_a_record_into_a_new_sqlite_file(record, process_environment, tmp_path):
    here = make_backup(tmp_path / "here.tar.gz", now=NOW, for_either=True)
    there = tmp_path / "there.tar.gz"

    for command in (("restore", str(here)), ("backup", "--portable", str(there))):
        manage(process_environment, f"sqlite:///{tmp_path}/new.sqlite3", tmp_path / "data", *command)

    assert dumped(there) == dumped(here)
    assert len(dumped(there)) > 100


@pytest.mark.postgres
def test_a_portable_backup_of_sqlite_moves_into_a_new_postgresql(record, process_environment, tmp_path, new_database):
    here, back = make_backup(tmp_path / "here.tar.gz", now=NOW, for_either=True), tmp_path / "back.tar.gz"
    sqlite_file, between = f"sqlite:///{tmp_path}/new.sqlite3", tmp_path / "between.tar.gz"

    manage(process_environment, sqlite_file, tmp_path / "data", "restore", str(here))
    manage(process_environment, sqlite_file, tmp_path / "data", "backup", "--portable", str(between))
    manage(process_environment, new_database, tmp_path / "data", "restore", str(between))
    manage(process_environment, new_database, tmp_path / "data", "backup", "--portable", str(back))

    assert dumped(back) == dumped(here)


@pytest.fixture
def new_database():
    """The address of an empty database on the server of this run."""
    name = f"{settings.RUN}_other"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield urlsplit(DATABASE_URL)._replace(path=f"/{name}").geturl()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")
