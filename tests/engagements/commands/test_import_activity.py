"""Importing git logs and ticket lists on the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from engagements.models import WorkItem
from tests.engagements.intake.test_work import LOG
from tests.factories.work import WorkRuleFactory

pytestmark = pytest.mark.django_db


def run(*arguments):
    said = StringIO()
    call_command("import_activity", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def source():
    return WorkRuleFactory(source__name="Logs", source__kind="file").source


def test_a_log_is_imported_by_name_or_id_and_twice_changes_nothing(source, tmp_path):
    file = tmp_path / "log.txt"
    file.write_text(LOG, encoding="utf-8")
    assert run("Logs", str(file), "--repository", "acme/claims") == "2 new, 0 known before, 0 match no rule.\n"
    assert run(str(source.pk), str(file), "--repository", "acme/claims") == "0 new, 2 known before, 0 match no rule.\n"
    assert run("Logs", str(file), "--repository", "acme/other") == "0 new, 0 known before, 2 match no rule.\n"
    assert WorkItem.objects.count() == 2


@pytest.mark.usefixtures("source")
def test_tickets_come_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("id,title,closed\nCLM-7,Scanner,2026-11-18\n"))
    assert run("Logs", "-", "--format", "tickets", "--repository", "acme/claims") == "1 new, 0 known before, 0 match no rule.\n"


@pytest.mark.usefixtures("source")
def test_what_cannot_be_read_stores_nothing_and_says_why(tmp_path):
    file = tmp_path / "log.txt"
    for content, arguments, said in (
        (b"hello", ["Logs", str(file), "--repository", "acme/claims"], "line 1"),
        (b"\xff\xfe", ["Logs", str(file), "--repository", "acme/claims"], "UTF-8"),
        (b"", ["Logs", str(file)], "Name the repository"),
        (b"", ["Nobody", str(file)], "No source of work"),
        (b"", ["Logs", str(tmp_path / "absent"), "--repository", "acme/claims"], "No such file"),
    ):
        file.write_bytes(content)
        with pytest.raises(CommandError, match=said):
            run(*arguments)
    assert WorkItem.objects.count() == 0
