"""Reads what code hosts and ticket lists say was done: git log output, CSV, and the payloads of webhooks.

Pure functions. Each raises WorkRejected, naming the place, for what it cannot read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any

MOST_IN_A_FILE = 20_000
GIT_DATES = ("%a %b %d %H:%M:%S %Y %z", "%Y-%m-%d %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %z")
COMMIT = re.compile(r"^commit ([0-9a-f]{7,64})\b")
TICKET_COLUMNS = ("id", "title", "closed")


class WorkRejected(Exception):
    """What was sent cannot be read; the text says where and why. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that was done. `kind` is commit, merge or ticket; `happened_at` is an instant."""

    kind: str
    repository: str
    key: str
    title: str
    happened_at: datetime
    branch: str = ""
    author: str = ""
    url: str = ""


def read_git_log(text: str, repository: str, branch: str = "") -> list[Work]:
    """The commits of `git log`, in its default format or with --date=iso or iso-strict. Merge commits are left out."""
    found = [work for entry in _entries(text) if (work := _commit(entry, repository, branch))]
    if text.strip() and not COMMIT.match(text.lstrip("\ufeff\n ")):
        raise WorkRejected("line 1: this is not the output of git log")
    return _few_enough(found)


def _entries(text: str) -> Iterator[list[tuple[int, str]]]:
    entry: list[tuple[int, str]] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if COMMIT.match(line) and entry:
            yield entry
            entry = []
        entry.append((number, line))
    if entry:
        yield entry


def _commit(entry: list[tuple[int, str]], repository: str, branch: str) -> Work | None:
    start, first = entry[0]
    match = COMMIT.match(first)
    heads = dict(line.split(":", 1) for __, line in entry if re.match(r"^(Author|Date|Merge):", line))
    if match is None or "Merge" in heads:
        return None
    if "Date" not in heads:
        raise WorkRejected(f"line {start}, Date: missing")
    title = next((line.strip() for __, line in entry if line.startswith("    ") and line.strip()), "")
    author = heads.get("Author", "").partition("<")[0].strip()
    happened_at = _instant(heads["Date"].strip(), f"line {start}, Date")
    return Work("commit", repository, match[1], title or match[1], happened_at, branch, author)


def read_tickets(text: str, repository: str = "") -> list[Work]:
    """Closed tickets from CSV with the columns id, title and closed, and optionally project, assignee and url.

    Rows without a closing day are open tickets and left out; `repository` stands in for a missing project.
    """
    rows = csv.DictReader(StringIO(text.lstrip("\ufeff")))
    columns = [name.strip().lower() for name in rows.fieldnames or ()]
    if missing := [name for name in TICKET_COLUMNS if name not in columns]:
        raise WorkRejected(f"row 1: the column {missing[0]} is missing")
    rows.fieldnames = columns
    return _few_enough([work for row in rows if (work := _ticket(row, rows.line_num, repository))])


def _ticket(row: Mapping[str, str | None], number: int, repository: str) -> Work | None:
    data = {name: (value or "").strip() for name, value in row.items() if name and not isinstance(value, list)}
    if not data["closed"]:
        return None
    for name in ("id", "title"):
        if not data[name]:
            raise WorkRejected(f"row {number}, {name}: empty")
    happened_at = _instant(data["closed"], f"row {number}, closed")
    project = data.get("project") or repository
    if not project:
        raise WorkRejected(f"row {number}, project: missing; name one for the whole file")
    return Work("ticket", project, data["id"], data["title"], happened_at, "", data.get("assignee", ""), _address(data.get("url")))


def read_github(event: str, payload: Any) -> list[Work]:
    """A push, or a pull request that was merged. Other events hold nothing for us."""
    if event == "push":
        repository = _text(payload, "repository", "full_name")
        return _pushed(payload, repository, _branch(_text(payload, "ref")))
    if event == "pull_request" and _field(payload, "action") == "closed" and _field(payload, "pull_request", "merged"):
        change = _field(payload, "pull_request")
        repository = _text(payload, "repository", "full_name")
        return [
            Work(
                "merge", repository, str(_field(change, "number")), _text(change, "title"),
                _instant(_text(change, "merged_at"), "pull_request.merged_at"), _text(change, "base", "ref"),
                _text(change, "user", "login"), _address(_field(change, "html_url")),
            )
        ]
    return []


def read_gitlab(event: str, payload: Any) -> list[Work]:
    """A push, or a merge request that was merged. Other events hold nothing for us."""
    if event == "Push Hook":
        return _pushed(payload, _text(payload, "project", "path_with_namespace"), _branch(_text(payload, "ref")))
    if event == "Merge Request Hook" and _field(payload, "object_attributes", "action") == "merge":
        change = _field(payload, "object_attributes")
        merged = _field(change, "merged_at") or _text(change, "updated_at")
        return [
            Work(
                "merge", _text(payload, "project", "path_with_namespace"), str(_field(change, "iid")), _text(change, "title"),
                _instant(merged, "object_attributes.updated_at"), _text(change, "target_branch"),
                str(_field(payload, "user", "name") or ""), _address(_field(change, "url")),
            )
        ]
    return []


def _pushed(payload: Any, repository: str, branch: str) -> list[Work]:
    commits = _field(payload, "commits")
    if commits is None:
        return []
    if not isinstance(commits, list):
        raise WorkRejected("commits: not a list")
    return _few_enough([_pushed_commit(commit, repository, branch) for commit in commits])


def _pushed_commit(commit: Any, repository: str, branch: str) -> Work:
    key = _text(commit, "id")
    title = next(iter(_text(commit, "message").strip().splitlines()), key)
    happened_at = _instant(_text(commit, "timestamp"), "commits.timestamp")
    author = str(_field(commit, "author", "name") or "")
    return Work("commit", repository, key, title, happened_at, branch, author, _address(_field(commit, "url")))


def _branch(ref: str) -> str:
    return ref.removeprefix("refs/heads/")


def _field(data: Any, *path: str) -> Any:
    for name in path:
        if not isinstance(data, Mapping):
            return None
        data = data.get(name)
    return data


def _text(data: Any, *path: str) -> str:
    value = _field(data, *path)
    if not isinstance(value, str) or not value:
        raise WorkRejected(f"{'.'.join(path)}: missing")
    return value


def _address(value: Any) -> str:
    """Only addresses a browser opens; anything else is left out."""
    return value if isinstance(value, str) and re.match(r"https?://", value) and len(value) <= 500 else ""


def _instant(text: str, place: str) -> datetime:
    """An instant. A day or a time without a zone is taken as UTC."""
    with suppress(ValueError):
        return _aware(datetime.fromisoformat(text))
    for pattern in (*GIT_DATES, "%Y-%m-%d %H:%M:%S UTC"):
        with suppress(ValueError):
            return _aware(datetime.strptime(text, pattern))  # noqa: DTZ007 made aware below
    raise WorkRejected(f"{place}: “{text[:40]}” is no date")


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _few_enough(found: list[Work]) -> list[Work]:
    if len(found) > MOST_IN_A_FILE:
        raise WorkRejected(f"more than {MOST_IN_A_FILE} entries: send them in parts")
    return found
