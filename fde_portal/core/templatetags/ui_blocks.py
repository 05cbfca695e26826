"""Tags for parts of a page: panels, zones, notices, empty states, tabs and paging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from fde_portal.core.templatetags.ui_marks import band, glyph

register = template.Library()


@dataclass(frozen=True)
class Tab:
    """One view beside others: a saved filter, or a page of an engagement."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@register.simple_tag
@cache
def scripts(names: str) -> SafeString:
    """Modules of static/js by name, loaded in this order. Their addresses are those of the release that runs."""
    return mark_safe("\n".join(f'<script type="module" src="{static(f"js/{name}.js")}"></script>' for name in names.split()))


@register.filter
def beside(names: Iterable[Any], values: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    """`{% for year, amount in years|beside:amounts %}`: the columns of a row whose cells name them."""
    return zip(names, values, strict=True)


@register.simple_block_tag
def panel(content: str, title: str, id: str, hint: str = "", foot: str = "", mark: str = "", flush: bool = False) -> str:
    """A section with a heading. `id` is unique on the page; `mark` is "internal" or "shared"; `flush` is for tables."""
    context = {"content": content, "title": title, "id": id, "hint": hint, "foot": foot, "mark": mark, "flush": flush}
    return render_to_string("components/panel.html", context)


@register.simple_block_tag
def zone(content: str, kind: str, title: str, id: str, hint: str = "") -> str:
    """One side of the line in a form: `kind` is "shared" or "internal"."""
    context = {"content": content, "kind": kind, "title": title, "id": id, "hint": hint}
    return render_to_string("components/zone.html", context)


@register.simple_block_tag
def notice(content: str, value: str = "watch", role: str = "") -> SafeString:
    """A sentence that needs reading now. `role="alert"` when it appears after an act."""
    attribute = format_html(' role="{}"', role) if role else ""
    return format_html('<div class="notice {}"{}>{}<div>{}</div></div>', band(value), attribute, glyph(value), content)


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str, url: str = "", action: str = "") -> dict[str, Any]:
    """What belongs here, why it matters, and one button."""
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Tab], label: str) -> dict[str, Any]:
    return {"items": items, "label": label}


@register.inclusion_tag("components/chip.html")
def chip(label: str, url: str, on: bool = False) -> dict[str, Any]:
    """A filter as a link: with a plus it adds itself, with a cross it takes itself away."""
    return {"label": label, "url": url, "on": on}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the pages around the current one; the other parameters of the address stay."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "request": context["request"]}
