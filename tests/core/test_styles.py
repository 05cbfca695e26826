"""Style sheets hang together: every file is loaded, colours live in one place, and contrast holds."""

import gzip
import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
JS = CSS.parent / "js"
TEMPLATES = CSS.parents[1] / "templates"
ENTRIES = ("app.css", "public.css", "offline.css")


def imports(entry: str) -> set[str]:
    return set(re.findall(r'@import url\("([^"]+)"\)', (CSS / entry).read_text()))


def test_every_sheet_is_loaded_and_every_loaded_sheet_exists():
    sheets = {str(path.relative_to(CSS)) for path in CSS.rglob("*.css")} - set(ENTRIES)
    assert imports("app.css") | imports("public.css") == sheets


def test_every_script_a_template_names_exists():
    named = {name for path in TEMPLATES.rglob("*.html") for name in re.findall(r'"js/([\w.-]+\.js)"', path.read_text())}
    assert named <= {path.name for path in JS.glob("*.js")}


@pytest.mark.parametrize("path", sorted(CSS.rglob("*.css")), ids=lambda path: str(path.relative_to(CSS)))
def test_colours_are_written_only_among_the_tokens(path):
    if path.name != "tokens.css":
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", path.read_text()) == []


def test_a_public_page_loads_little():
    sheets = [CSS / "public.css", *(CSS / name for name in imports("public.css"))]
    assert sum(len(gzip.compress(path.read_bytes())) for path in sheets) < 25_000


def tokens(scheme: int) -> dict[str, str]:
    """Colours of one scheme: 0 is light, 1 is dark."""
    text, _, _ = (CSS / "tokens.css").read_text().partition("@media print")
    pairs = re.findall(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", text)
    return {name: colours[scheme] for name, *colours in pairs}


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance of an sRGB colour."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent-ink") for ground in ("canvas", "surface", "sunken", "raised")]
TEXT += [(f"{band}-ink", ground) for band in ("good", "watch", "risk") for ground in ("surface", "canvas", f"{band}-soft")]
TEXT += [("on-accent", "accent"), ("accent-ink", "accent-soft"), ("internal-ink", "internal-soft"), ("ink-3", "internal-soft")]
MARKS = [(mark, "surface") for mark in ("control", "good-mark", "watch-mark", "risk-mark", "idle-mark", "accent", "chart-2", "chart-3", "chart-mute")]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_reaches_four_and_a_half_to_one(ink, ground, scheme):
    colours = tokens(scheme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_reach_three_to_one(mark, ground, scheme):
    colours = tokens(scheme)
    assert contrast(colours[mark], colours[ground]) >= 3
