"""Short names in addresses, made from what people type."""

from __future__ import annotations

from itertools import chain, count

from django.db import models
from django.utils.text import slugify

# Words that addresses use themselves where a slug could stand, such as /customers/new/.
RESERVED = frozenset({"new"})


def free_slug(name: str, rows: models.QuerySet, *, fallback: str) -> str:
    """A slug for `name` that no row of `rows` has yet.

    Names without Latin letters (华岭银行) give `fallback` and a number; taken ones get a number too.
    """
    longest = rows.model._meta.get_field("slug").max_length - 6
    stem = slugify(name)[:longest].strip("-")
    numbers = (f"{stem or fallback}-{n}" for n in count(2 if stem else 1))
    taken = RESERVED | set(rows.filter(slug__startswith=stem or fallback).values_list("slug", flat=True))
    return next(slug for slug in chain([stem] if stem else [], numbers) if slug not in taken)
