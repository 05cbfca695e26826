"""The Chinese texts are complete, keep their placeholders and are compiled. Needs no gettext tools.

`bin/makemessages` collects the texts. The collection below is plain Python, so that a new text without
a translation fails on every machine.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
ENTRIES = polib.pofile(CATALOGUE)
SOURCES = ("customers", "engagements", "fde_portal")

Text = tuple[str | None, str]

# The names of gettext, and where context and text stand in a call.
CALLS = {
    "gettext": (None, 0),
    "gettext_lazy": (None, 0),
    "_": (None, 0),
    "ngettext": (None, 0),
    "ngettext_lazy": (None, 0),
    "pgettext": (0, 1),
    "pgettext_lazy": (0, 1),
    "npgettext": (0, 1),
    "npgettext_lazy": (0, 1),
}
NAMED = re.compile(r"%\((\w+)\)([sdif])")
MARKUP = re.compile(r"</?\w+[^>]*>")
HAN = r"[\u3400-\u9fff]"
ASCII_PUNCTUATION = re.compile(rf"{HAN}[,.:;!?]|[,:;!?]{HAN}")
NO_SPACE = re.compile(rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}")


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def texts_of_code(code: str) -> Iterator[Text]:
    for call in (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)):
        if name_of(call) not in CALLS:
            continue
        context, text = CALLS[name_of(call)]
        found = literal(call.args[text]) if len(call.args) > text else None
        if found is not None:
            yield (None if context is None else literal(call.args[context])), found


def texts_of_template(source: str) -> Iterator[Text]:
    """Django turns a template into calls of gettext between letters that mean nothing, for xgettext to read."""
    lines = templatize(source)
    for start in re.finditer(r"\b(?:n?p?gettext|_)\(", lines):
        yield from texts_of_code(call_from(lines[start.start() :]))


def call_from(text: str) -> str:
    """The call `text` begins with: up to the first closing bracket that makes it one."""
    for end in re.finditer(r"\)", text):
        try:
            ast.parse(text[: end.end()])
        except SyntaxError:
            continue
        return text[: end.end()]
    return ""


def test_the_collection_reads_what_xgettext_reads():
    template = (
        '{% load i18n %}{% translate "One" %}{% translate "By" context "deadline" %}{{ _("Two") }}'
        "{% blocktranslate count n=3 %}{{ n }} day (one) more{% plural %}{{ n }} days{% endblocktranslate %}"
        '{% panel title=_("Three") %}'
    )
    assert set(texts_of_template(template)) == {
        (None, "One"), ("deadline", "By"), (None, "Two"), (None, "%(n)s day (one) more"), (None, "Three")
    }  # fmt: skip
    code = '_("One"); pgettext("deadline", "By"); ngettext("a", "b", 2); other("No"); self.gettext("Two")'
    assert set(texts_of_code(code)) == {(None, "One"), ("deadline", "By"), (None, "a"), (None, "Two")}


def collected() -> set[Text]:
    found: set[Text] = set()
    for folder in SOURCES:
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                found.update(texts_of_code(path.read_text()))
    for path in (ROOT / "templates").rglob("*.*"):
        if path.suffix in {".html", ".txt"}:
            found.update(texts_of_template(path.read_text()))
    return found


def test_every_text_of_code_and_templates_is_in_the_catalogue_and_none_is_left_over():
    listed = {(entry.msgctxt, entry.msgid) for entry in ENTRIES}
    texts = collected()
    assert sorted(texts - listed, key=str) == [], "run bin/makemessages and translate"
    assert sorted(listed - texts, key=str) == [], "run bin/makemessages"


def test_gettext_is_imported_under_names_the_collection_knows():
    aliases = {
        alias.asname
        for folder in SOURCES
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    assert aliases <= {None, "_"}


def test_every_text_is_translated_and_nothing_is_a_guess():
    assert [entry.msgid for entry in ENTRIES.untranslated_entries()] == []
    assert [entry.msgid for entry in ENTRIES.fuzzy_entries()] == []
    assert [entry.msgid for entry in ENTRIES.obsolete_entries()] == []


def test_chinese_has_one_form():
    assert ENTRIES.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert [entry.msgid for entry in ENTRIES if entry.msgid_plural and set(entry.msgstr_plural) != {0}] == []


def chinese(entry: polib.POEntry) -> str:
    return entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr


@pytest.mark.parametrize("pattern", [NAMED, MARKUP], ids=["placeholders", "markup"])
def test_placeholders_and_markup_survive(pattern):
    # The one Chinese form stands for every number, so it follows the English plural.
    wrong = [
        (entry.msgid, chinese(entry))
        for entry in ENTRIES
        if set(pattern.findall(entry.msgid_plural or entry.msgid)) != set(pattern.findall(chinese(entry)))
    ]
    assert wrong == []


def test_a_percent_sign_is_doubled_where_placeholders_are_filled():
    filled = [entry for entry in ENTRIES if NAMED.search(entry.msgid) or "%%" in entry.msgid]
    stray = [chinese(entry) for entry in filled if "%" in NAMED.sub("", chinese(entry)).replace("%%", "")]
    assert stray == []


def test_chinese_punctuation_is_full_width_and_latin_words_stand_apart():
    plain = [NAMED.sub("", chinese(entry)) for entry in ENTRIES]
    assert [text for text in plain if ASCII_PUNCTUATION.search(text)] == []
    assert [text for text in plain if NO_SPACE.search(MARKUP.sub("", text))] == []
    assert [text for text in plain if "！" in text or "!" in text] == []


def test_a_name_with_a_context_has_the_context_in_chinese_too():
    """The same English word, two Chinese ones: the reason for contexts."""
    words = {(entry.msgctxt, entry.msgid): chinese(entry) for entry in ENTRIES}
    assert words[("of a person", "title")] != words[(None, "title")]
    assert words[("batch", "Accepted")] != words[(None, "Accepted")]


def test_the_compiled_file_says_the_same():
    compiled = {(e.msgctxt, e.msgid): (e.msgid_plural, chinese(e)) for e in polib.mofile(CATALOGUE.with_suffix(".mo"))}
    assert compiled == {(e.msgctxt, e.msgid): (e.msgid_plural, chinese(e)) for e in ENTRIES}, "run bin/makemessages"


def test_the_catalogue_does_not_change_with_every_run():
    assert CATALOGUE.parents[2] in settings.LOCALE_PATHS
    assert "POT-Creation-Date" not in ENTRIES.metadata
    assert [entry.msgid for entry in ENTRIES if entry.occurrences] == []
