"""Reading git logs, ticket lists and webhook payloads."""

import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from engagements.intake.work import Work, WorkRejected, read_git_log, read_github, read_gitlab, read_tickets

LOG = """commit 1111111111111111111111111111111111111111 (HEAD -> main)
Author: Maya Okafor <maya@example.org>
Date:   Wed Nov 18 10:00:00 2026 +0100

    Read faxed pages

    Refs: CLM-1

commit 2222222222222222222222222222222222222222
Merge: 1111111 3333333
Author: Maya Okafor <maya@example.org>
Date:   Wed Nov 18 11:00:00 2026 +0100

    Merge branch 'fax'

commit 4444444444444444444444444444444444444444
Author: Elin <elin@example.org>
Date:   2026-11-19T08:30:00+00:00

    Trace errors
"""


def test_git_log_in_its_default_and_its_iso_format():
    assert read_git_log(LOG, "acme/claims", "main") == [
        Work("commit", "acme/claims", "1" * 40, "Read faxed pages", datetime(2026, 11, 18, 9, tzinfo=UTC), "main", "Maya Okafor"),
        Work("commit", "acme/claims", "4" * 40, "Trace errors", datetime(2026, 11, 19, 8, 30, tzinfo=UTC), "main", "Elin"),
    ]
    assert read_git_log("", "acme/claims") == []


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
@pytest.mark.parametrize("options", [[], ["--date=iso"], ["--date=iso-strict"], ["--date=rfc"]])
def test_what_git_itself_prints_is_read(tmp_path, options):
    git = ["git", "-C", str(tmp_path), "-c", "user.name=Maya", "-c", "user.email=maya@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "Erste Änderung"], check=True)
    text = subprocess.run([*git, "log", *options], check=True, capture_output=True, text=True, encoding="utf-8").stdout
    [work] = read_git_log(text, "acme/claims")
    assert (work.title, work.author, work.happened_at.tzinfo is not None) == ("Erste Änderung", "Maya", True)


def test_closed_tickets_with_and_without_a_project():
    text = "\ufeffID,Title,Closed,Project,Assignee,URL\nCLM-7,Scanner,2026-11-18,acme/claims,Elin,https://example.org/7\nCLM-8,Open one,,,,\n"
    closed = datetime(2026, 11, 18, tzinfo=UTC)
    assert read_tickets(text) == [Work("ticket", "acme/claims", "CLM-7", "Scanner", closed, "", "Elin", "https://example.org/7")]
    assert read_tickets("id,title,closed\n1,A,2026-11-18\n", "acme")[0].repository == "acme"


@pytest.mark.parametrize(("text", "said"), [
    ("id,title\n1,A\n", "row 1: the column closed is missing"),
    ("id,title,closed\n1,,2026-11-18\n", "row 2, title: empty"),
    ("id,title,closed\n1,A,soon\n", "row 2, closed: “soon” is no date"),
    ("id,title,closed\n1,A,2026-11-18\n", "row 2, project: missing"),
])
def test_a_ticket_list_that_cannot_be_read_names_row_and_field(text, said):
    with pytest.raises(WorkRejected, match=said):
        read_tickets(text)


def test_something_else_than_a_git_log_is_refused():
    for text, said in (("hello", "line 1"), ("commit 1111111\nAuthor: A\n", "line 1, Date: missing"), ("commit 1111111\nDate: x\n", "no date")):
        with pytest.raises(WorkRejected, match=said):
            read_git_log(text, "acme/claims")


PUSH = {
    "ref": "refs/heads/main",
    "repository": {"full_name": "acme/claims"},
    "commits": [{
        "id": "abc", "message": "Fix fax\n\nMore", "timestamp": "2026-11-18T10:00:00+01:00",
        "url": "javascript:alert(1)", "author": {"name": "Maya"},
    }],
}
PULL = {
    "action": "closed",
    "repository": {"full_name": "acme/claims"},
    "pull_request": {
        "merged": True, "number": 12, "title": "Fax", "merged_at": "2026-11-18T10:00:00Z",
        "base": {"ref": "main"}, "user": {"login": "maya"}, "html_url": "https://example.org/12",
    },
}
MOMENT = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_pushes_and_merged_pull_requests_of_github():
    assert read_github("push", PUSH) == [Work("commit", "acme/claims", "abc", "Fix fax", MOMENT, "main", "Maya")]
    assert read_github("pull_request", PULL) == [
        Work("merge", "acme/claims", "12", "Fax", datetime(2026, 11, 18, 10, tzinfo=UTC), "main", "maya", "https://example.org/12")
    ]
    unmerged = PULL | {"pull_request": PULL["pull_request"] | {"merged": False}}
    assert [read_github(*sent) for sent in (("pull_request", unmerged), ("ping", {}), ("push", PUSH | {"commits": []}))] == [[], [], []]


def test_pushes_and_merged_requests_of_gitlab():
    project = {"path_with_namespace": "acme/claims"}
    push = {name: PUSH[name] for name in ("ref", "commits")} | {"project": project}
    assert read_gitlab("Push Hook", push) == read_github("push", PUSH)
    attributes = {
        "action": "merge", "iid": 3, "title": "Fax", "updated_at": "2026-11-18 09:00:00 UTC",
        "target_branch": "main", "url": "https://example.org/3",
    }
    merge = {"project": project, "object_attributes": attributes, "user": {"name": "Maya"}}
    assert read_gitlab("Merge Request Hook", merge) == [Work("merge", "acme/claims", "3", "Fax", MOMENT, "main", "Maya", "https://example.org/3")]
    assert read_gitlab("Merge Request Hook", merge | {"object_attributes": attributes | {"action": "open"}}) == []


@pytest.mark.parametrize("payload", [[], {}, "x", {"ref": 1}, PUSH | {"commits": {}}, PUSH | {"commits": [1]}, PUSH | {"repository": None}])
def test_a_payload_of_another_shape_is_refused_by_name(payload):
    with pytest.raises(WorkRejected):
        read_github("push", payload)
