"""What one person finds: records through their scope, and where the palette can take them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import ROLES_SEEING_EVERYTHING, Permission
from fde_portal.core.search.kinds import Kind, all_kinds
from fde_portal.core.search.matching import matches
from fde_portal.core.search.words import index_words, plain, query_words

AROUND = 60  # characters an excerpt shows on each side of the word


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    url: str
    detail: str = ""
    excerpt: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind. `is_full` says that there may be more than are shown."""

    label: str
    hits: Sequence[Hit]
    kind: str = ""
    is_full: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A page the palette offers by name, such as the form for something new."""

    label: str
    url_name: str
    icon: str
    permission: Permission


# Pages for something new where the person is: called with them and the path of the open page.
Beginnings = Callable[[User, str], list[Hit]]

_scopes: list[Callable[[User], list[str]]] = []
_commands: list[Command] = []
_beginnings: list[Beginnings] = []


def register_scopes(names_of: Callable[[User], list[str]]) -> None:
    """Register which scopes (`Kind.scope`) somebody sees who does not see everything."""
    if names_of not in _scopes:
        _scopes.append(names_of)


def register_command(command: Command) -> None:
    if command not in _commands:
        _commands.append(command)


def register_beginnings(beginnings: Beginnings) -> None:
    if beginnings not in _beginnings:
        _beginnings.append(beginnings)


def search(user: User, text: str, *, per_kind: int, kind: str = "") -> list[Group]:
    """What `user` may see that holds all words of `text`, by kind; kinds with the words in a title come first.

    The scopes narrow the index so that few rows are read. `visible_to` decides what is shown.
    """
    words = query_words(text)
    kinds = [known for known in all_kinds() if kind in {"", known.name}]
    found = matches([known.name for known in kinds], words, _scopes_of(user), limit=per_kind + 1)
    groups = [_group(known, found[known.name], user, words, per_kind) for known in kinds if known.name in found]
    return sorted((group for group in groups if group.hits), key=lambda group: not _in_title(group, words))


def _scopes_of(user: User) -> list[str] | None:
    if user.role in ROLES_SEEING_EVERYTHING:
        return None
    return [name for names_of in _scopes for name in names_of(user)]


def _group(kind: Kind, ids: list[int], user: User, words: Sequence[str], limit: int) -> Group:
    records = kind.rows().visible_to(user).filter(pk__in=ids).in_bulk()
    shown = [records[pk] for pk in ids if pk in records and kind.is_found(records[pk])]
    shown.sort(key=lambda record: _rank(kind.title(record), words))
    hits = [_hit(kind, record, words) for record in shown[:limit]]
    return Group(kind.label, hits, kind.name, is_full=len(shown) > limit)


def _rank(title: str, words: Sequence[str]) -> int:
    """0 when the title begins with what was asked, 1 when it holds it all, 2 when only the text does."""
    if plain(title).startswith(words[0]):
        return 0
    return 1 if _holds(title, words) else 2


def _holds(title: str, words: Sequence[str]) -> bool:
    own = index_words(title).split()
    return all(any(word.startswith(begin) for word in own) for begin in words)


def _in_title(group: Group, words: Sequence[str]) -> bool:
    return any(_holds(hit.title, words) for hit in group.hits)


def _hit(kind: Kind, record: Any, words: Sequence[str]) -> Hit:
    texts = " · ".join(text for text in kind.text(record) if text)
    return Hit(kind.title(record), kind.url(record), kind.detail(record), excerpt(texts, words), kind.icon)


def excerpt(text: str, words: Sequence[str]) -> str:
    """The text around the first of the words; "" when none of them stands there as it was typed."""
    text = " ".join(text.split())
    low = text.lower()
    at = min((place for word in words if (place := low.find(word)) >= 0), default=-1)
    if at < 0:
        return ""
    begin, end = max(0, at - AROUND), at + 2 * AROUND
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")


def commands(user: User, text: str, *, path: str = "") -> list[Hit]:
    """The pages whose names hold all words of `text`; for no words all but what can begin on the page `path`."""
    words = query_words(text)
    offered = [
        Hit(str(command.label), reverse(command.url_name), icon=command.icon)
        for command in _commands
        if user.can(command.permission)
    ]
    if not text.strip():
        return offered
    offered = [hit for begin in _beginnings for hit in begin(user, path)] + offered
    return [hit for hit in offered if words and _holds(hit.title, words)]


for _entry in (
    Command(_("Undo what I just did"), "just_done", "undo", Permission.USE_ACCOUNT),
    Command(_("Profile"), "accounts:profile", "people", Permission.USE_ACCOUNT),
    Command(_("API tokens"), "accounts:tokens", "key", Permission.VIEW_RECORDS),
    Command(_("Organization"), "accounts:organization", "building", Permission.EDIT_ORGANIZATION),
):
    register_command(_entry)
