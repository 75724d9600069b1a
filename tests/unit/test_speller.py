"""Words typed by sound become the words of the knowledge base again, and right words stay."""

import pytest

from knowledge.index import Snapshot
from knowledge.speller import Speller

SPELLER = Speller(
    ["优待证怎么办", "优待证丢了", "生存认证", "每年的生存认证", "光荣牌怎么领", "抚恤金", "优待证", "光荣牌"]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("优待正", "优待证"), ("优待正怎么办", "优待证怎么办"), ("光容牌怎么领", "光荣牌怎么领")],
)
def test_repair(typed: str, meant: str) -> None:
    assert SPELLER.repair(typed) == meant


@pytest.mark.parametrize("text", ["优待证怎么办", "光荣牌", "abc", "", "123", "我爸的优待证"])
def test_right_words_stay(text: str) -> None:
    assert SPELLER.repair(text) == text


def test_what_is_not_chinese_stays_in_its_place() -> None:
    assert SPELLER.repair("App里的优待正2023") == "App里的优待证2023"


def test_knows_only_words_of_the_base() -> None:
    assert SPELLER.knows("认证")
    assert not SPELLER.knows("红烧肉")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("优待正", "优待证"), ("身存认证", "生存认证"), ("优待正怎么办", "优待证怎么办"), ("每年的身存认证在哪做", "每年的生存认证在哪做"), ("扶恤金", "抚恤金")],
)  # fmt: skip
def test_homophones_of_the_shipped_base(snapshot: Snapshot, typed: str, meant: str) -> None:
    assert snapshot.matcher.read(typed).repaired == snapshot.matcher.read(meant).repaired
