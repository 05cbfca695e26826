"""Tags for small marks: icons, states, changes, trends and identities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fde_portal.core import charts
from fde_portal.core.charts.scales import Value
from fde_portal.core.formats import initials, signed, slip
from fde_portal.core.messages import undo_path
from fde_portal.core.templatetags.ui_icons import GLYPHS, ICONS

register = template.Library()

# What a program calls a state, and the class and word of the interface for it.
BANDS = {
    "good": "good",
    "on_track": "good",
    "watch": "watch",
    "risk": "risk",
    "at_risk": "risk",
    "idle": "idle",
    "unknown": "idle",
    "": "idle",
    None: "idle",
}
BAND_WORDS = {"good": _("On track"), "watch": _("Watch"), "risk": _("At risk"), "idle": _("Unknown")}


@register.filter
def band(value: str | None) -> str:
    """The class of a state: `on_track` is `good`, `at_risk` is `risk`, what is unknown is `idle`."""
    return BANDS[value if value is None else str(value)]


@register.filter
def band_word(value: str | None) -> str:
    return str(BAND_WORDS[band(value)])


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """One of the icons in `ui_icons`; decoration, so write words beside it or a `vh` text."""
    classes = f"i {extra}".strip()
    return format_html(
        '<svg class="{}" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', classes, mark_safe(ICONS[name])
    )


@register.filter
@cache
def glyph(value: str | None) -> SafeString:
    """The shape of a state: circle, triangle, square or line."""
    return mark_safe(f'<svg class="g" viewBox="0 0 10 10" aria-hidden="true">{GLYPHS[band(value)]}</svg>')


@register.simple_tag
def status(value: str | None, text: str = "", quiet: bool = False) -> SafeString:
    """Shape and word. `quiet` leaves the word to screen readers, where the figure beside it says enough."""
    word = conditional_escape(text or band_word(value))
    inner = f'<span class="vh">{word}</span>' if quiet else word
    return mark_safe(f'<span class="st {band(value)}">{glyph(value)}{inner}</span>')


@register.simple_tag
def pill(value: str | None, text: str = "") -> SafeString:
    return format_html('<span class="pill {}">{}{}</span>', band(value), glyph(value), text or band_word(value))


@register.simple_tag
def delta(value: float | None, digits: int = 0, good: str = "up") -> SafeString:
    """A change. Green in the `good` direction, red in the other; `good="none"` stays grey."""
    if value is None:
        return mark_safe("")
    return format_html('<span class="delta {}">{}</span>', delta_tone(value, good), signed(value, digits))


def delta_tone(value: float, good: str) -> str:
    if value == 0 or good == "none":
        return ""
    return "up" if (value > 0) == (good == "up") else "down"


@register.simple_tag
def slip_text(days: int | None) -> SafeString:
    """"on plan", "7 d early" in green, "14 d late" in red, up to nine days in amber."""
    tone = "" if not days else "up" if days < 0 else "warn" if days < 10 else "down"
    return format_html('<span class="delta {}">{}</span>', tone, slip(days))


@register.simple_tag
def spark(values: Sequence[Value], value_band: str | None = None, reference: float | None = None) -> SafeString:
    return mark_safe(charts.spark_svg(values, band(value_band), reference))


@register.simple_tag
def bar(value: Value, target: Value = None, value_band: str | None = None) -> SafeString:
    """Progress towards `target`; with a band the bar is grey on track, amber on watch and red at risk."""
    return mark_safe(charts.bar_svg(value, target, band(value_band) if value_band else ""))


@register.simple_tag
def mosaic_mini(columns: Iterable[tuple[float, Value, str]]) -> SafeString:
    """From (weight, score, band) of each component."""
    return mark_safe(charts.mosaic_svg((weight, score, band(state)) for weight, score, state in columns))


@register.simple_tag
def distribution(counts: Iterable[tuple[str, int]], label: str) -> SafeString:
    safe_label = conditional_escape(label)
    return mark_safe(charts.distribution_svg(((band(state), count) for state, count in counts), safe_label))


@register.simple_tag
def confidence(level: int, word: str) -> SafeString:
    """Three blocks, `level` of them filled, and the word: never the blocks alone."""
    blocks = "".join(
        f'<rect class="{"on" if step < level else "off"}" x="{step * 8}" width="6" height="10" rx="1.5"/>'
        for step in range(3)
    )
    return format_html(
        '<span class="conf"><svg width="22" height="10" aria-hidden="true">{}</svg>{}</span>', mark_safe(blocks), word
    )


@register.simple_tag
def they_see(text: str = "") -> SafeString:
    return format_html('<span class="they-see">{}{}</span>', icon("eye"), text or gettext("Customer sees"))


@register.simple_tag
def only_us(text: str = "") -> SafeString:
    return format_html('<span class="only-us">{}{}</span>', icon("lock"), text or gettext("Only us"))


@register.simple_tag
def logo(name: str, extra: str = "", mark: str = "") -> SafeString:
    """Letters for an organization: sizes `sm` and `lg`, `vendor` for our own."""
    classes = f"logo {extra}".strip()
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, mark or initials(name))


@register.simple_tag
def avatar(name: str) -> SafeString:
    return format_html('<span class="avatar" aria-hidden="true">{}</span>', initials(name))


@register.filter
def undo_url(message: Any) -> str:
    """The path a message offers to undo at, or ""."""
    return undo_path(message.extra_tags)
