"""Templates keep to the content security policy and to gettext."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(
    r"<style\b|\sstyle=|\son[a-z]+=|hx-on|<script(?![^>]*\b(?:src|type=\"application/json\")\b)|javascript:", re.IGNORECASE
)
NAMES = {"FDE Portal", "English"}  # the same in every language
ELSEWHERE = re.compile(r"<(?:script|link|img)[^>]+(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE)


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_inline_script_or_style_and_nothing_from_elsewhere(path: Path) -> None:
    text = without_comments(path.read_text())
    assert INLINE.findall(text) == []
    assert ELSEWHERE.findall(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_visible_word_goes_through_gettext(path: Path) -> None:
    text = without_comments(path.read_text())
    text = re.sub(r"\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{% block \w*class\w* %\}.*?\{% endblock %\}", "", text)
    text = re.sub(r"<(script|svg|kbd|code|pre)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r"\{[%{].*?[%}]\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "\n", text)
    words = [line.strip() for line in text.splitlines() if re.search(r"[A-Za-z]{2,}", re.sub(r"&\w+;", "", line))]
    assert set(words) - NAMES == set()
