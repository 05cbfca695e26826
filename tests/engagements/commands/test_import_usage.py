"""The command line: any number of rows, exit status 1 with the faults by row and column."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from engagements.models import UsageBatch, UsageRow, UsageSource
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db

CSV = "actor,date\nann,2026-03-02\nbob,2026-03-03\n"


@pytest.fixture
def source() -> UsageSource:
    return UsageSourceFactory(deliverable__name="Copilot", deliverable__engagement__slug="customs", name="Day/night log")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "usage.csv"
    path.write_text(CSV)
    return path


def run(source: object, file: Path, **options: str) -> str:
    out = StringIO()
    call_command("import_usage", str(source), str(file), stdout=out, **options)
    return out.getvalue().strip()


def test_a_file_is_taken_in_once(source: UsageSource, file: Path) -> None:
    assert run(source.pk, file) == "Received: batch 1, 2 rows, 2026-03-02 to 2026-03-03."
    assert run("customs/Copilot/Day/night log", file) == "Received before, nothing changed: batch 1, 2 rows, 2026-03-02 to 2026-03-03."
    assert UsageRow.objects.count() == 2


def test_a_key_of_ones_own_allows_the_same_content_twice_and_guards_it(source: UsageSource, file: Path) -> None:
    run(source.pk, file, key="march")
    run(source.pk, file, key="march again")
    assert UsageBatch.objects.count() == 2
    file.write_text(CSV + "cem,2026-03-03\n")
    with pytest.raises(CommandError, match="used before"):
        run(source.pk, file, key="march")
    assert UsageBatch.objects.count() == 2


def test_more_rows_than_the_web_takes(source: UsageSource, file: Path) -> None:
    file.write_text("actor,date\n" + "".join(f"person {n},2026-03-02\n" for n in range(10_001)))
    assert "10001 rows" in run(source.pk, file)
    assert UsageRow.objects.count() == 10_001


def test_faults_are_listed_and_nothing_is_stored(source: UsageSource, file: Path) -> None:
    file.write_text("actor,date,events\nann,2026-03-02,1\n,2026-02-30,-1\n")
    errors = StringIO()
    with pytest.raises(CommandError) as ending:
        call_command("import_usage", str(source.pk), str(file), stderr=errors)
    assert ending.value.returncode == 1
    assert [line.split(":")[0] for line in errors.getvalue().splitlines()] == ["row 3, actor", "row 3, date", "row 3, events"]
    assert not UsageBatch.objects.exists()


@pytest.mark.parametrize("name", ["0", "99999", "customs/Copilot", "customs/Copilot/other", "nowhere/Copilot/Day/night log", "²"])
def test_an_unknown_source_is_named(source: UsageSource, file: Path, name: str) -> None:
    with pytest.raises(CommandError, match="No usage source"):
        run(name, file)


def test_a_missing_file_is_named(source: UsageSource, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.csv: No such file"):
        run(source.pk, tmp_path / "absent.csv")


def test_another_encoding_is_declared(source: UsageSource, file: Path) -> None:
    file.write_bytes("actor,date\n王芳,2026-03-02\n".encode("gb18030"))
    with pytest.raises(CommandError):
        run(source.pk, file)
    assert run(source.pk, file, encoding="gb18030").startswith("Received: batch 1")
