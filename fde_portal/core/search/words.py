"""How text becomes words of the index. Chinese has no spaces, so it is cut into pairs of characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

LONGEST_TEXT = 100_000  # characters of one record that are indexed
LONGEST_WORD = 60
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"([{_HAN}]+)|([^\W_{_HAN}]+)")


def plain(text: str) -> str:
    """Small letters without accents, full-width forms made ordinary: Ｍüller and muller are one word."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def index_words(text: str) -> str:
    """The words under which `text` is found, separated by spaces."""
    return " ".join(_words(text[:LONGEST_TEXT], keep_last=True))


def query_words(text: str) -> list[str]:
    """The words that all must occur, the last as a beginning. Single Latin letters say too little and are left out."""
    words = dict.fromkeys(_words(text[:200], keep_last=False))
    return [word for word in words if len(word) > 1 or not word.isascii() or word.isdigit()]


def _words(text: str, *, keep_last: bool) -> Iterator[str]:
    for han, word in _RUNS.findall(plain(text)):
        if han:
            yield from _pairs(han, keep_last=keep_last)
        else:
            yield word[:LONGEST_WORD]


def _pairs(run: str, *, keep_last: bool) -> Iterator[str]:
    """华岭银行 gives 华岭 岭银 银行; in the index also 行, so that each character begins some word."""
    yield from (run[n : n + 2] for n in range(len(run) - 1))
    if keep_last or len(run) == 1:
        yield run[-1]


def as_beginnings(words: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each word, and whether it stands for all that begin with it: the last one is still being typed."""
    for place, word in enumerate(words, start=1):
        yield word, place == len(words) or not (len(word) > 1 or word.isascii())
