"""The many ways of writing one thing come to one form."""

import pytest

from knowledge.normalise import Words, bare, simplify
from tests.journeys.world import snapshot_of

WORDS = Words({"老兵证": "优待证", "咋办": "怎么办", "咋": "怎么", "唔該": "谢谢", "退伍证": "退役证"})


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\uff21\uff30\uff30\uff11\uff12\uff0c", "app12,"), ("優待證怎麼辦", "优待证怎么办"), ("補助", "补助"),
        ("優\u200b待\u200d證", "优待证"), ("\u202e优待证\u202c", "优待证"), ("\ufeff优待证\ufe0f", "优待证"), ("APP", "app"),
        ("\u2460", "1"), ("  优待证 ", "优待证"), ("優待證\u0000", "优待证"), ("ℌ", "h"),
    ],
)  # fmt: skip
def test_simplify(text: str, plain: str) -> None:
    assert simplify(text) == plain


def test_simplifying_twice_changes_nothing() -> None:
    once = simplify("\uff21優待證,補助怎麼領\uff1f")
    assert simplify(once) == once


def test_bare_drops_signs_and_spaces() -> None:
    assert bare("优 待_证,怎么办?!(急)") == "优待证怎么办急"


@pytest.mark.parametrize(
    ("said", "standard"),
    [
        ("老兵证咋办", "优待证怎么办"),
        ("咋领", "怎么领"),
        ("唔该", "谢谢"),
        ("退伍证丢了", "退役证丢了"),
        ("没有方言", "没有方言"),
    ],
)
def test_dialect_and_wrong_words(said: str, standard: str) -> None:
    assert WORDS.standard(said) == standard


def test_no_words_at_all() -> None:
    assert Words({}).standard("优待证") == "优待证"


@pytest.mark.parametrize(
    "text",
    [
        "優待證怎麼辦",
        "\u202e优待证怎么办",
        "优\u200b待\u200b证怎么办",
        "老兵证怎么办",
        "优待证咋整",
        "优待证啷个办",
        "优 待 证 怎 么 办",
    ],
)
def test_all_are_understood_the_same(text: str) -> None:
    snapshot = snapshot_of()
    assert snapshot.matcher.read(text).repaired == snapshot.matcher.read("优待证怎么办").repaired
