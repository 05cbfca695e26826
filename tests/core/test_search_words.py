"""How text is cut into the words of the index, and what a query asks for."""

import pytest

from fde_portal.core.search.words import index_words, query_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Customs copilot", "customs copilot"),
        ("华岭银行", "华岭 岭银 银行 行"),
        ("行", "行"),
        ("质检 AI工具v2", "质检 检 ai 工具 具 v2"),
        ("Ｍüller, Straße 9", "muller strasse 9"),
        ("a_b-c", "a b c"),
        ("'; DROP <b>", "drop b"),
    ],
)
def test_text_becomes_words(text: str, words: str) -> None:
    assert index_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("customs customs", ["customs"]),
        ("银行 pilot", ["银行", "pilot"]),
        ("银", ["银"]),
        ("华岭银行", ["华岭", "岭银", "银行"]),
        ("a 7", ["7"]),
        ("!? \" * :", []),
    ],
)
def test_a_query_asks_for_beginnings_of_words(text: str, words: list[str]) -> None:
    assert query_words(text) == words


def test_a_very_long_word_is_found_by_its_beginning() -> None:
    assert index_words("x" * 5000) == "x" * 60
    assert query_words("x" * 150) == ["x" * 60]
