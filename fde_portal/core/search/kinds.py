"""Which records can be found. Each app registers its own when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True, slots=True)
class Kind:
    """How one model is indexed and shown. `scope` names the record whose viewers see this one, such as "engagement:12"."""

    model: type[models.Model]
    label: str
    icon: str
    title: Callable[[Any], str]
    scope: Callable[[Any], str]
    url: Callable[[Any], str]
    text: Callable[[Any], Iterable[str]] = lambda record: ()
    detail: Callable[[Any], str] = lambda record: ""
    is_found: Callable[[Any], bool] = lambda record: not record.is_archived
    related: Sequence[str] = ()
    prefetch: Sequence[str] = ()

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    def rows(self) -> models.QuerySet:
        """All records, with what the functions above read of others."""
        return self.model._default_manager.select_related(*self.related).prefetch_related(*self.prefetch)


_kinds: dict[type[models.Model], Kind] = {}


def register_kind(kind: Kind) -> None:
    """Let the records of `kind` be found; results are grouped in the order of registration."""
    _kinds[kind.model] = kind


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


def kind_of(record: models.Model) -> Kind | None:
    return _kinds.get(type(record))
