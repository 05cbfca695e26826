"""Addresses of pages that differ in one record only: looking up a route anew for each line costs more than the line."""

from __future__ import annotations

from functools import cache

from django.urls import reverse

_ANY = "any-slug"


def address(route: str, slug: str) -> str:
    """`reverse` of a route whose only argument is a slug."""
    return _pattern(route).replace(_ANY, slug)


@cache
def _pattern(route: str) -> str:
    return reverse(route, args=[_ANY])
